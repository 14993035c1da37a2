package io.backstay.recovery.restore;

import static org.assertj.core.api.Assertions.assertThat;

import io.backstay.mysql.TableDefinition;
import io.backstay.mysql.TableName;
import io.backstay.recovery.archive.BaseDocument.Column;
import io.backstay.recovery.archive.BaseDocument.Table;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OrderedRowsTest {
    private final List<String> out = new ArrayList<>();

    @Test
    void rowsComeInTheOrderOfTheirKeyAmongTheBaseRows() throws Exception {
        OrderedRows rows = OrderedRows.of(table("int(11)", "int"));
        for (String row : List.of("x\t7", "x\t-3", "x\t12", "x\t0")) {
            add(rows, row);
        }
        rows.sort();
        before(rows, "base\t-5");
        assertThat(out).isEmpty();
        before(rows, "base\t1");
        assertThat(out).containsExactly("x\t-3", "x\t0");
        rows.rest(this::take);
        assertThat(out).containsExactly("x\t-3", "x\t0", "x\t7", "x\t12");
    }

    @Test
    void unsignedKeysBeyondTheSignedRangeComeLast() throws Exception {
        OrderedRows rows = OrderedRows.of(table("bigint(20) unsigned", "bigint"));
        add(rows, "x\t18446744073709551615");
        add(rows, "x\t9223372036854775808");
        add(rows, "x\t1");
        rows.sort();
        rows.rest(this::take);
        assertThat(out)
                .containsExactly("x\t1", "x\t9223372036854775808", "x\t18446744073709551615");
    }

    @Test
    void everyRowIsHandedOutOnce() throws Exception {
        for (int size : new int[] {0, 1, 2, 3, 1000, 4097}) {
            out.clear();
            OrderedRows rows = OrderedRows.of(table("int(11)", "int"));
            var keys = new ArrayList<Integer>();
            for (int i = 0; i < size; i++) {
                keys.add(i - size / 2);
            }
            Collections.shuffle(keys, new Random(size));
            for (int key : keys) {
                add(rows, "x\t" + key);
            }
            rows.sort();
            rows.rest(this::take);
            Collections.sort(keys);
            assertThat(out).isEqualTo(keys.stream().map(key -> "x\t" + key).toList());
        }
    }

    @Test
    void aKeyThatBeginsWithTextHasNoOrderHere() {
        assertThat(OrderedRows.isFor(table("varchar(10)", "varchar"))).isFalse();
    }

    private void before(OrderedRows rows, String row) throws InterruptedException {
        rows.before((row + "\n").getBytes(StandardCharsets.UTF_8), 0, this::take);
    }

    private static void add(OrderedRows rows, String row) {
        byte[] bytes = (row + "\n").getBytes(StandardCharsets.UTF_8);
        rows.add(bytes, 0, bytes.length - 1);
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
