package io.backstay.recovery.fold;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatementsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "COMMIT | COMMIT",
                "BEGIN | HARMLESS",
                "begin not atomic delete from t; end | CHANGE",
                "/* c */ UPDATE t SET a = 1 | CHANGE",
                "/*!99999 FLUSH */ UPDATE t SET a = 1 | CHANGE",
                "/*!50701 SAVEPOINT */ DELETE FROM t | CHANGE",
                "DROP /*!40005 TEMPORARY */ TABLE IF EXISTS `a` | DROP_TEMPORARY",
                "DROP /*!99999 TEMPORARY */ TABLE `a` | CHANGE",
                "/* c */ DROP TEMPORARY TABLE a | DROP_TEMPORARY",
                "CREATE /* c */ TRIGGER x AFTER INSERT ON t FOR EACH ROW SET @a = 1 | PROGRAM",
                "/*!50003 CREATE*/ /*!50017 DEFINER=`r`@`l`*/ /*!50003 TRIGGER x AFTER INSERT ON t FOR EACH ROW SET @a = 1 */ | PROGRAM",
                "CREATE PACKAGE BODY p AS PROCEDURE q AS BEGIN NULL; END; END | PROGRAM",
                "CREATE TABLE trigger_x (a INT) | CHANGE",
                "CREATE SEQUENCE s | CHANGE",
                "TRUNCATE t | TRUNCATE",
                "SET STATEMENT max_statement_time=1 FOR DELETE FROM t | CHANGE",
                "SET PASSWORD FOR a = 'x' | ACCOUNT",
                "DROP DATABASE d | DATABASE",
                "XA COMMIT X'61',X'',1 | XA_COMMIT"
            })
    void meaningIsToldByTheFirstWords(String statement, StatementMeaning meaning) {
        assertThat(Statements.of(statement)).isEqualTo(meaning);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "INSERT INTO t VALUES (1) | true",
                "/* c */ update t SET a = 1 | true",
                "CREATE TEMPORARY TABLE a (b INT) | true",
                "CREATE TABLE a (b INT) | false",
                "ALTER TABLE a ADD b INT | false",
                "WITH x AS (SELECT 1) SELECT f() FROM x | false"
            })
    void rowsAreToldFromDefinitions(String statement, boolean isOfRows) {
        assertThat(Statements.isOfRows(statement)).isEqualTo(isOfRows);
    }
}
