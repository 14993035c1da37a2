package io.backstay.recovery.restore;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// The hard cases as MySQL knows them: those of [RecoveryCases] and [HiddenCases], in its words,
/// and its own.
final class MySqlCases {
    private static final String STATEMENTS = "SET SESSION binlog_format='STATEMENT'";
    private static final String ROWS = "SET SESSION binlog_format='ROW'";

    private MySqlCases() {}

    static List<RecoveryCases> all() {
        return Stream.concat(
                        Stream.concat(RecoveryCases.all().stream(), HiddenCases.all().stream())
                                .filter(c -> !c.name().equals("types that a fold has no text for"))
                                .map(
                                        c ->
                                                new RecoveryCases(
                                                        c.name(),
                                                        inItsWords(c.base()),
                                                        inItsWords(c.log()))),
                        Stream.of(
                                documents(),
                                images(),
                                definitions(),
                                programs(),
                                sessions(),
                                families(),
                                MySqlOddCases.tables(),
                                MySqlOddCases.statements()))
                .toList();
    }

    private static List<String> inItsWords(List<String> statements) {
        var all = new ArrayList<String>();
        for (String sql : statements) {
            if (sql.contains("SEQUENCE")
                    || sql.contains("NEXTVAL")
                    || sql.contains("INTO d.my VALUES(50")) {
                continue;
            }
            if (sql.equals("CREATE OR REPLACE TABLE r(z INT PRIMARY KEY)")) {
                all.add("DROP TABLE r");
            } else if (sql.equals(ROWS)) {
                all.add("DROP TEMPORARY TABLE IF EXISTS d.tt");
            } else if (sql.startsWith("EXECUTE IMMEDIATE")) {
                all.add("PREPARE s FROM 'UPDATE d.dynamic SET v=v+1'");
            }
            all.add(
                    sql.replace("OR REPLACE TABLE", "TABLE")
                            .replace("utf8mb4_unicode_520_nopad_ci", "utf8mb4_ja_0900_as_cs")
                            .replace("utf8mb4_uca1400_ai_ci", "utf8mb4_0900_ai_ci")
                            .replace("u UUID", "u VARCHAR(36)")
                            .replace("DATABASE empty", "DATABASE `empty`")
                            .replace("USE empty", "USE `empty`")
                            .replace("UPDATE .w", "UPDATE w")
                            .replaceFirst("^EXECUTE IMMEDIATE.*", "EXECUTE s"));
        }
        return all;
    }

    private static RecoveryCases documents() {
        return new RecoveryCases(
                "differences of JSON values",
                List.of(
                        "CREATE DATABASE d",
                        "CREATE TABLE d.j(id INT PRIMARY KEY,d JSON,n INT,e JSON,t VARCHAR(9) AS (d->>'$.s') STORED,KEY(t))",
                        "INSERT INTO d.j(id,d,n,e) VALUES(1,'{\"a\": [1, {\"b\": 2}], \"n\": 1, \"t\": \"x\", \"s\": \"p\"}',1,'{\"k\": 1, \"l\": [1, 2, 3]}')",
                        "INSERT INTO d.j(id,d,n,e) VALUES(2,JSON_OBJECT('m',CAST(1.10 AS DECIMAL(30,20)),'t',CAST('23:59:59.5' AS TIME(6)),'x',REPEAT('y',70000)),2,'[]')",
                        "CREATE TABLE d.nokey(d JSON,n INT)",
                        "INSERT INTO d.nokey VALUES('{\"a\": 1, \"b\": \"xxxxxxxxxxxxxxxxxxxxx\"}',1),('{\"a\": 1, \"b\": \"xxxxxxxxxxxxxxxxxxxxx\"}',2)"),
                List.of(
                        "UPDATE d.j SET n=n+1",
                        "SET SESSION binlog_row_value_options='PARTIAL_JSON'",
                        "UPDATE d.j SET d=JSON_SET(d,'$.a[1].b',REPEAT('x',70000)), e=JSON_REMOVE(e,'$.k') WHERE id=1",
                        "UPDATE d.j SET d=JSON_REPLACE(d,'$.n',CAST(1.10 AS DECIMAL(30,20)),'$.t',CAST('23:59:59.999999' AS TIME(6)))",
                        "UPDATE d.j SET d=JSON_SET(d,'$.s','q','$.u',TRUE),id=3 WHERE id=1",
                        "SET SESSION binlog_row_image='MINIMAL'",
                        "UPDATE d.j SET e=JSON_ARRAY_INSERT(e,'$.l[1]',9),d=JSON_REPLACE(d,'$.s','r')",
                        "UPDATE d.nokey SET d=JSON_SET(d,'$.b','y') WHERE n=1",
                        "SET SESSION binlog_row_image='FULL'",
                        "UPDATE d.j SET d='{\"s\": \"whole\"}' WHERE id=3",
                        "UPDATE d.j SET d=JSON_REPLACE(d,'$.s','part') WHERE id=3",
                        "INSERT INTO d.j(id,d,n,e) VALUES(4,JSON_OBJECT('b',CAST(X'00ff' AS BINARY)),4,'1')",
                        "UPDATE d.j SET d=JSON_SET(d,'$.b','z') WHERE id=4",
                        "DELETE FROM d.j WHERE id=2",
                        "SET SESSION binlog_row_value_options=''",
                        "UPDATE d.j SET n=n+1"));
    }

