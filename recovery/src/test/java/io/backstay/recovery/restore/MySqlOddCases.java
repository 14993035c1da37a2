package io.backstay.recovery.restore;

import java.util.List;

/// What of MySQL is met seldom: keys that come later, indexes on expressions, views of several
/// kinds, statements that change several tables, transactions that hold nothing.
final class MySqlOddCases {
    private static final String STATEMENTS = "SET SESSION binlog_format='STATEMENT'";
    private static final String ROWS = "SET SESSION binlog_format='ROW'";

    private MySqlOddCases() {}

    static RecoveryCases tables() {
        return new RecoveryCases(
                "tables that are odd",
                List.of(
                        "CREATE DATABASE d",
                        "USE d",
                        "CREATE TABLE fi(id INT PRIMARY KEY,a INT,b VARCHAR(20),j JSON,KEY e((a+1)),KEY l((LOWER(b))),KEY m((CAST(j->'$.t' AS CHAR(9) ARRAY))))",
                        "INSERT INTO fi VALUES(1,1,'Ab','{\"t\": [\"x\", \"y\"]}'),(2,2,'Cd',NULL)",
                        "CREATE TABLE nokey(a INT,j JSON,g POINT,d DATETIME(6))",
                        "INSERT INTO nokey VALUES(1,'[1, 2]',POINT(1,2),'2024-01-01'),(1,'[1, 2]',POINT(1,2),'2024-01-01')",
                        "CREATE TABLE pt(id INT,k INT,v INT,PRIMARY KEY(id,k)) PARTITION BY RANGE(k) SUBPARTITION BY HASH(id) SUBPARTITIONS 2"
                                + " (PARTITION a VALUES LESS THAN (10), PARTITION b VALUES LESS THAN (20))",
                        "INSERT INTO pt VALUES(1,1,1),(2,11,2)",
                        "CREATE TABLE vec(id INT PRIMARY KEY,v VECTOR(3))",
                        "INSERT INTO vec VALUES(1,STRING_TO_VECTOR('[1,2,3]'))",
                        "CREATE TABLE gen(a INT,b INT AS (a*2) STORED,c INT AS (a*3) VIRTUAL,PRIMARY KEY(b),KEY(c))",
                        "INSERT INTO gen(a) VALUES(1),(2)",
                        "CREATE TABLE up(id BIGINT UNSIGNED PRIMARY KEY,b BIT(64),y YEAR,e ENUM('','a') NOT NULL,s SET('p','q'),t TIME(6),f FLOAT,x DECIMAL(65,30),c CHAR(0))",
                        "SET sql_mode=''",
                        "INSERT INTO up VALUES(18446744073709551615,18446744073709551615,0,'wrong','p,q','-838:59:58.000001',1.17549e-38,0.1,''),(0,0,2155,'','',0,-0.0,-1,NULL)"),
                List.of(
                        "USE d",
                        "UPDATE fi SET a=a+1,b=UPPER(b),j=JSON_SET(j,'$.t[0]','z')",
                        "DELETE FROM nokey LIMIT 1",
                        "INSERT INTO nokey SELECT * FROM nokey",
                        "UPDATE pt SET k=12 WHERE id=1",
                        "UPDATE vec SET v=STRING_TO_VECTOR('[4,5,6]')",
                        "UPDATE gen SET a=10 WHERE a=1",
                        "UPDATE up SET f=f*2,b=b>>1,t='12:00:00.5'",
                        "ALTER TABLE fi DROP KEY e, ADD KEY e2((a*2)), RENAME COLUMN id TO ident",
                        "UPDATE fi SET a=a+1,b=CONCAT(b,'+')",
                        "ALTER TABLE nokey ADD id INT AUTO_INCREMENT PRIMARY KEY FIRST",
                        "UPDATE nokey SET a=id",
                        "ALTER TABLE pt REORGANIZE PARTITION b INTO (PARTITION b VALUES LESS THAN (15), PARTITION c VALUES LESS THAN MAXVALUE)",
                        "UPDATE pt SET k=99,v=v+1",
                        "ALTER TABLE pt REMOVE PARTITIONING",
                        "ALTER TABLE pt RENAME TO pt2, ADD KEY(v)",
                        "INSERT INTO pt2 VALUES(7,7,7)",
                        "CREATE INDEX i1 ON vec(id)",
                        "UPDATE vec SET v=NULL",
                        "ALTER TABLE gen MODIFY b INT AS (a*4) STORED",
                        "INSERT INTO gen(a) VALUES(5)",
                        "ALTER TABLE up MODIFY e ENUM('b','a','') NOT NULL, MODIFY y SMALLINT, ENGINE=InnoDB",
                        "UPDATE up SET f=f*2",
                        "CREATE TABLE li LIKE gen",
                        "INSERT INTO li(a) SELECT a FROM gen",
                        "CREATE TABLE ck(id INT PRIMARY KEY,v INT,CONSTRAINT pos CHECK(v>0))",
                        "INSERT INTO ck VALUES(1,1)",
                        "ALTER TABLE ck ALTER CHECK pos NOT ENFORCED",
                        "INSERT INTO ck VALUES(2,-1)",
                        "ANALYZE TABLE ck UPDATE HISTOGRAM ON v",
                        "OPTIMIZE TABLE ck",
                        "INSERT INTO ck VALUES(3,-3)"));
    }

