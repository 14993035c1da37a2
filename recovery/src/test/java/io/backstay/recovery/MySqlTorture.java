package io.backstay.recovery;

/// Statements that make the schema `torture` on MySQL: column types at their edges, and one of each
/// kind of program and account.
final class MySqlTorture {
    private MySqlTorture() {}

    static String[] statements() {
        return STATEMENTS.clone();
    }

    /// Changes of every table of [#statements], of every kind, on the same keys again and again.
    static String[] changes() {
        return CHANGES.clone();
    }

    private static final String[] CHANGES = {
        "SET SESSION sql_mode = 'NO_AUTO_VALUE_ON_ZERO'",
        """
        INSERT INTO torture.k (id, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x, vec, ucs, gb, la, geo, u32, f2, dz, inv) VALUES
          (7, -1, 65535, 8388607, 1, -99999999999999999999999999999999999.999999999999999999999999999999, -3.4028235e38, 4.9e-324,
           b'1000000000000000000000000000000000000000000000000000000000000001', b'011111111', 1901, '1000-01-01', '-00:00:00.000001',
           '0000-00-00 00:00:00', '1970-01-01 00:00:01.000001', 'ende', 'tab\\\tnl\nnul\0', X'ff00', X'', 'é', '', X'00', 'x', 'q,r',
           '{"z": [null, true, false, -1, 18446744073709551615, 1.5e300, "q\\\\"\\\\\\\\\\\\u0001€😀"], "": {"deep": [[[{}]]]}, "n": -9223372036854775808}',
           STRING_TO_VECTOR('[0,-0.5,1e30]'), '😀', _gbk X'b5c4', _latin1 X'80ff', ST_GeomFromText('POLYGON((0 0,0 1,1 1,0 0))', 4326),
           '😀', -0.0001, 0, NULL)""",
        "INSERT INTO torture.k (id, a, d, x) VALUES (8, NULL, NULL, NULL), (9, 9, 9, '[]'), (10, 10, 10, '\"just text\"')",
        "UPDATE torture.k SET a = 5, x = JSON_SET(x, '$.n', 1), n = '2038-01-19 03:14:07.999999' WHERE id = 7",
        "UPDATE torture.k SET id = 11 WHERE id = 9",
        "UPDATE torture.k SET t = REPEAT('long ', 60000), u = REPEAT(X'00ff', 30000) WHERE id = 0",
        "DELETE FROM torture.k WHERE id = 8",
        "INSERT INTO torture.k (id, a, d) VALUES (8, 88, 88)",
        "DELETE FROM torture.k WHERE id = 10",
        "INSERT INTO torture.nokey VALUES (1, 0.1, 'x'), (2, -0.0, 'ß')",
        "UPDATE torture.nokey SET b = b + 1 WHERE a IS NULL OR a = 1 LIMIT 2",
        "DELETE FROM torture.nokey WHERE a = 2",
        "INSERT INTO torture.nokey VALUES (2, 0.25, 'y')",
        "INSERT INTO torture.hidden_key VALUES (3, 'z')",
        "UPDATE torture.hidden_key SET c = 'w' WHERE a = 1 LIMIT 1",
        "UPDATE torture.`a``b.c` SET `k ``y` = 'STRASSE' WHERE n = 4",
        "INSERT INTO torture.`a``b.c` VALUES ('new', 17)",
        "INSERT INTO torture.parent VALUES (2, 20), (3, 30)",
        "INSERT INTO torture.child VALUES (2, 20), (3, 30)",
        "DELETE FROM torture.child WHERE id = 1",
        "DELETE FROM torture.parent WHERE id = 2",
        "SET SESSION foreign_key_checks = 0",
        "DELETE FROM torture.parent WHERE id = 3",
        "SET SESSION foreign_key_checks = 1",
        "INSERT INTO torture.empty VALUES (4), (5)",
        "UPDATE torture.parts SET a = 200 WHERE a = 1",
        "INSERT INTO torture.parts VALUES (1, 9), (3, 3)",
        "DELETE FROM torture.parts WHERE a = 100",
        "UPDATE torture.typed SET d = JSON_SET(d, '$.dec', CAST(2.20 AS DECIMAL(10,2)), '$.date', 'none'), v = 10 WHERE id = 1",
        "UPDATE torture.typed SET e = JSON_ARRAY(CAST(3.30 AS DECIMAL(5,2)), e, CAST('1999-12-31' AS DATE)) WHERE id IN (2, 3)",
        "INSERT INTO torture.typed SELECT id + 100, e, v, d FROM torture.typed WHERE id <> 4",
        "DELETE FROM torture.typed WHERE id = 4",
        "INSERT INTO torture.typed_heap SELECT e FROM torture.typed",
    };