    private static RecoveryCases images() {
        return new RecoveryCases(
                "REPLACE under images that lack columns",
                List.of(
                        "CREATE DATABASE d",
                        "CREATE TABLE d.a(id INT PRIMARY KEY,a INT DEFAULT 5,b BLOB,k INT UNIQUE,c DATETIME(6) DEFAULT CURRENT_TIMESTAMP(6))",
                        "CREATE TABLE d.b(k INT UNIQUE,a INT DEFAULT 5,b BLOB)",
                        "CREATE TABLE d.c(k INT NOT NULL UNIQUE,a INT DEFAULT (3+4),b BLOB,i INT INVISIBLE DEFAULT 9)",
                        "INSERT INTO d.a(id,a,b,k) VALUES(1,6,'xx',1),(2,7,'yy',2),(3,8,REPEAT('z',3000),3)",
                        "INSERT INTO d.b VALUES(1,9,'b'),(2,9,'c'),(NULL,9,'d'),(NULL,9,'d')",
                        "INSERT INTO d.c(k,a,b,i) VALUES(1,9,'b',1),(2,9,'c',2)"),
                List.of(
                        "SET SESSION binlog_row_image='MINIMAL'",
                        "REPLACE INTO d.a(id) VALUES(1)",
                        "REPLACE INTO d.a(id,k) VALUES(9,2)",
                        "REPLACE INTO d.b(k) VALUES(1)",
                        "REPLACE INTO d.c(k) VALUES(1)",
                        "INSERT INTO d.a(id,a) VALUES(3,4) ON DUPLICATE KEY UPDATE a=a+1",
                        "SET SESSION binlog_row_image='NOBLOB'",
                        "REPLACE INTO d.a(id,a) VALUES(3,5)",
                        "REPLACE INTO d.b(k) VALUES(2)",
                        "REPLACE INTO d.c(k,a) VALUES(2,4)",
                        "UPDATE d.b SET a=4 WHERE k IS NULL LIMIT 1",
                        "ALTER TABLE d.c ALTER a SET DEFAULT 70, ALTER i SET DEFAULT 71",
                        "INSERT INTO d.c(k) VALUES(3)",
                        "SET SESSION binlog_row_image='FULL'",
                        "UPDATE d.b SET a=a+1",
                        "DELETE FROM d.a WHERE id=3"));
    }

