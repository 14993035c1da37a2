package io.backstay.recovery.intake;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.recovery.archive.BaseDocument.Column;
import io.backstay.recovery.archive.BaseDocument.Table;
import io.backstay.recovery.rows.RowSelect;
import io.backstay.recovery.rows.RowSink;
import io.backstay.recovery.rows.RowText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// An INSERT statement of a dump to rows of LOAD DATA text; the format is in
/// [io.backstay.recovery.archive.ChunkReader].
///
/// Literals: numbers, NULL, texts in single quotes with the client library's escapes (a character
/// set in front is passed over), `0x4142`, `x'4142'`, `b'0101'`. Anything else is refused with its
/// place. Source: MySQL reference manual, "String Literals", "mysql_real_escape_string". One
/// thread.
final class InsertReader {
    private final Table table;
    private final FieldText[] fields;
    private final boolean[] isStored;
    private final int documents;
    private final RowText row = new RowText();
    private final LiteralBytes value = new LiteralBytes();
    private byte[] bytes = {};
    private int at;
    private int end;

    InsertReader(Table table, String names) {
        this.table = table;
        List<Column> columns = table.columns();
        fields = new FieldText[columns.size()];
        isStored = new boolean[columns.size()];
        documents = RowSelect.json(table).size();
        for (int i = 0; i < fields.length; i++) {
            isStored[i] = !columns.get(i).generated();
            try {
                fields[i] =
                        FieldText.of(columns.get(i), table.definition().columns().get(i), names);
            } catch (FieldText.UnreadableColumn e) {
                throw refused("column " + columns.get(i).name() + " " + e.getMessage());
            }
        }
    }

    /// @param insert a whole statement, without its delimiter
    void read(byte[] insert, int from, int to, RowSink sink) throws IOException {
        bytes = insert;
        at = from;
        end = to;
        int[] columns = head();
        while (true) {
            row(columns, sink);
            skipBlanks();
            if (at == end) {
                return;
            }
            expect(',');
        }
    }

    /// @return the column that each value of a row is of
    private int[] head() {
        int open = at;
        boolean inName = false;
        while (open < end && (inName || bytes[open] != '(')) {
            inName ^= bytes[open] == '`';
            open++;
        }
        String head = new String(bytes, at, open - at, StandardCharsets.UTF_8).strip();
        at = open;
        if (head.regionMatches(true, head.length() - 6, "VALUES", 0, 6)) {
            return allColumns();
        }
        int close = open;
        for (boolean quoted = false; close < end && (quoted || bytes[close] != ')'); close++) {
            quoted ^= bytes[close] == '`';
        }
        String list = new String(bytes, open + 1, close - open - 1, StandardCharsets.UTF_8);
        at = close + 1;
        skipBlanks();
        if (end - at < 6
                || !new String(bytes, at, 6, StandardCharsets.US_ASCII)
                        .equalsIgnoreCase("VALUES")) {
            throw unexpected("VALUES");
        }
        at += 6;
        return listed(SqlWords.pieces(list).stream().map(SqlWords::unquoted).toList());
    }

    private int[] allColumns() {
        int[] all = new int[fields.length];
        for (int i = 0; i < all.length; i++) {
            all[i] = i;
            if (table.definition().columns().get(i).isInvisible()) {
                throw refused("an INSERT without column names leaves its invisible columns out");
            }
        }
        return all;
    }

    private int[] listed(List<String> names) {
        int[] columns = new int[names.size()];
        int stored = 0;
        int last = -1;
        for (int i = 0; i < columns.length; i++) {
            columns[i] = indexOf(names.get(i));
            if (columns[i] <= last) {
                throw refused("an INSERT names its columns in another order than the table's");
            }
            last = columns[i];
            stored += isStored[last] ? 1 : 0;
        }
        int wanted = 0;
        for (boolean b : isStored) {
            wanted += b ? 1 : 0;
        }
        if (stored != wanted) {
            throw refused("an INSERT sets %d of its %d columns".formatted(stored, wanted));
        }
        return columns;
    }

    private int indexOf(String name) {
        for (int i = 0; i < fields.length; i++) {
            if (table.columns().get(i).name().equalsIgnoreCase(name)) {
                return i;
            }
        }
        throw refused("an INSERT names the column " + name + ", which it does not have");
    }

    private void row(int[] columns, RowSink sink) throws IOException {
        skipBlanks();
        expect('(');
        row.clear();
        boolean isFirst = true;
        for (int i = 0; i < columns.length; i++) {
            if (i > 0) {
                skipBlanks();
                expect(',');
            }
            boolean counts = isStored[columns[i]];
            if (counts && !isFirst) {
                row.separate();
            }
            isFirst &= !counts;
            field(columns[i], counts);
        }
        skipBlanks();
        expect(')');
        typesOfDocuments();
        int count = row.length();
        row.endLine();
        sink.row(row.bytes(), 0, count);
    }