    static RecoveryCases statements() {
        return new RecoveryCases(
                "statements that are odd",
                List.of(
                        "CREATE DATABASE d",
                        "CREATE DATABASE e",
                        "USE d",
                        "CREATE TABLE a(id INT PRIMARY KEY,v INT)",
                        "CREATE TABLE b(id INT PRIMARY KEY,v INT)",
                        "CREATE TABLE c(id INT PRIMARY KEY,v INT)",
                        "CREATE TABLE e.z(id INT AUTO_INCREMENT PRIMARY KEY,v INT,w VARCHAR(40))",
                        "INSERT INTO a VALUES(1,1),(2,2),(3,3)",
                        "INSERT INTO b VALUES(1,10),(2,20),(3,30)",
                        "INSERT INTO c VALUES(1,100)",
                        "CREATE VIEW va AS SELECT * FROM a WHERE v<100 WITH CHECK OPTION",
                        "CREATE VIEW vv AS SELECT * FROM va",
                        "CREATE PROCEDURE pr(IN n INT) BEGIN DECLARE x INT DEFAULT 0; SELECT MAX(v) INTO x FROM b; UPDATE a SET v=v+n+x; END",
                        "CREATE FUNCTION rnd() RETURNS INT NOT DETERMINISTIC READS SQL DATA RETURN FLOOR(RAND()*1000)"),
                List.of(
                        "USE d",
                        "UPDATE c SET v=v+1",
                        STATEMENTS,
                        "UPDATE a,b SET a.v=b.v+a.v,b.v=a.v WHERE a.id=b.id",
                        "DELETE FROM a WHERE id=3 OR v>1000 ORDER BY id LIMIT 1",
                        "UPDATE vv SET v=v+1",
                        "INSERT INTO vv VALUES(7,7)",
                        "CALL pr(3)",
                        "INSERT INTO e.z(v,w) VALUES(rnd(),UUID_SHORT()*0)",
                        "SET @a='x\\'y',@b=X'00ff',@c=-9223372036854775808,@d=1e300,@j=JSON_OBJECT('a',1)",
                        "INSERT INTO e.z(v,w) VALUES(1,CONCAT(@a,HEX(@b),@c,@d,@j))",
                        "INSERT INTO e.z(v,w) SELECT FLOOR(RAND()*1000),LAST_INSERT_ID() FROM a",
                        "BEGIN",
                        "INSERT INTO e.z(v) VALUES(5)",
                        "SAVEPOINT s1",
                        "INSERT INTO e.z(v) VALUES(6)",
                        "ROLLBACK TO s1",
                        "INSERT INTO e.z(v) VALUES(LAST_INSERT_ID())",
                        "COMMIT",
                        "XA START 'x'",
                        "INSERT INTO e.z(v,w) VALUES(8,'xa')",
                        "XA END 'x'",
                        "XA PREPARE 'x'",
                        "~INSERT INTO d.c VALUES(50,50)",
                        "XA COMMIT 'x'",
                        "INSERT INTO a VALUES(1,0) ON DUPLICATE KEY UPDATE v=v*2",
                        "REPLACE INTO a SELECT id,v+1 FROM b",
                        "WITH q AS (SELECT id FROM b) UPDATE a JOIN q USING(id) SET a.v=a.v+1",
                        "CREATE TEMPORARY TABLE tmp(id INT AUTO_INCREMENT PRIMARY KEY,v INT)",
                        "INSERT INTO tmp(v) SELECT v FROM b ORDER BY id",
                        "FLUSH BINARY LOGS",
                        "INSERT INTO a SELECT id+100,v FROM tmp",
                        "ALTER TABLE tmp ADD w INT DEFAULT 5",
                        "INSERT INTO a SELECT id+200,w FROM tmp",
                        "DROP TEMPORARY TABLE tmp",
                        ROWS,
                        "UPDATE a SET v=v+1",
                        "BEGIN",
                        "COMMIT",
                        "CREATE OR REPLACE VIEW va AS SELECT * FROM c",
                        STATEMENTS,
                        "UPDATE vv SET v=v+1",
                        "DROP VIEW vv, va",
                        "RENAME TABLE d.c TO e.c",
                        "INSERT INTO e.c VALUES(9,9)",
                        ROWS,
                        "UPDATE e.c SET v=v+1",
                        "DROP DATABASE d",
                        "CREATE DATABASE d",
                        "CREATE TABLE d.a(id INT PRIMARY KEY,n VARCHAR(9))",
                        "INSERT INTO d.a VALUES(1,'anew')"));
    }
}
