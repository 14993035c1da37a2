package io.backstay.binlog.value;

import static org.assertj.core.api.Assertions.assertThat;

import io.backstay.binlog.BinlogFile;
import io.backstay.binlog.ColumnLayout;
import io.backstay.binlog.ColumnType;
import io.backstay.binlog.EncryptionKeys;
import io.backstay.binlog.LogReader;
import io.backstay.binlog.LoggedEvent;
import io.backstay.binlog.RowsEvent;
import io.backstay.binlog.TableMapEvent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The rows of `typed.t` as a log leaves them, held against what the server itself read.
public final class TypedTable {
    private final Map<String, Map<String, ColumnValue>> rows = new LinkedHashMap<>();

    private List<ColumnType> types = List.of();

    private TypedTable() {}

    /// Replays the row events of one table, whose first column is its key.
    public static TypedTable replay(Path log, EncryptionKeys keys, String schema, String table) {
        var replayed = new TypedTable();
        var maps = new HashMap<Long, TableMapEvent>();
        try (var reader = new LogReader(BinlogFile.open(log), keys)) {
            for (Optional<LoggedEvent> next = reader.next();
                    next.isPresent();
                    next = reader.next()) {
                LoggedEvent event = next.get();
                if (event.event() instanceof TableMapEvent map) {
                    maps.put(map.tableId(), map);
                } else if (event.event() instanceof RowsEvent rows
                        && maps.get(rows.tableId()).schema().equals(schema)
                        && maps.get(rows.tableId()).table().equals(table)) {
                    replayed.apply(event, rows, maps.get(rows.tableId()));
                }
            }
        }
        return replayed;
    }

    private void apply(LoggedEvent event, RowsEvent rows, TableMapEvent map) {
        var images = new RowImages(rows, map, event.bytes(), event.origin(), ValueCodec.EXACT);
        types = map.columns().stream().map(ColumnLayout::type).toList();
        while (images.next()) {
            Map<String, ColumnValue> before = named(map, images.before());
            if (!before.isEmpty()) {
                var known = this.rows.remove(before.values().iterator().next().text());
                before.replaceAll(
                        (name, value) ->
                                value.isAbsent() && known != null ? known.get(name) : value);
            }
            Map<String, ColumnValue> after = named(map, images.after());
            if (!after.isEmpty()) {
                after.replaceAll((name, value) -> value.isAbsent() ? before.get(name) : value);
                this.rows.put(after.values().iterator().next().text(), after);
            }
        }
    }

    private static Map<String, ColumnValue> named(
            TableMapEvent map, Optional<List<ColumnValue>> image) {
        var named = new LinkedHashMap<String, ColumnValue>();
        for (int i = 0; i < image.map(List::size).orElse(0); i++) {
            String name = map.metadata().column(i).name().orElse("@" + (i + 1));
            named.put(name, image.get().get(i));
        }
        return named;
    }

    public Map<String, Map<String, ColumnValue>> rows() {
        return rows;
    }

    /// As the log lays the columns out.
    public List<ColumnType> types() {
        return types;
    }

    /// @param expected lines of id, column, mode, hexadecimal digits of the value's UTF-8
    public void isAsTheServerReads(List<String> expected) {
        var wrong = new ArrayList<String>();
        int compared = 0;
        for (String line : expected) {
            String[] fields = line.split("\t", -1);
            ColumnValue found = rows.get(fields[0]).get(fields[1]);
            compared++;
            if (!agrees(fields[2], fields[3], found)) {
                wrong.add(
                        "%s of row %s: expected %s, found %s"
                                .formatted(fields[1], fields[0], text(fields[3]), found));
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(compared).isGreaterThan(100);
        assertThat(rows)
                .hasSize((int) expected.stream().map(l -> l.split("\t")[0]).distinct().count());
    }

    private static boolean agrees(String mode, String hex, ColumnValue found) {
        if (hex.equals("NULL") || found.kind() == ColumnValue.Kind.NULL) {
            return hex.equals("NULL") && found.kind() == ColumnValue.Kind.NULL;
        }
        String expected = text(hex);
        return switch (mode) {
            case "float" ->
                    Float.compare(
                                    (float) Double.parseDouble(expected),
                                    Float.parseFloat(found.text()))
                            == 0;
            case "double" ->
                    Double.compare(Double.parseDouble(expected), Double.parseDouble(found.text()))
                            == 0;
            case "sha256" -> expected.equals(sha256(found.text()));
            case "vector" -> numbers(expected).equals(numbers(found.text()));
            default -> expected.equals(found.text());
        };
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(
                            MessageDigest.getInstance("SHA-256")
                                    .digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<Float> numbers(String list) {
        return java.util.Arrays.stream(list.substring(1, list.length() - 1).split(","))
                .map(Float::valueOf)
                .toList();
    }

    private static String text(String hex) {
        return hex.equals("NULL")
                ? "NULL"
                : new String(HexFormat.of().parseHex(hex), StandardCharsets.UTF_8);
    }
}