    private static RecoveryCases definitions() {
        return new RecoveryCases(
                "definitions of MySQL",
                List.of(
                        "CREATE DATABASE d DEFAULT CHARACTER SET latin1",
                        "USE d",
                        "CREATE TABLE t(id INT PRIMARY KEY,v VARCHAR(20))",
                        "INSERT INTO t VALUES(1,'a'),(2,'b')",
                        "CREATE TABLE s(id INT PRIMARY KEY,v VARCHAR(20))",
                        "INSERT INTO s VALUES(1,'x')",
                        "CREATE TABLE f(id INT PRIMARY KEY,v INT)",
                        "INSERT INTO f VALUES(1,1)",
                        "CREATE TABLE g(id INT PRIMARY KEY,a INT,e ENUM('x','y','z'))",
                        "INSERT INTO g VALUES(1,1,'x'),(2,2,'z')",
                        "SET SESSION sql_generate_invisible_primary_key=ON",
                        "CREATE TABLE hidden(a INT)",
                        "INSERT INTO hidden VALUES(5),(5)"),
                List.of(
                        "USE d",
                        "UPDATE f SET v=v+1",
                        "SET SESSION binlog_transaction_compression=ON",
                        "UPDATE t SET v=CONCAT(v,'1')",
                        "ALTER TABLE t ADD COLUMN w VARCHAR(9) DEFAULT (CONCAT('d','d')) INVISIBLE",
                        "UPDATE t SET v=CONCAT(v,'2'),w=id",
                        "SET SESSION binlog_transaction_compression=OFF",
                        "ALTER TABLE g ADD COLUMN v INT AS (a*2) VIRTUAL, ADD COLUMN st INT AS (a*3) STORED, ADD INDEX fi ((a+1))",
                        "INSERT INTO g(id,a,e) VALUES(3,3,'y')",
                        "ALTER TABLE g MODIFY e ENUM('z','y','x'), ALTER INDEX fi INVISIBLE",
                        "UPDATE g SET a=a+10 WHERE e='z'",
                        "ALTER TABLE g DROP COLUMN v, ALGORITHM=INPLACE",
                        "UPDATE g SET a=a+1",
                        "CREATE TABLE made AS SELECT id,v FROM t",
                        "INSERT INTO made VALUES(7,'seven')",
                        "CREATE TABLE sel(PRIMARY KEY(id)) IGNORE SELECT 1 AS id,'q' AS v UNION ALL SELECT 1,'r'",
                        "UPDATE sel SET v='s'",
                        "SET SESSION sql_generate_invisible_primary_key=ON",
                        "CREATE TABLE hidden2(a INT)",
                        "INSERT INTO hidden2 VALUES(6),(6)",
                        "CREATE TABLE hidden3 AS SELECT a FROM hidden",
                        "SET SESSION sql_generate_invisible_primary_key=OFF",
                        "UPDATE hidden SET a=7 LIMIT 1",
                        "ALTER TABLE hidden ADD b INT DEFAULT 4",
                        "DELETE FROM hidden LIMIT 1",
                        "ALTER DATABASE d DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin",
                        "CREATE TABLE later(v VARCHAR(9) PRIMARY KEY)",
                        "INSERT INTO later VALUES('a'),('A')",
                        "ALTER TABLE t CONVERT TO CHARACTER SET utf8mb4",
                        "INSERT INTO t VALUES(5,'\u65e5')",
                        "RENAME TABLE t TO x, s TO t, x TO s",
                        "INSERT INTO t VALUES(9,'was s')",
                        "CREATE TABLE one(id INT PRIMARY KEY)",
                        "CREATE TABLE two(id INT PRIMARY KEY)",
                        "DROP TABLE one, two",
                        "-DROP TABLE made, none",
                        "CREATE TABLESPACE ts ADD DATAFILE 'ts.ibd'",
                        "CREATE TABLE ints(id INT PRIMARY KEY) TABLESPACE ts",
                        "INSERT INTO ints VALUES(1)",
                        "DROP TABLE ints",
                        "DROP TABLESPACE ts",
                        "SET SESSION innodb_strict_mode=OFF",
                        "CREATE TABLE loose(id INT PRIMARY KEY) ROW_FORMAT=COMPRESSED KEY_BLOCK_SIZE=8",
                        "INSERT INTO loose VALUES(1)",
                        "UPDATE f SET v=v+1"));
    }

