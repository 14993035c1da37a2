package io.backstay.recovery.restore;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.mysql.Server;
import io.backstay.recovery.archive.BaseDocument.Column;
import io.backstay.recovery.archive.BaseDocument.Table;
import io.backstay.recovery.rows.JsonTypes;
import io.backstay.recovery.rows.RowSelect;
import io.backstay.recovery.rows.RowText;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Makes MySQL's JSON documents out of their text and the types that it does not tell
/// ([JsonTypes]): by a function in the restore's own schema, which takes path, kind and text of
/// each such value in the last field of a row. Rows without any, nearly all, do not call it.
final class TypedJson {
    /// The variable of the last field.
    static final String TYPES = "@types";

    private static final String FUNCTION = "`backstay_restore`.`typed_json`";
    private static final int SCALE_MAX = 30;

    /// By the number of a binary string's type, what has that type inside a function.
    private static final Map<Integer, Variable> BLOBS =
            new TreeMap<>(
                    Map.of(
                            15, new Variable("b = FROM_BASE64(v)", "b"),
                            251, new Variable("v = v", "FROM_BASE64(v)"),
                            252, new Variable("s = FROM_BASE64(v)", "s")));

    private record Variable(String set, String value) {}

    private final Table table;

    /// Numbers of the fields with documents.
    private final List<Integer> documents = new ArrayList<>();

    TypedJson(Table table) {
        this.table = table;
        List<Column> stored = RowSelect.stored(table);
        for (int i = 0; i < stored.size(); i++) {
            if (stored.get(i).dataType().equals("json")) {
                documents.add(i);
            }
        }
    }

    boolean isNeeded() {
        return !documents.isEmpty();
    }

    static void create(Server server) {
        var cases = new StringBuilder();
        for (int scale = 0; scale <= SCALE_MAX; scale++) {
            cases.append(
                    "WHEN 'D%d' THEN SET d = JSON_SET(d, p, CAST(v AS DECIMAL(65,%d))); "
                            .formatted(scale, scale));
        }
        BLOBS.forEach(
                (type, variable) ->
                        cases.append(
                                "WHEN 'B%d' THEN SET %s; SET d = JSON_SET(d, p, %s); "
                                        .formatted(type, variable.set(), variable.value())));
        server.execute("DROP FUNCTION IF EXISTS " + FUNCTION);
        server.execute(
                "CREATE FUNCTION "
                        + FUNCTION
                        + "(d JSON, fixes JSON) RETURNS JSON DETERMINISTIC NO SQL BEGIN DECLARE i INT DEFAULT 0; DECLARE p,"
                        + " k, v LONGTEXT CHARACTER SET utf8mb4; DECLARE b VARBINARY(65535); DECLARE s BLOB;"
                        + " WHILE i < JSON_LENGTH(fixes) DO SET p = "
                        + part(0)
                        + ", k = "
                        + part(1)
                        + ", v = "
                        + part(2)
                        + "; CASE k WHEN 'DATE' THEN SET d = JSON_SET(d, p, CAST(v AS DATE)); WHEN 'TIME' THEN SET d ="
                        + " JSON_SET(d, p, CAST(v AS TIME(6))); WHEN 'DATETIME' THEN SET d = JSON_SET(d, p, CAST(v AS"
                        + " DATETIME(6))); "
                        + cases
                        + "END CASE; SET i = i + 1; END WHILE; RETURN d; END");
    }

    private static String part(int number) {
        return "JSON_UNQUOTE(JSON_EXTRACT(fixes, CONCAT('$[', i, '][%d]')))".formatted(number);
    }

    /// What a document's column is set to.
    ///
    /// @param variable its text
    /// @param number of the document in the row, from 0
    static String call(String variable, int number) {
        String text = "CONVERT(" + variable + " USING utf8mb4)";
        return ("IF(TRIM('|' FROM "
                        + TYPES
                        + ") = '', CAST(%s AS JSON), %s(%s, JSON_EXTRACT(CONVERT("
                        + TYPES
                        + " USING utf8mb4), '$[%d]')))")
                .formatted(text, FUNCTION, text, number);
    }

    /// A row as the function takes it.
    ///
    /// @param count without the line feed
    /// @return with its line feed; empty if the row is right as it is
    Optional<byte[]> row(byte[] line, int from, int count) {
        int last = from + count;
        while (line[last - 1] == '|') {
            last--;
        }
        if (line[last - 1] == '\t') {
            return Optional.empty();
        }
        List<byte[]> fields = fields(line, from, from + count);
        String[] types = new String(fields.getLast(), StandardCharsets.US_ASCII).split("\\|", -1);
        var fixes = new ArrayList<List<JsonTypes.Fix>>();
        for (int i = 0; i < documents.size(); i++) {
            fixes.add(fixes(fields.get(documents.get(i)), types[i]));
        }
        byte[] json = JsonTypes.json(fixes).getBytes(StandardCharsets.UTF_8);
        var text = new RowText();
        text.append(json, 0, json.length);
        text.endLine();
        int head = count - fields.getLast().length;
        byte[] row = Arrays.copyOfRange(line, from, from + head + text.length());
        System.arraycopy(text.bytes(), 0, row, head, text.length());
        return Optional.of(row);
    }

    private List<JsonTypes.Fix> fixes(byte[] document, String types) {
        try {
            return JsonTypes.fixes(new String(unescaped(document), StandardCharsets.UTF_8), types);
        } catch (IllegalArgumentException e) {
            throw new Problem(
                    ErrorCode.UNSUPPORTED,
                    "a JSON document of %s holds a value of the type %s, which no statement puts into one"
                            .formatted(table.qualifiedName(), e.getMessage()),
                    "write that value as text on the source, then take a new base with `backstay backup`.",
                    e);
        }
    }

    private static List<byte[]> fields(byte[] line, int from, int to) {
        var fields = new ArrayList<byte[]>();
        int begin = from;
        for (int at = from; at <= to; at++) {
            if (at == to || line[at] == '\t') {
                fields.add(Arrays.copyOfRange(line, begin, at));
                begin = at + 1;
            }
        }
        return fields;
    }

    private static byte[] unescaped(byte[] field) {
        var out = new ByteArrayOutputStream(field.length);
        for (int i = 0; i < field.length; i++) {
            byte b = field[i];
            if (b == '\\' && i + 1 < field.length) {
                b = field[++i];
                out.write(
                        switch (b) {
                            case '0' -> 0;
                            case 't' -> '\t';
                            case 'n' -> '\n';
                            case 'r' -> '\r';
                            // a backslash
                            default -> b;
                        });
            } else {
                out.write(b);
            }
        }
        return out.toByteArray();
    }
}
