package io.backstay.recovery.restore;

import static org.assertj.core.api.Assertions.assertThat;

import io.backstay.mysql.TableDefinition;
import io.backstay.mysql.TableName;
import io.backstay.recovery.archive.BaseDocument.Column;
import io.backstay.recovery.archive.BaseDocument.Table;
import io.backstay.recovery.fold.AfterImages;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RowsInOrderTest {
    private final List<String> out = new ArrayList<>();

    @Test
    void rowsComeInTheOrderOfTheirKeyAmongTheBaseRows() throws Exception {
        RowsInOrder rows = rows("int(11)", "x\t-3", "x\t0", "x\t7", "x\t12");
        before(rows, "base\t-5");
        assertThat(out).isEmpty();
        before(rows, "base\t1");
        assertThat(out).containsExactly("x\t-3", "x\t0");
        before(rows, "base\t7");
        assertThat(out).containsExactly("x\t-3", "x\t0");
        rows.rest(this::take);
        assertThat(out).containsExactly("x\t-3", "x\t0", "x\t7", "x\t12");
    }

    @Test
    void unsignedKeysBeyondTheSignedRangeComeLast() throws Exception {
        RowsInOrder rows =
                rows(
                        "int(10) unsigned",
                        "x\t1",
                        "x\t9223372036854775808",
                        "x\t18446744073709551615");
        before(rows, "base\t9223372036854775807");
        assertThat(out).containsExactly("x\t1");
        before(rows, "base\t18446744073709551615");
        assertThat(out).containsExactly("x\t1", "x\t9223372036854775808");
    }

    @Test
    void rowsOutOfOrderAreHandedOutOnceAllTheSame() throws Exception {
        RowsInOrder rows = rows("int(11)", "x\t9", "x\t1", "x\t5");
        before(rows, "base\t6");
        before(rows, "base\t2");
        rows.rest(this::take);
        assertThat(out).containsExactly("x\t9", "x\t1", "x\t5");
    }

    @Test
    void aKeyThatBeginsWithTextHasNoOrderHere() {
        assertThat(RowsInOrder.of(table("varchar(10)", "varchar"), images())).isEmpty();
    }

    private static RowsInOrder rows(String columnType, String... rows) {
        return RowsInOrder.of(table(columnType, "int"), images(rows)).orElseThrow();
    }

    private static AfterImages images(String... rows) {
        return new AfterImages() {
            private int at = -1;

            @Override
            public boolean next() {
                return ++at < rows.length;
            }

            @Override
            public byte[] text() {
                return (rows[at] + "\n").getBytes(StandardCharsets.UTF_8);
            }

            @Override
            public int count() {
                return text().length - 1;
            }
        };
    }

    private void before(RowsInOrder rows, String row) throws InterruptedException {
        rows.before((row + "\n").getBytes(StandardCharsets.UTF_8), 0, this::take);
    }

    private void take(byte[] row, int from, int count) {
        assertThat(row[from + count]).isEqualTo((byte) '\n');
        out.add(new String(row, from, count, StandardCharsets.UTF_8));
    }

    private static Table table(String columnType, String dataType) {
        var definition =
                new TableDefinition(
                        new TableName("s", "t"),
                        TableDefinition.Kind.BASE_TABLE,
                        Optional.of("InnoDB"),
                        List.of(),
                        List.of(),
                        List.of());
        return new Table(
                "s",
                "t",
                "InnoDB",
                "",
                List.of(
                        new Column("v", "char", "char(4)", false),
                        new Column("id", dataType, columnType, false)),
                List.of("id"),
                definition,
                null,
                0,
                "0:0",
                List.of());
    }
}
