package io.backstay.recovery.restore;

import java.util.List;

/// Cases in which a statement reaches a table without saying so plainly, or in which a table that
/// is folded stands beside one that is not. Each row is doubled and counted up by turns, so that no
/// change can take another's place.
final class HiddenCases {
    private static final String STATEMENTS = "SET SESSION binlog_format='STATEMENT'";
    private static final String ROWS = "SET SESSION binlog_format='ROW'";

    private HiddenCases() {}

    static List<RecoveryCases> all() {
        return List.of(spellings(), waysRound(), shadows(), besideEachOther());
    }

    private static String table(String name) {
        return "CREATE TABLE " + name + "(id INT PRIMARY KEY,v INT)";
    }

    private static String row(String name) {
        return "INSERT INTO " + name + " VALUES(1,5)";
    }

    private static String doubled(String name) {
        return "UPDATE " + name + " SET v=v*2";
    }

    private static RecoveryCases spellings() {
        return new RecoveryCases(
                "names that are spelled oddly",
                List.of(
                        "CREATE DATABASE d",
                        "CREATE DATABASE `o.``d`",
                        "CREATE DATABASE empty",
                        table("d.t"),
                        row("d.t"),
                        table("d.u"),
                        row("d.u"),
                        table("d.w"),
                        row("d.w"),
                        table("`o.``d`.`a \"b`"),
                        row("`o.``d`.`a \"b`"),
                        "SET NAMES latin1",
                        table("d.`tä`"),
                        row("d.`tä`"),
                        "SET NAMES utf8mb4",
                        table("d.`İΣ`"),
                        row("d.`İΣ`")),
                List.of(
                        doubled("d.t"),
                        doubled("d.u"),
                        doubled("d.w"),
                        doubled("`o.``d`.`a \"b`"),
                        doubled("d.`İΣ`"),
                        STATEMENTS,
                        "USE empty",
                        "UPDATE d./* in between */t SET v=v+1",
                        "UPDATE d -- to the end of the line\n . u SET v=v+1",
                        "USE d",
                        "UPDATE .w SET v=v+1",
                        "UPDATE `İΣ` SET `İΣ`.v=v+1",
                        "SET sql_mode='ANSI_QUOTES'",
                        "UPDATE \"o.`d\".\"a \"\"b\" SET v=v+1",
                        "SET sql_mode=''",
                        "SET NAMES latin1",
                        doubled("d.`tä`"),
                        "UPDATE d.`tä` SET v=v+1",
                        ROWS,
                        doubled("d.`tä`"),
                        "SET NAMES utf8mb4",
                        doubled("d.t"),
                        doubled("d.u"),
                        doubled("d.w"),
                        doubled("`o.``d`.`a \"b`"),
                        doubled("d.`İΣ`")));
    }

    private static RecoveryCases waysRound() {
        return new RecoveryCases(
                "tables that are reached by another's name",
                List.of(
                        "CREATE DATABASE d",
                        table("d.audit"),
                        row("d.audit"),
                        table("d.t"),
                        table("d.other"),
                        row("d.other"),
                        table("d.viewed"),
                        row("d.viewed"),
                        table("d.called"),
                        row("d.called"),
                        table("d.dynamic"),
                        row("d.dynamic"),
                        table("d.apart"),
                        row("d.apart")),
                List.of(
                        doubled("d.audit"),
                        doubled("d.other"),
                        doubled("d.viewed"),
                        doubled("d.called"),
                        doubled("d.dynamic"),
                        doubled("d.apart"),
                        table("d.n"),
                        "CREATE TRIGGER d.nt AFTER INSERT ON d.n FOR EACH ROW UPDATE audit SET v=v+1",
                        "/* c */ CREATE /*!50003 TRIGGER d.tt AFTER INSERT ON d.t FOR EACH ROW UPDATE other SET v=v+1 */",
                        "CREATE VIEW d.vw AS SELECT * FROM d.viewed",
                        "RENAME TABLE d.vw TO d.vx",
                        "CREATE FUNCTION d.f() RETURNS INT DETERMINISTIC MODIFIES SQL DATA BEGIN UPDATE called SET v=v+1;"
                                + " RETURN 1; END",
                        STATEMENTS,
                        row("d.n"),
                        row("d.t"),
                        "UPDATE d.vx SET v=v+1",
                        "SET @x=d.f()",
                        "EXECUTE IMMEDIATE CONCAT('UPDATE d.dyn','amic SET v=v+1')",
                        ROWS,
                        doubled("d.audit"),
                        doubled("d.other"),
                        doubled("d.viewed"),
                        doubled("d.called"),
                        doubled("d.dynamic"),
                        doubled("d.apart")));
    }

