package io.backstay.recovery.restore;

import java.util.ArrayList;
import java.util.List;

/// Those of the [RecoveryCases] that take many statements.
final class LongCases {
    private LongCases() {}

    static RecoveryCases statements() {
        return new RecoveryCases(
                "statements in a world of rows",
                List.of(
                        "CREATE DATABASE d",
                        "CREATE TABLE d.t(id INT PRIMARY KEY,v INT)",
                        "INSERT INTO d.t VALUES(1,1),(2,2),(3,3)",
                        "CREATE TABLE d.s(id INT AUTO_INCREMENT PRIMARY KEY,v DOUBLE,w VARCHAR(50),x DATETIME(6))",
                        "CREATE TABLE d.audit(id INT AUTO_INCREMENT PRIMARY KEY,w VARCHAR(50))",
                        "CREATE TABLE d.counter(n INT PRIMARY KEY)",
                        "INSERT INTO d.counter VALUES(1)",
                        "CREATE TABLE d.folded(id INT PRIMARY KEY,v VARCHAR(20))",
                        "INSERT INTO d.folded VALUES(1,'a')",
                        "CREATE TRIGGER d.tr AFTER INSERT ON d.s FOR EACH ROW INSERT INTO d.audit(w) VALUES(CONCAT('s',NEW.id))",
                        "CREATE FUNCTION d.f() RETURNS INT DETERMINISTIC MODIFIES SQL DATA BEGIN UPDATE counter SET n=n+1; RETURN 5; END"),
                List.of(
                        "INSERT INTO d.folded VALUES(2,'b')",
                        "SET SESSION binlog_format='STATEMENT'",
                        "USE d",
                        "SET @u=3, TIMESTAMP=1700000000.25",
                        "INSERT INTO s(v) SELECT RAND()*@u FROM t",
                        "INSERT INTO s(v) VALUES(LAST_INSERT_ID())",
                        "SET @w=_latin1 X'e4' COLLATE latin1_german2_ci, @d=12.50, @i=18446744073709551615, @z=NULL",
                        "INSERT INTO s(v,w,x) VALUES(@d,CONCAT(@w,COLLATION(@w),@i,IFNULL(@z,'null')),NOW(6))",
                        "UPDATE s SET v=v+1 WHERE v<2 ORDER BY id LIMIT 3",
                        "SET sql_mode='ANSI_QUOTES,PIPES_AS_CONCAT', time_zone='+05:45'",
                        "INSERT INTO \"s\"(w,x) VALUES('a'||'b',FROM_UNIXTIME(1700000000))",
                        "SET sql_mode='', time_zone='+00:00'",
                        "SET NAMES latin1",
                        "INSERT INTO s(w) VALUES('x')",
                        "SET NAMES utf8mb4",
                        "SET auto_increment_increment=10, auto_increment_offset=3",
                        "INSERT INTO s(w) VALUES('ten'),('twenty')",
                        "SET auto_increment_increment=1, auto_increment_offset=1",
                        "CREATE TEMPORARY TABLE tt AS SELECT * FROM t",
                        "INSERT INTO t SELECT id+1000,v FROM tt",
                        "FLUSH BINARY LOGS",
                        "INSERT INTO t SELECT id+2000,v FROM tt",
                        "SET @x=f()",
                        "INSERT INTO t VALUES(50,f())",
                        "SET SESSION binlog_format='ROW'",
                        "UPDATE t SET v=v+1",
                        "INSERT INTO s(w) VALUES('row')",
                        "INSERT INTO folded VALUES(3,'c')",
                        "BEGIN",
                        "INSERT INTO t VALUES(60,1)",
                        "SAVEPOINT sp",
                        "INSERT INTO t VALUES(61,1)",
                        "ROLLBACK TO sp",
                        "INSERT INTO t VALUES(62,1)",
                        "COMMIT"));
    }