    private static RecoveryCases programs() {
        return new RecoveryCases(
                "programs and accounts",
                List.of(
                        "CREATE DATABASE d",
                        "CREATE USER caseowner",
                        "GRANT ALL ON d.* TO caseowner",
                        "CREATE TABLE d.t(id INT PRIMARY KEY,v INT)",
                        "INSERT INTO d.t VALUES(1,1)",
                        "SET sql_mode='ANSI_QUOTES',time_zone='+03:00'",
                        "CREATE DEFINER=caseowner EVENT d.old ON SCHEDULE EVERY 1 DAY DO DELETE FROM d.t WHERE id=77"),
                List.of(
                        "UPDATE d.t SET v=v+1",
                        "CREATE USER case1 IDENTIFIED BY 'wo''rd'",
                        "GRANT SELECT, EXECUTE ON d.* TO case1",
                        "CREATE ROLE caserole",
                        "GRANT caserole TO case1",
                        "SET DEFAULT ROLE caserole TO case1",
                        "SET sql_mode='PIPES_AS_CONCAT',time_zone='+05:45'",
                        "CREATE DEFINER=caseowner EVENT d.ev ON SCHEDULE EVERY 1 DAY DO UPDATE d.t SET v=v WHERE 'a'||'b'='ab'",
                        "CREATE DEFINER=caseowner FUNCTION d.f(x INT) RETURNS VARCHAR(20) NO SQL RETURN 'x'||x",
                        "CREATE PROCEDURE d.p() BEGIN UPDATE d.t SET v=v+1; INSERT INTO d.t SELECT MAX(id)+1,5 FROM d.t; END",
                        "CREATE DEFINER=caseowner TRIGGER d.tr BEFORE UPDATE ON d.t FOR EACH ROW SET NEW.v=NEW.v+100",
                        "SET sql_mode='',time_zone='+00:00'",
                        "CREATE DEFINER=caseowner SQL SECURITY DEFINER VIEW d.w AS SELECT v FROM d.t",
                        "CALL d.p()",
                        STATEMENTS,
                        "CALL d.p()",
                        "UPDATE d.w SET v=v+2",
                        "ALTER EVENT d.old RENAME TO d.older",
                        "DROP TRIGGER d.tr",
                        "UPDATE d.t SET v=d.f(3)='x3'",
                        ROWS,
                        "UPDATE d.t SET v=v+1"));
    }