    private static RecoveryCases shadows() {
        return new RecoveryCases(
                "temporary tables in front of others",
                List.of("CREATE DATABASE d", table("d.t"), row("d.t"), table("d.s"), row("d.s")),
                List.of(
                        table("d.my") + " ENGINE=MyISAM",
                        row("d.my"),
                        doubled("d.t"),
                        doubled("d.s"),
                        doubled("d.my"),
                        STATEMENTS,
                        "CREATE TEMPORARY TABLE d.t(id INT PRIMARY KEY,v INT)",
                        "INSERT INTO d.t VALUES(1,100)",
                        "INSERT INTO d.s SELECT id+10,v FROM d.t",
                        "TRUNCATE TABLE d.t",
                        "INSERT INTO d.my SELECT id+CONNECTION_ID()*0+20,v FROM d.s",
                        "DROP TEMPORARY TABLE d.t",
                        ROWS,
                        "BEGIN",
                        "INSERT INTO d.my VALUES(50,50)",
                        "INSERT INTO d.s VALUES(50,50)",
                        "ROLLBACK",
                        doubled("d.t"),
                        doubled("d.s"),
                        doubled("d.my")));
    }

    private static RecoveryCases besideEachOther() {
        return new RecoveryCases(
                "both lanes in one transaction",
                List.of(
                        "CREATE DATABASE d",
                        table("d.folded"),
                        row("d.folded"),
                        "CREATE TABLE d.k(id INT PRIMARY KEY,u UUID,v INT)",
                        "INSERT INTO d.k VALUES(1,NULL,5)",
                        "CREATE TABLE d.p(id INT PRIMARY KEY,v INT)",
                        "CREATE TABLE d.c(id INT PRIMARY KEY,v INT,pid INT,FOREIGN KEY(pid) REFERENCES d.p(id) ON DELETE"
                                + " CASCADE ON UPDATE CASCADE)",
                        "INSERT INTO d.p VALUES(1,1),(2,2),(3,3)",
                        "INSERT INTO d.c VALUES(1,1,1),(2,2,2),(3,3,3)"),
                List.of(
                        "BEGIN",
                        doubled("d.folded"),
                        doubled("d.k"),
                        doubled("d.c"),
                        "SAVEPOINT s",
                        doubled("d.k"),
                        "ROLLBACK TO s",
                        "COMMIT",
                        "SET SESSION binlog_row_image='MINIMAL'",
                        doubled("d.p"),
                        "SET SESSION binlog_row_image='FULL'",
                        "BEGIN",
                        doubled("d.folded"),
                        "DELETE FROM d.p WHERE id=1",
                        "UPDATE d.p SET id=7 WHERE id=2",
                        doubled("d.c"),
                        "COMMIT",
                        "SET foreign_key_checks=0",
                        "TRUNCATE TABLE d.p",
                        "SET foreign_key_checks=1",
                        doubled("d.c"),
                        "TRUNCATE TABLE d.folded",
                        "INSERT INTO d.folded VALUES(1,1)",
                        doubled("d.folded")));
    }
}