    static RecoveryCases keyEquality() {
        var base = new ArrayList<String>(List.of("CREATE DATABASE d", "USE d"));
        var log = new ArrayList<String>(List.of("USE d", "SET NAMES utf8mb4"));
        String[] collations = {
            "utf8mb4_general_ci",
            "utf8mb4_unicode_ci",
            "utf8mb4_unicode_520_nopad_ci",
            "utf8mb4_uca1400_ai_ci",
            "utf8mb4_bin",
            "latin1_german2_ci"
        };
        for (int i = 0; i < collations.length; i++) {
            String set = collations[i].startsWith("latin1") ? "latin1" : "utf8mb4";
            String k = "k" + i;
            base.add(
                    "CREATE TABLE %s(k VARCHAR(20) CHARACTER SET %s COLLATE %s PRIMARY KEY,n INT)"
                            .formatted(k, set, collations[i]));
            base.add("INSERT INTO %s VALUES('Strasse',1),('x',5),('Kaffee',7)".formatted(k));
            log.add("UPDATE %s SET k='STRASSE' WHERE n=1".formatted(k));
            log.add("DELETE FROM %s WHERE k='straße'".formatted(k));
            log.add("INSERT INTO %s VALUES('é',2)".formatted(k));
            log.add("UPDATE %s SET k='E' WHERE n=2".formatted(k));
            log.add("UPDATE %s SET k='x ' WHERE n=5".formatted(k));
            log.add("REPLACE INTO %s VALUES('kaffee',8)".formatted(k));
        }
        String[] keys = {
            "BINARY(16)",
            "CHAR(4) CHARACTER SET latin1",
            "DECIMAL(10,4)",
            "DATETIME(3)",
            "FLOAT",
            "DOUBLE",
            "TIME(6)",
            "BIT(9)",
            "ENUM('a','B','c')",
            "SET('p','q','r')",
            "YEAR",
            "DATE",
            "VARBINARY(9)",
            "TIMESTAMP(2)"
        };
        String[][] values = {
            {"X'0100'", "X'0120'", "X'02'"},
            {"'a'", "'b '", "'c'"},
            {"1.5", "-1.5", "0"},
            {"'2024-01-01 00:00:00.001'", "'2024-01-01'", "'2025-01-01'"},
            {"0.1", "-0.0", "1e10"},
            {"0.1", "-0.0", "1e300"},
            {"'-10:00:00.000001'", "'00:00:00'", "'838:59:59'"},
            {"1", "256", "511"},
            {"'a'", "'b'", "'c'"},
            {"'p'", "'p,q'", "''"},
            {"2000", "1901", "2155"},
            {"'2024-02-29'", "'1000-01-01'", "'9999-12-31'"},
            {"X'00'", "X''", "X'0909'"},
            {"'2024-01-01 00:00:00.25'", "'2001-01-01 00:00:00'", "'2037-01-01 00:00:00'"}
        };
        for (int i = 0; i < keys.length; i++) {
            String t = "t" + i;
            base.add("CREATE TABLE %s(k %s PRIMARY KEY,n INT)".formatted(t, keys[i]));
            base.add("INSERT INTO %s VALUES(%s,1),(%s,2)".formatted(t, values[i][0], values[i][1]));
            log.add("UPDATE %s SET n=n+10".formatted(t));
            log.add("UPDATE %s SET k=%s WHERE n=11".formatted(t, values[i][2]));
            log.add("INSERT INTO %s VALUES(%s,3)".formatted(t, values[i][0]));
            log.add("DELETE FROM %s WHERE n=12".formatted(t));
        }
        base.add("CREATE TABLE pre(k VARCHAR(20),n INT,PRIMARY KEY(k(2)))");
        base.add("INSERT INTO pre VALUES('abc',1),('xyz',2)");
        log.add("UPDATE pre SET k='abd' WHERE n=1");
        log.add("UPDATE pre SET k='xxx' WHERE n=2");
        base.add(
                "CREATE TABLE pair(a VARCHAR(9) COLLATE utf8mb4_general_ci,b INT,n INT,PRIMARY KEY(a,b))");
        base.add("INSERT INTO pair VALUES('a',1,1),('A',2,2)");
        log.add("UPDATE pair SET a='A' WHERE n=1");
        log.add("DELETE FROM pair WHERE a='a' AND b=2");
        return new RecoveryCases("keys that are equal but not the same", base, log);
    }

    static List<String> duplicates() {
        var log =
                new ArrayList<String>(
                        List.of(
                                "DELETE FROM d.n WHERE a=1 LIMIT 1",
                                "UPDATE d.n SET b=b+1e-7 LIMIT 1"));
        for (int i = 0; i < 10; i++) {
            log.add("INSERT INTO d.n SELECT * FROM d.n");
        }
        log.add("DELETE FROM d.n LIMIT 700");
        log.add("UPDATE d.u SET b=2 WHERE a IS NULL LIMIT 1");
        log.add("INSERT INTO d.u VALUES(NULL,1),(NULL,NULL)");
        log.add("UPDATE d.nn SET a=3 WHERE a=1");
        log.add("DELETE FROM d.nn WHERE a=2");
        return log;
    }

    static RecoveryCases hidden() {
        return new RecoveryCases(
                "what the log hides",
                List.of(
                        "CREATE DATABASE d",
                        "CREATE TABLE d.g(id INT PRIMARY KEY,a INT,v INT AS (a+1) VIRTUAL,s INT AS (a+2) STORED,i INT INVISIBLE DEFAULT 5,KEY(v),CHECK(a<1000))",
                        "CREATE TABLE d.gk(a INT,s INT AS (a*2) STORED,n INT,UNIQUE KEY(s))",
                        "INSERT INTO d.g(id,a) VALUES(1,1),(2,2)",
                        "INSERT INTO d.gk(a,n) VALUES(1,1),(2,2)",
                        "CREATE TABLE d.audit(id INT AUTO_INCREMENT PRIMARY KEY,w INT)",
                        "CREATE TRIGGER d.tr AFTER UPDATE ON d.g FOR EACH ROW INSERT INTO d.audit(w) VALUES(NEW.a)",
                        "CREATE TABLE d.pr(id INT PRIMARY KEY,v INT) PARTITION BY RANGE(id) (PARTITION a VALUES LESS THAN (10), PARTITION b VALUES LESS THAN MAXVALUE)",
                        "INSERT INTO d.pr VALUES(1,1),(20,20)",
                        "CREATE SEQUENCE d.q START WITH 10 INCREMENT BY 5",
                        "CREATE TABLE d.ai(id INT AUTO_INCREMENT PRIMARY KEY)",
                        "INSERT INTO d.ai VALUES(1),(2),(3)"),
                List.of(
                        "UPDATE d.g SET a=a+1",
                        "INSERT INTO d.g(id,a,i) VALUES(3,3,9)",
                        "UPDATE d.gk SET a=10 WHERE n=1",
                        "DELETE FROM d.gk WHERE n=2",
                        "UPDATE d.pr SET id=30 WHERE id=1",
                        "DELETE FROM d.ai WHERE id=3",
                        "INSERT INTO d.ai VALUES(NULL)",
                        "DO NEXTVAL(d.q)",
                        "INSERT INTO d.ai VALUES(NEXTVAL(d.q))",
                        "CREATE PROCEDURE d.p() SELECT 1",
                        "CREATE EVENT d.ev ON SCHEDULE EVERY 1 DAY DO DELETE FROM d.ai",
                        "CREATE USER case1 IDENTIFIED BY 'word'",
                        "GRANT SELECT ON d.* TO case1",
                        "UPDATE d.g SET a=7 WHERE id=3"));
    }
}
