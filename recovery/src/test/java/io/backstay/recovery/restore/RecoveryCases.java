package io.backstay.recovery.restore;

import java.util.List;

/// The hard cases of recovery, as statements: each a base, then what the log holds.
///
/// A statement that begins with `-` is expected to fail, one that begins with `~` is another
/// session's.
record RecoveryCases(String name, List<String> base, List<String> log) {

    @Override
    public String toString() {
        return name;
    }

    static List<RecoveryCases> all() {
        return List.of(
                new RecoveryCases(
                        "keys that move",
                        List.of(
                                "CREATE DATABASE d",
                                "CREATE TABLE d.t(id INT PRIMARY KEY,v VARCHAR(9))",
                                "INSERT INTO d.t VALUES(1,'a'),(2,'b'),(3,'c')"),
                        List.of(
                                "UPDATE d.t SET id=10 WHERE id=1",
                                "DELETE FROM d.t WHERE id=10",
                                "UPDATE d.t SET id=20 WHERE id=2",
                                "INSERT INTO d.t VALUES(2,'z')",
                                "UPDATE d.t SET id=id+100 ORDER BY id DESC",
                                "-UPDATE d.t SET id=103 WHERE id=120")),
                new RecoveryCases(
                        "unique keys swapped in a cycle",
                        List.of(
                                "CREATE DATABASE d",
                                "CREATE TABLE d.u(id INT PRIMARY KEY,k INT UNIQUE,n INT,UNIQUE(n))",
                                "INSERT INTO d.u VALUES(1,11,NULL),(2,22,NULL),(3,33,5)"),
                        List.of(
                                "BEGIN",
                                "UPDATE d.u SET k=NULL WHERE id=1",
                                "UPDATE d.u SET k=11 WHERE id=2",
                                "UPDATE d.u SET k=22 WHERE id=3",
                                "UPDATE d.u SET k=33 WHERE id=1",
                                "COMMIT",
                                "REPLACE INTO d.u VALUES(9,11,5)")),
                new RecoveryCases(
                        "foreign keys that cascade",
                        List.of(
                                "CREATE DATABASE d",
                                "CREATE DATABASE e",
                                "CREATE TABLE d.p(id INT PRIMARY KEY)",
                                "CREATE TABLE d.c(id INT PRIMARY KEY,pid INT, FOREIGN KEY(pid) REFERENCES d.p(id) ON DELETE CASCADE ON UPDATE CASCADE)",
                                "CREATE TABLE d.g(id INT PRIMARY KEY,cid INT NULL, FOREIGN KEY(cid) REFERENCES d.c(id) ON DELETE SET NULL)",
                                "CREATE TABLE e.x(id INT PRIMARY KEY,pid INT, FOREIGN KEY(pid) REFERENCES d.p(id) ON DELETE CASCADE ON UPDATE CASCADE)",
                                "CREATE TABLE d.cp(a INT,b INT,PRIMARY KEY(a,b))",
                                "CREATE TABLE d.cc(id INT PRIMARY KEY,a INT,b INT,FOREIGN KEY(a,b) REFERENCES d.cp(a,b) ON UPDATE CASCADE ON DELETE CASCADE)",
                                "CREATE TABLE d.tree(id INT PRIMARY KEY,up INT,FOREIGN KEY(up) REFERENCES d.tree(id) ON DELETE CASCADE)",
                                "CREATE TABLE d.apart(id INT PRIMARY KEY)",
                                "INSERT INTO d.p VALUES(1),(2),(3)",
                                "INSERT INTO d.c VALUES(1,1),(2,1),(3,2),(4,3)",
                                "INSERT INTO d.g VALUES(1,1),(2,2),(3,3),(4,4)",
                                "INSERT INTO e.x VALUES(1,1),(2,2),(3,3)",
                                "INSERT INTO d.cp VALUES(1,1),(2,2)",
                                "INSERT INTO d.cc VALUES(1,1,1),(2,2,2)",
                                "INSERT INTO d.tree VALUES(1,NULL),(2,1),(3,2),(4,NULL)"),
                        List.of(
                                "INSERT INTO d.c VALUES(9,2)",
                                "UPDATE d.p SET id=7 WHERE id=1",
                                "UPDATE d.p SET id=8 WHERE id=7",
                                "UPDATE d.cp SET a=5 WHERE a=1",
                                "DELETE FROM d.p WHERE id=8",
                                "INSERT INTO d.p VALUES(8)",
                                "INSERT INTO d.c VALUES(1,8)",
                                "DELETE FROM d.tree WHERE id=1",
                                "SET foreign_key_checks=0",
                                "DELETE FROM d.p WHERE id=2",
                                "SET foreign_key_checks=1",
                                "INSERT INTO d.apart VALUES(1)")),
                new RecoveryCases(
                        "row images that switch",
                        List.of(
                                "CREATE DATABASE d",
                                "CREATE TABLE d.m(id INT, a INT DEFAULT 5, b BLOB, c DATETIME(6) DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6), PRIMARY KEY(id))",
                                "CREATE TABLE d.f(id INT PRIMARY KEY, v INT)",
                                "CREATE TABLE d.n(a INT, b BLOB)",
                                "INSERT INTO d.m(id,b) VALUES(9,REPEAT('x',3000))",
                                "INSERT INTO d.n VALUES(1,'x'),(1,'x')"),
                        List.of(
                                "SET SESSION binlog_row_image='MINIMAL'",
                                "INSERT INTO d.m(id) VALUES(1)",
                                "UPDATE d.m SET a=6 WHERE id=1",
                                "UPDATE d.m SET a=6 WHERE id=9",
                                "UPDATE d.n SET a=2 LIMIT 1",
                                "SET SESSION binlog_row_image='NOBLOB'",
                                "UPDATE d.m SET a=7 WHERE id=1",
                                "UPDATE d.m SET id=2 WHERE id=1",
                                "UPDATE d.m SET a=7 WHERE id=9",
                                "ALTER TABLE d.m ALTER a SET DEFAULT 9",
                                "INSERT INTO d.m(id) VALUES(3)",
                                "SET SESSION binlog_row_image='FULL'",
                                "DELETE FROM d.m WHERE id=2",
                                "INSERT INTO d.f VALUES(1,1)")),
                new RecoveryCases(
                        "tables that change identity",
                        List.of(
                                "CREATE DATABASE d",
                                "CREATE TABLE d.t(id INT PRIMARY KEY,v VARCHAR(9))",
                                "INSERT INTO d.t VALUES(1,'a'),(2,'b')",
                                "CREATE TABLE d.s(id INT PRIMARY KEY,v VARCHAR(9))",
                                "INSERT INTO d.s VALUES(1,'a'),(2,'b')",
                                "CREATE TABLE d.r LIKE d.t",
                                "CREATE TABLE d.`o.d``d`(id INT PRIMARY KEY)",
                                "INSERT INTO d.`o.d``d` VALUES (1)",
                                "CREATE TABLE d.pt(id INT PRIMARY KEY) PARTITION BY RANGE(id) (PARTITION p0 VALUES LESS THAN (10), PARTITION p1 VALUES LESS THAN (20))",
                                "CREATE TABLE d.x(id INT PRIMARY KEY)",
                                "INSERT INTO d.pt VALUES(1),(11)",
                                "INSERT INTO d.x VALUES(5)",
                                "CREATE DATABASE gone",
                                "CREATE TABLE gone.t(id INT PRIMARY KEY)"),
                        List.of(
                                "UPDATE d.t SET v='c' WHERE id=1",
                                "TRUNCATE d.t",
                                "INSERT INTO d.t VALUES(1,'n')",
                                "TRUNCATE TABLE d.s",
                                "USE d",
                                "DROP TABLE t",
                                "CREATE TABLE t(a VARCHAR(5) PRIMARY KEY,b INT)",
                                "INSERT INTO t VALUES('k',1),('l',2)",
                                "CREATE TABLE t_gho LIKE t",
                                "ALTER TABLE t_gho ADD COLUMN c INT DEFAULT 7",
                                "INSERT INTO t_gho(a,b) SELECT a,b FROM t",
                                "RENAME TABLE t TO t_del, t_gho TO t",
                                "INSERT INTO t VALUES('m',3,4)",
                                "DROP TABLE t_del",
                                "INSERT INTO `o.d``d` VALUES (2)",
                                "ALTER TABLE `o.d``d` ADD w INT",
                                "INSERT INTO `o.d``d` VALUES (3,3)",
                                "ALTER TABLE pt EXCHANGE PARTITION p0 WITH TABLE x",
                                "INSERT INTO x VALUES(6)",
                                "ALTER TABLE pt TRUNCATE PARTITION p1",
                                "CREATE OR REPLACE TABLE r(z INT PRIMARY KEY)",
                                "INSERT INTO r VALUES(4)",
                                "CREATE TABLE made AS SELECT * FROM t",
                                "UPDATE made SET b=b+1",
                                "CREATE VIEW v AS SELECT a FROM t",
                                "DROP DATABASE gone",
                                "CREATE DATABASE fresh",
                                "CREATE TABLE fresh.t(id INT PRIMARY KEY)",
                                "INSERT INTO fresh.t VALUES(1)")),
                new RecoveryCases(
                        "definitions that change",
                        List.of(
                                "CREATE DATABASE d",
                                "CREATE TABLE d.e(id INT PRIMARY KEY,a ENUM('x','y','z'),b INT,s SET('p','q')) CHARACTER SET utf8mb4",
                                "INSERT INTO d.e VALUES(1,'x',1,'p'),(2,'z',2,'p,q'),(3,NULL,NULL,'')",
                                "CREATE TABLE d.k(a INT,b INT)",
                                "INSERT INTO d.k VALUES(1,2),(3,4)"),
                        List.of(
                                "USE d",
                                "UPDATE e SET b=9 WHERE id=2",
                                "ALTER TABLE e MODIFY b INT AFTER id",
                                "UPDATE e SET b=1",
                                "ALTER TABLE e MODIFY a ENUM('z','x','y','w')",
                                "ALTER TABLE e ADD COLUMN d VARCHAR(9) DEFAULT 'dd', ALGORITHM=INSTANT",
                                "INSERT INTO e VALUES(4,4,'w','q','é')",
                                "ALTER TABLE e DROP COLUMN b, ADD COLUMN b BIGINT UNSIGNED DEFAULT 3",
                                "ALTER TABLE e CONVERT TO CHARACTER SET latin1",
                                "UPDATE e SET d='ab' WHERE id<3",
                                "SET sql_mode=''",
                                "ALTER TABLE e MODIFY d VARCHAR(1)",
                                "INSERT INTO k VALUES(5,6)",
                                "ALTER TABLE k ADD PRIMARY KEY(a)",
                                "UPDATE k SET b=7 WHERE a=5",
                                "ALTER TABLE k DROP PRIMARY KEY, ADD PRIMARY KEY(b)",
                                "UPDATE k SET a=8 WHERE b=7")),
                new RecoveryCases(
                        "XA in two halves",
                        List.of(
                                "CREATE DATABASE d",
                                "CREATE TABLE d.t(id INT PRIMARY KEY,v INT)",
                                "INSERT INTO d.t VALUES(1,1),(2,2),(3,3)"),
                        List.of(
                                "XA START 'a'",
                                "UPDATE d.t SET v=10 WHERE id=1",
                                "INSERT INTO d.t VALUES(4,4)",
                                "XA END 'a'",
                                "XA PREPARE 'a'",
                                "~FLUSH BINARY LOGS",
                                "~INSERT INTO d.t VALUES(6,6)",
                                "XA COMMIT 'a'",
                                "XA START 'b'",
                                "DELETE FROM d.t WHERE id=2",
                                "XA END 'b'",
                                "XA PREPARE 'b'",
                                "XA ROLLBACK 'b'",
                                "XA START 'c'",
                                "INSERT INTO d.t VALUES(5,5)",
                                "XA END 'c'",
                                "XA COMMIT 'c' ONE PHASE")),
                LongCases.statements(),
                LongCases.keyEquality(),
                new RecoveryCases(
                        "duplicates without a key",
                        List.of(
                                "CREATE DATABASE d",
                                "CREATE TABLE d.n(a INT,b FLOAT,c VARCHAR(9))",
                                "INSERT INTO d.n VALUES(1,0.1,'x'),(1,0.1,'x'),(1,0.1,'X')",
                                "CREATE TABLE d.u(a INT,b INT,UNIQUE(a))",
                                "INSERT INTO d.u VALUES(NULL,1),(NULL,1),(1,1)",
                                "CREATE TABLE d.nn(a INT NOT NULL,b INT,UNIQUE(a))",
                                "INSERT INTO d.nn VALUES(1,1),(2,2)"),
                        LongCases.duplicates()),
                LongCases.hidden(),
                new RecoveryCases(
                        "types that a fold has no text for",
                        List.of(
                                "CREATE DATABASE d",
                                "CREATE TABLE d.k(id INT PRIMARY KEY,u UUID,i INET6,j INET4,c TEXT COMPRESSED)",
                                "CREATE TABLE d.u(u UUID PRIMARY KEY,v INT)",
                                "INSERT INTO d.k VALUES(1,'123e4567-e89b-12d3-a456-426614174000','::1','10.0.0.1',REPEAT('ab',200))",
                                "INSERT INTO d.u VALUES('123e4567-e89b-12d3-a456-426614174000',1)"),
                        List.of(
                                "UPDATE d.k SET u=NULL,i='fe80::1',j='1.2.3.4',c=REPEAT('cd',300)",
                                "INSERT INTO d.k VALUES(2,'00000000-0000-0000-0000-000000000000','::','0.0.0.0','')",
                                "UPDATE d.u SET u='ffffffff-ffff-11ff-bfff-ffffffffffff'",
                                "DELETE FROM d.k WHERE id=1")));
    }
}