    private static final String[] STATEMENTS = {
        "SET SESSION sql_mode = 'NO_AUTO_VALUE_ON_ZERO'",
        "CREATE DATABASE torture",
        """
        CREATE TABLE torture.k (
          id BIGINT UNSIGNED PRIMARY KEY, a TINYINT, b SMALLINT UNSIGNED ZEROFILL, c MEDIUMINT, d INT UNSIGNED,
          e DECIMAL(65,30), f FLOAT, g DOUBLE, h BIT(64), i BIT(9), j YEAR, k DATE, l TIME(6), m DATETIME(6),
          n TIMESTAMP(6) NULL, o CHAR(10), p VARCHAR(100), q BINARY(16), r VARBINARY(40), s TINYTEXT, t LONGTEXT,
          u BLOB, v ENUM('x','y','','\\t'), w SET('p','q','r'), x JSON, vec VECTOR(3),
          ucs VARCHAR(20) CHARACTER SET utf16, gb VARCHAR(20) CHARACTER SET gbk, la VARCHAR(20) CHARACTER SET latin1,
          geo GEOMETRY, gen INT AS (a + 1) VIRTUAL, sto INT AS (a + 2) STORED, inv INT DEFAULT 5 INVISIBLE,
          u32 TEXT CHARACTER SET utf32, f2 FLOAT(7,4), dz DECIMAL(8,3) ZEROFILL,
          KEY by_p (p, a), UNIQUE KEY by_d (d), KEY by_expression ((a * 2)), CONSTRAINT positive CHECK (j >= 0))
          ENGINE=InnoDB COMMENT 'it''s, a "table",\\n KEY'""",
        """
        INSERT INTO torture.k (id, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x, vec, ucs, gb, la, geo, u32, f2, dz) VALUES
          (18446744073709551615, -128, 7, -8388608, 4294967295, 12345678901234567890123456789012345.123456789012345678901234567890,
           1.17549e-38, 2.2250738585072014e-308, b'1111111111111111111111111111111111111111111111111111111111111111', b'100000000',
           0, '0000-00-00', '-838:59:58.000001', '2024-00-15 00:00:00.000001', '2024-10-27 01:30:00.123456', 'pad  ', 'a\\\\b\\tc\\nd\\re\\0f\\Z''"',
           X'00112233445566778899aabbccddee20', X'005c090a0d00ff', 'ü€😀', REPEAT('x\\\\', 70000), REPEAT(X'5c000a', 5000), 'y', 'p,r',
           '{"a" : 1.10,  "b":[1, "ü\\\\t\\\\\\\\"]}', STRING_TO_VECTOR('[1,2.5,-3]'), 'a\\\\ä\\t', _gbk X'815c', _latin1 X'e45c09',
           ST_GeomFromText('POINT(1 2)', 4326), 'x\\\\y', 123.4567, 12.5)""",
        """
        INSERT INTO torture.k (id, a, e, f, g, h, i, j, k, l, m, o, p, q, r, v, w, d, u32) VALUES
          (0, 127, -0.000000000000000000000000000001, -0.0, -1.7976931348623157e308, 0, 1, 2155, '9999-12-31', '838:59:59',
           '9999-12-31 23:59:59.999999', '', '', '', '', '', '', 0, '')""",
        "INSERT INTO torture.k (id, v, f, g) VALUES (5, 'no such member', 3.4028235e38, 0.1)",
        "CREATE TABLE torture.nokey (a INT, b FLOAT, c VARCHAR(9))",
        "INSERT INTO torture.nokey VALUES (1, 0.1, 'x'), (1, 0.1, 'x'), (NULL, NULL, NULL)",
        "SET SESSION sql_generate_invisible_primary_key = ON",
        "CREATE TABLE torture.hidden_key (a INT, c VARCHAR(9))",
        "SET SESSION sql_generate_invisible_primary_key = OFF",
        "INSERT INTO torture.hidden_key VALUES (1, 'x'), (1, 'x'), (NULL, NULL)",
        "DELETE FROM torture.hidden_key WHERE a IS NULL",
        "CREATE TABLE torture.`a``b.c` (`k ``y` VARCHAR(20) COLLATE utf8mb4_0900_ai_ci PRIMARY KEY, n INT AUTO_INCREMENT, KEY (n))",
        "INSERT INTO torture.`a``b.c` VALUES ('Strasse', 4), ('x ', 0)",
        "CREATE TABLE torture.parent (id INT PRIMARY KEY, v INT, UNIQUE KEY (v))",
        "CREATE TABLE torture.child (id INT PRIMARY KEY, pid INT, CONSTRAINT fk FOREIGN KEY (pid) REFERENCES parent (v) ON DELETE CASCADE)",
        "INSERT INTO torture.parent VALUES (1, 10)",
        "INSERT INTO torture.child VALUES (1, 10)",
        "CREATE TABLE torture.empty (a INT PRIMARY KEY)",
        "CREATE TABLE torture.parts (a INT, b INT, PRIMARY KEY (a, b)) PARTITION BY RANGE (a) (PARTITION p0 VALUES LESS THAN (10), PARTITION p1 VALUES LESS THAN MAXVALUE)",
        "INSERT INTO torture.parts VALUES (1, 1), (100, 2)",
        "CREATE FUNCTION torture.f(x INT) RETURNS INT DETERMINISTIC RETURN x + 1",
        "CREATE PROCEDURE torture.p() INSERT INTO torture.nokey (a) VALUES (7)",
        "CREATE VIEW torture.av AS SELECT id FROM torture.k",
        "CREATE VIEW torture.v AS SELECT torture.f(1) AS one, id FROM torture.av",
        "CREATE TRIGGER torture.tr AFTER INSERT ON torture.empty FOR EACH ROW INSERT INTO torture.nokey (a) VALUES (NEW.a)",
        "CREATE EVENT torture.ev ON SCHEDULE EVERY 1 DAY DO DELETE FROM torture.empty",
        "CREATE TABLE torture.typed (id INT PRIMARY KEY, d JSON, v INT, e JSON)",
        "CREATE TABLE torture.typed_heap (v JSON)",
        """
        INSERT INTO torture.typed VALUES
          (1, JSON_OBJECT('dec', CAST(1.10 AS DECIMAL(10,2)), 'date', CAST('2024-01-02' AS DATE), 'k"\\\\.[0] ü', JSON_ARRAY(1, CAST('-10:11:12.5' AS TIME(6)),
             JSON_OBJECT('at', CAST('2024-01-02 03:04:05.000006' AS DATETIME(6))), X'0102ff', CAST(5 AS DECIMAL(40,0)), JSON_ARRAY(JSON_ARRAY(CAST(0.000 AS DECIMAL(5,3))))),
             'plain', '1.50', 'double', 1.5e0), 1, NULL),
          (2, '{"a": [1, 2, {"b": 1.5}], "c": "m1:DECIMAL|"}', 2, CAST(CAST(7.10 AS DECIMAL(5,2)) AS JSON)),
          (3, NULL, 3, '[]'), (4, '{}', 4, JSON_ARRAY(CAST('00:00:00' AS TIME))), (5, JSON_OBJECT('x', CAST(-12345678901234567890.5 AS DECIMAL(40,10))), 5, '"a\\\\tb"')""",
        "INSERT INTO torture.typed_heap SELECT d FROM torture.typed",
        "CREATE TABLE torture.bytes (b BLOB, d LONGBLOB, e VARBINARY(9))",
        "INSERT INTO torture.bytes VALUES ('22', REPEAT('4', 70000), X'00ff')",
        "INSERT INTO torture.typed_heap SELECT JSON_ARRAY(b, d, e) FROM torture.bytes",
        "CREATE ROLE reader",
        "CREATE USER w@localhost IDENTIFIED BY 'secret-word' COMMENT 'its DEFAULT ROLE is ''none'''",
        "GRANT SELECT ON torture.* TO reader",
        "GRANT BACKUP_ADMIN ON *.* TO reader",
        "GRANT reader TO w@localhost",
        "SET DEFAULT ROLE reader TO w@localhost",
        "GRANT EXECUTE ON FUNCTION torture.f TO w@localhost",
    };
}