    private static RecoveryCases sessions() {
        return new RecoveryCases(
                "sessions that are set oddly",
                List.of(
                        "CREATE DATABASE d",
                        "CREATE TABLE d.t(id INT AUTO_INCREMENT PRIMARY KEY,v VARCHAR(50),x TIMESTAMP(6) NULL)",
                        "INSERT INTO d.t(v) VALUES('a')",
                        "CREATE DATABASE `d\u00e4`",
                        "CREATE TABLE `d\u00e4`.`t\u00e4`(id INT PRIMARY KEY,v INT)",
                        "INSERT INTO `d\u00e4`.`t\u00e4` VALUES(1,1)"),
                List.of(
                        "USE d",
                        "UPDATE t SET v='b'",
                        "SET default_collation_for_utf8mb4='utf8mb4_general_ci'",
                        "CREATE TABLE general(v VARCHAR(9) CHARACTER SET utf8mb4)",
                        "SET default_collation_for_utf8mb4=DEFAULT",
                        "SET explicit_defaults_for_timestamp=0, sql_mode=''",
                        "CREATE TABLE implicit(a TIMESTAMP,b TIMESTAMP,c INT)",
                        "SET explicit_defaults_for_timestamp=1",
                        "INSERT INTO implicit(c) VALUES(1)",
                        "SET collation_server='latin1_bin'",
                        "CREATE DATABASE bin",
                        "CREATE TABLE bin.t(v VARCHAR(9))",
                        STATEMENTS,
                        "SET time_zone='+05:45', TIMESTAMP=1700000000.25, lc_time_names='de_DE'",
                        "INSERT INTO t(v,x) VALUES(DATE_FORMAT('2024-03-01','%W %M'),NOW(6))",
                        "SET TIMESTAMP=DEFAULT, time_zone='+00:00', lc_time_names='en_US'",
                        "SET insert_id=50",
                        "INSERT INTO t(v) VALUES('fifty')",
                        "SET auto_increment_increment=7, auto_increment_offset=3",
                        "INSERT INTO t(v) VALUES('x'),('y')",
                        "SET auto_increment_increment=1, auto_increment_offset=1",
                        "INSERT INTO t(v) SELECT CONCAT(v,'+') FROM t ORDER BY id",
                        "SET NAMES gbk",
                        "INSERT INTO t(v) VALUES(_utf8mb4 X'E697A5')",
                        "SET NAMES utf8mb4",
                        "USE `d\u00e4`",
                        "UPDATE `t\u00e4` SET v=v+1",
                        "SET NAMES latin1",
                        "UPDATE d.t SET v=CONCAT(v,'l')",
                        ROWS,
                        "SET NAMES utf8mb4",
                        "UPDATE `t\u00e4` SET v=v+1",
                        "ALTER TABLE d.t MODIFY x DATETIME(6)"));
    }

    /// Parents and children in both lanes; what the server does to children is in the log.
    private static RecoveryCases families() {
        return new RecoveryCases(
                "families in both lanes",
                List.of(
                        "CREATE DATABASE d",
                        "USE d",
                        "CREATE TABLE p(id INT PRIMARY KEY,v INT)",
                        "CREATE TABLE c(id INT PRIMARY KEY,pid INT,v INT,FOREIGN KEY(pid) REFERENCES p(id) ON DELETE CASCADE ON UPDATE CASCADE)",
                        "CREATE TABLE g(id INT PRIMARY KEY,cid INT,FOREIGN KEY(cid) REFERENCES c(id) ON DELETE SET NULL)",
                        "CREATE TABLE log(id INT AUTO_INCREMENT PRIMARY KEY,w INT)",
                        "CREATE TRIGGER tr AFTER DELETE ON c FOR EACH ROW INSERT INTO log(w) VALUES(OLD.id)",
                        "INSERT INTO p VALUES(1,1),(2,2),(3,3),(4,4),(5,5)",
                        "INSERT INTO c VALUES(1,1,1),(2,2,2),(3,3,3),(4,4,4),(5,5,5)",
                        "INSERT INTO g VALUES(1,1),(2,2),(3,3),(4,4),(5,5)"),
                List.of(
                        "USE d",
                        "DELETE FROM p WHERE id=1",
                        "UPDATE p SET id=20 WHERE id=2",
                        "ALTER TABLE c ADD w INT DEFAULT 3",
                        "DELETE FROM p WHERE id=20",
                        "SET SESSION binlog_row_image='MINIMAL'",
                        "UPDATE p SET id=30 WHERE id=3",
                        "DELETE FROM p WHERE id=30",
                        "SET SESSION binlog_row_image='FULL'",
                        "INSERT INTO p VALUES(30,30)",
                        "INSERT INTO c VALUES(30,30,30,30)",
                        STATEMENTS,
                        "UPDATE p SET id=40 WHERE id=4",
                        "DELETE FROM p WHERE id=40",
                        ROWS,
                        "DELETE FROM p WHERE id=5",
                        "SET foreign_key_checks=0",
                        "DELETE FROM p WHERE id=30",
                        "SET foreign_key_checks=1",
                        "UPDATE c SET v=v+1"));
    }
}
