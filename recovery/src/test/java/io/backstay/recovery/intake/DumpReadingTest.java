package io.backstay.recovery.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backstay.mysql.ColumnDefinition;
import io.backstay.mysql.ForeignKey;
import io.backstay.recovery.archive.BaseDocument.Table;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What a dump's bytes mean, without a server; [ImportIT] holds the whole against one.
class DumpReadingTest {
    private static final String TABLE =
            """
            CREATE TABLE `t``x` (
              `a` int(10) unsigned NOT NULL AUTO_INCREMENT,
              `e` enum('x','','y,)') DEFAULT NULL,
              `l` varchar(9) CHARACTER SET latin1 DEFAULT 'NOT NULL',
              `g` int(11) GENERATED ALWAYS AS (`a` + 1) STORED,
              `f` float DEFAULT NULL COMMENT 'AUTO_INCREMENT',
              PRIMARY KEY (`a`,`l`(4)),
              KEY `f` (`f`),
              CONSTRAINT `fk` FOREIGN KEY (`a`) REFERENCES `o`.`p` (`id`) ON DELETE SET NULL
            ) ENGINE=InnoDB AUTO_INCREMENT=7 DEFAULT CHARSET=utf8mb4 COMMENT='ENGINE=Aria'""";

    @Test
    void statementsEndOutsideOfQuotesAndCommentsAtWhateverDelimiterIsSet() throws Exception {
        String dump =
                """
                /*M!999999\\- enable the sandbox mode */\s
                -- a; comment
                SET a = ';\\';';
                /* b; */ SELECT `;` -- c;'
                , ";";
                DELIMITER ;;
                BEGIN; # d;'
                END ;;
                DELIMITER ;
                /*!50003 x */;
                """;
        for (int step : new int[] {1, 3, 7, 10_000}) {
            assertThat(statements(dump, step))
                    .containsExactly(
                            "SET a = ';\\';'",
                            "/* b; */ SELECT `;` -- c;'\n, \";\"",
                            "BEGIN; # d;'\nEND",
                            "/*!50003 x */");
        }
        assertThatThrownBy(() -> statements("SELECT 1;\nINSERT INTO", 100))
                .hasMessageStartingWith(
                        "the dump ends inside the statement that begins at byte 10");
    }

    @Test
    void aDefinitionSaysOfItsColumnsAndKeysWhatTheServerWould() {
        Table table = TableReader.read("s", TABLE);
        assertThat(table.qualifiedName()).isEqualTo("s.t`x");
        assertThat(table.engine()).isEqualTo("InnoDB");
        assertThat(table.autoIncrement()).isEqualTo("7");
        assertThat(table.primaryKey()).containsExactly("a", "l");
        assertThat(table.definition().primaryKey().get(1).prefixLength()).hasValue(4);
        assertThat(table.columns().get(1).columnType()).isEqualTo("enum('x','','y,)')");
        ColumnDefinition latin = table.definition().columns().get(2);
        assertThat(latin.collation()).contains("latin1_swedish_ci");
        assertThat(latin.isNullable()).isTrue();
        assertThat(table.definition().columns().get(1).collation()).contains("utf8mb4_general_ci");
        assertThat(table.columns().get(3).generated()).isTrue();
        assertThat(table.definition().columns().get(4).isAutoIncrement()).isFalse();
        ForeignKey key = table.definition().foreignKeys().getFirst();
        assertThat(key.parent()).hasToString("o.p");
        assertThat(key.onDelete()).isEqualTo(ForeignKey.Rule.SET_NULL);
        assertThat(key.onUpdate()).isEqualTo(ForeignKey.Rule.RESTRICT);
    }

    @Test
    void everyLiteralBecomesTheTextThatLoadDataReads() throws Exception {
        assertThat(
                        rows(
                                "INSERT INTO `t``x` VALUES (1,'x','ä\\'''\\n\\t\\\\\\0\\Z',2,0.1),\n(2,'',NULL,3,NULL)"))
                .containsExactly(
                        "1\t1\t\u00e4''\\n\\t\\\\\\0\u001a\t0.10000000149011612", "2\t2\t\\N\t\\N");
        assertThat(
                        rows(
                                "INSERT INTO `t``x` (`a`, `e`, `l`, `f`) VALUES (3,'nein',_binary 'q',-1e3),(4,x'79',0x414243,.5)"))
                .containsExactly("3\t0\tq\t-1000.0", "4\t0\tABC\t0.5");
    }

    @Test
    void whatCannotBeTurnedExactlyIsRefusedWithItsPlace() {
        assertThatThrownBy(() -> rows("INSERT INTO `t``x` VALUES (1,'x','\u20ac\u0416',2,0.1)"))
                .hasMessageStartingWith(
                        "a text of the dump has no form in the column's character set latin1: U+0416");
        assertThatThrownBy(() -> rows("INSERT INTO `t``x` VALUES (1,'x',now(),2,0.1)"))
                .hasMessageStartingWith(
                        "an INSERT into s.t`x: expected a literal, found `now(),2,0.1)`");
        assertThatThrownBy(() -> rows("INSERT INTO `t``x` (`a`, `e`) VALUES (1,'x')"))
                .hasMessageStartingWith(
                        "cannot import the rows of s.t`x: an INSERT sets 2 of its 4 columns");
        assertThatThrownBy(() -> rows("INSERT INTO `t``x` VALUES (1,'x','a',2,0.1),(1,'x'"))
                .hasMessageStartingWith(
                        "an INSERT into s.t`x: expected ',', found the statement's end");
    }

    private static List<String> statements(String dump, int step) throws IOException {
        var reader = new StatementReader(slow(dump, step), _ -> {});
        var statements = new ArrayList<String>();
        while (reader.next()) {
            statements.add(reader.text());
        }
        return statements;
    }

    private static List<String> rows(String insert) throws IOException {
        var rows = new ArrayList<String>();
        byte[] bytes = insert.getBytes(StandardCharsets.UTF_8);
        new InsertReader(TableReader.read("s", TABLE), "utf8mb4")
                .read(
                        bytes,
                        0,
                        bytes.length,
                        (row, from, count) ->
                                rows.add(
                                        new String(row, from, count, StandardCharsets.ISO_8859_1)));
        return rows;
    }

    /// Hands out few bytes at a time.
    private static InputStream slow(String text, int step) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)) {
            @Override
            public int read(byte[] into, int from, int count) {
                return super.read(into, from, Math.min(step, count));
            }
        };
    }
}
