package io.backstay.recovery.rows;

import io.backstay.mysql.Identifier;
import io.backstay.recovery.archive.BaseDocument.Column;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;

/// The types in MySQL's JSON documents that their text does not tell: DECIMAL, DATE, TIME,
/// DATETIME, BLOB.
///
/// A row's text has one more field behind its columns: for each JSON column what
/// [io.backstay.binlog.value.JsonText#types] says, joined by `|`. A document that is made anew from
/// its text gets them back, one after another, by [#fixes].
public final class JsonTypes {
    private static final String NAMES =
            "('DECIMAL','DATE','TIME','DATETIME','BLOB','BIT','OPAQUE')";

    /// Binary strings whose type a statement can make: VARBINARY, LONGBLOB, BLOB.
    private static final Set<String> BLOBS = Set.of("15", "251", "252");

    private static final JsonMapper MAPPER =
            JsonMapper.builder()
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                    .build();

    /// A value that is to be of a type.
    ///
    /// @param path as MySQL writes it
    /// @param kind `DATE`, `TIME`, `DATETIME`; `D` and a DECIMAL's scale; `B` and the number of a
    ///   binary string's type
    /// @param text of the value; of a BLOB in base 64
    public record Fix(String path, String kind, String text) {}

    private final Map<String, String> wanted = new HashMap<>();
    private final List<Fix> fixes = new ArrayList<>();
    private int members;
    private int elements;

    private JsonTypes() {}

    /// What a SELECT asks for.
    static String expression(List<Column> json) {
        return json.stream()
                .map(column -> ofColumn(Identifier.quote(column.name())))
                .collect(Collectors.joining(", ", "CONCAT_WS('|', ", ")"));
    }

    private static String ofColumn(String name) {
        return "CONCAT_WS(',', "
                + numbered("m", name, "$**.*")
                + ", "
                + numbered("a", name, "$**[*]")
                + ", IF(JSON_TYPE(%s) IN %s, CONCAT('r:', JSON_TYPE(%s)), NULL))"
                        .formatted(name, NAMES, name);
    }

    private static String numbered(String letter, String name, String path) {
        return ("(SELECT GROUP_CONCAT('%s', j.o, ':', JSON_TYPE(j.v) ORDER BY j.o) FROM JSON_TABLE(%s, '%s' COLUMNS (o"
                        + " FOR ORDINALITY, v JSON PATH '$')) j WHERE JSON_TYPE(j.v) IN %s)")
                .formatted(letter, name, path, NAMES);
    }

    /// @param document as its server prints it
    /// @param types of [io.backstay.binlog.value.JsonText#types]
    /// @throws IllegalArgumentException if no statement makes one of them
    public static List<Fix> fixes(String document, String types) {
        var found = new JsonTypes();
        for (String one : types.split(",", -1)) {
            if (!one.isEmpty()) {
                int colon = one.indexOf(':');
                found.wanted.put(one.substring(0, colon), one.substring(colon + 1));
            }
        }
        if (!found.wanted.isEmpty()) {
            found.look(MAPPER.readTree(document), "$", "r");
        }
        return found.fixes;
    }

    private void look(JsonNode node, String path, String slot) {
        String type = wanted.get(slot);
        if (type != null) {
            fixes.add(fix(node, path, type));
        } else if (node.isObject()) {
            int number = members;
            members += node.size();
            for (var member : node.properties()) {
                String name = MAPPER.writeValueAsString(member.getKey());
                look(member.getValue(), path + "." + name, "m" + ++number);
            }
        } else if (node.isArray()) {
            int number = elements;
            elements += node.size();
            for (int i = 0; i < node.size(); i++) {
                look(node.get(i), path + "[" + i + "]", "a" + ++number);
            }
        }
    }

    private static Fix fix(JsonNode node, String path, String type) {
        return switch (type) {
            case "DECIMAL" -> {
                BigDecimal value = node.decimalValue();
                yield new Fix(path, "D" + Math.max(0, value.scale()), value.toPlainString());
            }
            case "DATE", "TIME", "DATETIME" -> new Fix(path, type, node.asString());
            case "BLOB" -> {
                // base64:typeNUMBER:BYTES
                String[] parts = node.asString().split(":", 3);
                String number = parts[1].substring("type".length());
                if (!BLOBS.contains(number)) {
                    throw new IllegalArgumentException(type + " " + number);
                }
                yield new Fix(path, "B" + number, parts[2]);
            }
            // BIT, and what else a column may have brought in
            default -> throw new IllegalArgumentException(type);
        };
    }

    /// As the function of [io.backstay.recovery.restore] takes them: for each document a list of
    /// path, kind and text.
    public static String json(List<List<Fix>> documents) {
        return MAPPER.writeValueAsString(
                documents.stream()
                        .map(
                                fixes ->
                                        fixes.stream()
                                                .map(f -> List.of(f.path(), f.kind(), f.text()))
                                                .toList())
                        .toList());
    }
}
