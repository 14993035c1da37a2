package io.backstay.recovery.intake;

import io.backstay.mysql.ColumnDefinition;
import io.backstay.recovery.archive.BaseDocument.Column;
import io.backstay.recovery.rows.RowSelect;
import io.backstay.recovery.rows.RowText;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/// How one column's value, as a dump spells it, becomes the text that a backup of the server would
/// have written.
///
/// One thread each, as some keep a coder.
@FunctionalInterface
interface FieldText {

    /// @param value the literal's bytes, quotes and escapes undone
    void write(byte[] value, int from, int count, RowText out);

    /// @param names character set of the dump
    /// @throws UnreadableColumn if its text cannot be turned into the column's character set
    static FieldText of(Column column, ColumnDefinition definition, String names)
            throws UnreadableColumn {
        return switch (column.dataType()) {
            case "float" -> FieldText::single;
            case "double" -> (value, from, count, out) -> out.appendFloating(value, from, count);
            case "enum" ->
                    RowSelect.isByNumber(column)
                            ? new EnumNumber(members(column.columnType()))
                            : text(definition, names);
            default ->
                    column.columnType().contains("zerofill")
                            ? FieldText::withoutZeros
                            : TableReader.isText(column.dataType())
                                    ? text(definition, names)
                                    : FieldText::verbatim;
        };
    }

    private static FieldText text(ColumnDefinition definition, String names)
            throws UnreadableColumn {
        String own = definition.characterSet().orElse("");
        if (own.equals(names)
                || names.equals("binary")
                || own.equals("binary")
                || (Charsets.isUtf8(own) && Charsets.isUtf8(names))) {
            return FieldText::verbatim;
        }
        if (!Charsets.isUtf8(names)) {
            throw new UnreadableColumn(
                    "is "
                            + own
                            + " and the dump is in "
                            + (names.isEmpty() ? "a character set it does not name" : names));
        }
        if (own.equals("latin1")) {
            return new Latin1Text();
        }
        return new CodedText(
                Charsets.find(own)
                        .orElseThrow(
                                () ->
                                        new UnreadableColumn(
                                                "is "
                                                        + own
                                                        + ", which cannot be made from a dump in "
                                                        + names)));
    }

    /// A column that cannot be read, and why: goes on behind the column's name.
    final class UnreadableColumn extends Exception {
        private static final long serialVersionUID = 1L;

        UnreadableColumn(String reason) {
            super(reason);
        }
    }

    private static void verbatim(byte[] value, int from, int count, RowText out) {
        out.append(value, from, count);
    }

    /// The dump's digits name one float, which need not be the one that was dumped.
    private static void single(byte[] value, int from, int count, RowText out) {
        float number =
                (float)
                        Double.parseDouble(
                                new String(value, from, count, StandardCharsets.US_ASCII));
        byte[] text = Double.toString((double) number).getBytes(StandardCharsets.US_ASCII);
        out.append(text, 0, text.length);
    }

    private static void withoutZeros(byte[] value, int from, int count, RowText out) {
        int at = from;
        int end = from + count;
        while (at + 1 < end && value[at] == '0' && value[at + 1] != '.') {
            at++;
        }
        out.append(value, at, end - at);
    }

    private static List<String> members(String columnType) {
        return SqlWords.pieces(
                        columnType.substring(
                                columnType.indexOf('(') + 1, columnType.lastIndexOf(')')))
                .stream()
                .map(m -> m.substring(1, m.length() - 1).replace("''", "'"))
                .toList();
    }

    /// An ENUM's number out of its text; the empty text is the member, as loading the dump has it.
    record EnumNumber(List<String> members) implements FieldText {
        @Override
        public void write(byte[] value, int from, int count, RowText out) {
            int number =
                    members.indexOf(new String(value, from, count, StandardCharsets.UTF_8)) + 1;
            byte[] text = Integer.toString(number).getBytes(StandardCharsets.US_ASCII);
            out.append(text, 0, text.length);
        }
    }

    /// What a dump loses of a column, if anything: for people.
    static Optional<String> loss(Column column) {
        if (column.dataType().equals("float")) {
            return Optional.of("FLOAT: a dump holds six digits of it");
        }
        if (column.dataType().equals("json")) {
            return Optional.of(
                    "JSON: a dump does not hold which numbers are DECIMAL, and no dates");
        }
        return RowSelect.isByNumber(column)
                ? Optional.of("ENUM: a dump cannot tell its empty member from a wrong value")
                : Optional.empty();
    }
}