    /// Of each JSON column, as a backup writes it: a dump knows none ([FieldText#loss]).
    private void typesOfDocuments() {
        if (documents > 0) {
            row.separate();
            byte[] none = "|".repeat(documents - 1).getBytes(StandardCharsets.US_ASCII);
            row.append(none, 0, none.length);
        }
    }

    private void field(int column, boolean counts) {
        skipBlanks();
        byte b = at < end ? bytes[at] : 0;
        if (b == 'N' && isNull()) {
            at += 4;
            if (counts) {
                row.appendNull();
            }
            return;
        }
        int from = at;
        if (b == '\'' && plainText()) {
            write(column, counts, bytes, from + 1, at - from - 2);
        } else if (b == '\'') {
            text();
            write(column, counts, value.bytes(), 0, value.length());
        } else if (b == '-' || b == '+' || b == '.' || (b >= '0' && b <= '9' && !isHex())) {
            number();
            write(column, counts, bytes, from, at - from);
        } else {
            other();
            write(column, counts, value.bytes(), 0, value.length());
        }
    }

    private void write(int column, boolean counts, byte[] from, int offset, int count) {
        if (counts) {
            fields[column].write(from, offset, count, row);
        }
    }

    private boolean isNull() {
        return end - at >= 4
                && bytes[at + 1] == 'U'
                && bytes[at + 2] == 'L'
                && bytes[at + 3] == 'L';
    }

    private boolean isHex() {
        return end - at > 2 && bytes[at] == '0' && (bytes[at + 1] == 'x' || bytes[at + 1] == 'X');
    }

    private void number() {
        while (at < end && bytes[at] != ',' && bytes[at] != ')' && bytes[at] > ' ') {
            byte b = bytes[at];
            boolean isOfNumber =
                    (b >= '0' && b <= '9')
                            || b == '-'
                            || b == '+'
                            || b == '.'
                            || b == 'e'
                            || b == 'E';
            if (!isOfNumber) {
                throw unexpected("a number");
            }
            at++;
        }
    }

    /// Goes over a text without escapes; stays in front of any other.
    private boolean plainText() {
        int to = at + 1;
        while (to < end && bytes[to] != '\'' && bytes[to] != '\\') {
            to++;
        }
        boolean isPlain = to < end && bytes[to] == '\'' && (to + 1 == end || bytes[to + 1] != '\'');
        at = isPlain ? to + 1 : at;
        return isPlain;
    }

    /// Undoes quotes and escapes into [#value].
    private void text() {
        expect('\'');
        value.clear();
        while (at < end) {
            byte b = bytes[at++];
            if (b == '\\' && at < end) {
                value.putEscaped(bytes[at++]);
            } else if (b != '\'') {
                value.put(b);
            } else if (at < end && bytes[at] == '\'') {
                value.put(b);
                at++;
            } else {
                return;
            }
        }
        throw unexpected("the end of a text");
    }

    private void other() {
        if (isHex()) {
            at += 2;
            digits(16);
        } else if (bytes[at] == '_') {
            while (at < end && bytes[at] != '\'' && bytes[at] != ' ') {
                at++;
            }
            skipBlanks();
            if (at < end && bytes[at] == '\'') {
                text();
            } else if (isHex()) {
                at += 2;
                digits(16);
            } else {
                throw unexpected("a text");
            }
        } else if (at + 1 < end && bytes[at + 1] == '\'' && (bytes[at] | 32) == 'x') {
            at += 2;
            digits(16);
            expect('\'');
        } else if (at + 1 < end && bytes[at + 1] == '\'' && (bytes[at] | 32) == 'b') {
            at += 2;
            digits(2);
            expect('\'');
        } else {
            throw unexpected("a literal");
        }
    }

    private void digits(int radix) {
        int from = at;
        while (at < end && Character.digit(bytes[at], radix) >= 0) {
            at++;
        }
        value.setDigits(bytes, from, at - from, radix);
    }

    private void skipBlanks() {
        while (at < end && bytes[at] <= ' ' && bytes[at] >= 0) {
            at++;
        }
    }

    private void expect(char c) {
        if (at >= end || bytes[at] != c) {
            throw unexpected("'" + c + "'");
        }
        at++;
    }

    private Problem unexpected(String expected) {
        String found =
                at >= end
                        ? "the statement's end"
                        : "`"
                                + new String(
                                        bytes, at, Math.min(20, end - at), StandardCharsets.UTF_8)
                                + "`";
        return new Problem(
                ErrorCode.BAD_FILE,
                "an INSERT into %s: expected %s, found %s"
                        .formatted(table.qualifiedName(), expected, found),
                "give a dump of mariadb-dump or mydumper, as it was written.");
    }

    private Problem refused(String reason) {
        return new Problem(
                ErrorCode.UNSUPPORTED,
                "cannot import the rows of " + table.qualifiedName() + ": " + reason,
                "make the dump with mariadb-dump --complete-insert --default-character-set=utf8mb4,"
                        + " or take a base with `backstay backup`.");
    }
}
