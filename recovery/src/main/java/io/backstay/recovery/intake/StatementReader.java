package io.backstay.recovery.intake;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;

/// The statements of a dump, one at a time, as bytes in place, the way the servers' command line
/// client cuts them.
///
/// A statement ends at the delimiter (`;`, or what a line `DELIMITER x` says) outside of quotes and
/// comments. Lines of comment between statements go to a listener of their own. One thread; owns
/// the buffer it shows, which the next [#next] may overwrite.
final class StatementReader {
    /// Bytes that mean something outside of quotes.
    private static final boolean[] SPECIAL = new boolean[256];

    static {
        for (char c : new char[] {'\'', '"', '`', '-', '#', '/'}) {
            SPECIAL[c] = true;
        }
    }

    private final InputStream in;
    private final Consumer<String> comments;
    private byte[] buffer = new byte[4 << 20];
    private byte[] delimiter = {';'};
    private int from;
    private int end;
    private int at;
    private int filled;
    private long dropped;

    /// @param comments told each line of comment between statements, without its `--` or `#`
    StatementReader(InputStream in, Consumer<String> comments) {
        this.in = in;
        this.comments = comments;
    }

    /// Goes to the next statement; false at the end.
    boolean next() throws IOException {
        while (true) {
            from = at;
            if (!isThere(0)) {
                return false;
            }
            byte b = buffer[at];
            if (b == ' ' || b == '\n' || b == '\r' || b == '\t') {
                at++;
            } else if (b == '#' || isDashes()) {
                comments.accept(line(b == '#' ? 1 : 2));
            } else if (isWord("/*M!999999\\-") || isWord("/*!999999\\-")) {
                skipLine(); // mariadb-dump's order to the client to be in sandbox mode, without a
                // delimiter
            } else if (isWord("DELIMITER ")) {
                delimiter = line("DELIMITER ".length()).getBytes(StandardCharsets.UTF_8);
            } else if (isAtDelimiter()) {
                at += delimiter.length;
            } else {
                statement();
                return true;
            }
        }
    }

    byte[] buffer() {
        return buffer;
    }

    int from() {
        return from;
    }

    /// Behind the statement's last byte, the delimiter left out.
    int end() {
        return end;
    }

    /// Where the statement begins in the dump, uncompressed bytes.
    long offset() {
        return dropped + from;
    }

    /// The statement as text; for those that hold no rows.
    String text() {
        return new String(buffer, from, end - from, StandardCharsets.UTF_8).strip();
    }

    private void statement() throws IOException {
        while (true) {
            if (!isThere(0)) {
                throw new Problem(
                        ErrorCode.BAD_FILE,
                        "the dump ends inside the statement that begins at byte " + offset(),
                        "it was cut short: make the dump again.");
            }
            byte b = buffer[at];
            if (b >= 0 && !SPECIAL[b] && b != delimiter[0]) {
                at++;
            } else if (b == '\'' || b == '"') {
                quoted(b);
            } else if (b == '`') {
                name();
            } else if (isAtDelimiter()) {
                end = at;
                at += delimiter.length;
                return;
            } else if (b == '#' || isDashes()) {
                skipLine();
            } else if (b == '/' && isThere(2) && buffer[at + 1] == '*') {
                comment();
            } else {
                at++;
            }
        }
    }

    private void quoted(byte quote) throws IOException {
        at++;
        while (isThere(0)) {
            byte b = buffer[at];
            if (b == '\\') {
                at += 2;
            } else if (b == quote) {
                at++;
                return;
            } else {
                at++;
            }
        }
    }

    private void name() throws IOException {
        at++;
        while (isThere(0) && buffer[at] != '`') {
            at++;
        }
        at++;
    }

    /// What is in `/*!` is part of the statement.
    private void comment() throws IOException {
        if (buffer[at + 2] == '!' || (isThere(3) && buffer[at + 3] == '!')) {
            at += 3;
            return;
        }
        at += 2;
        while (isThere(1) && !(buffer[at] == '*' && buffer[at + 1] == '/')) {
            at++;
        }
        at += 2;
    }

    /// `--` begins a comment if a blank or the line's end follows.
    private boolean isDashes() throws IOException {
        return isThere(1)
                && buffer[at] == '-'
                && buffer[at + 1] == '-'
                && (!isThere(2) || (buffer[at + 2] >= 0 && buffer[at + 2] <= ' '));
    }

    private boolean isWord(String word) throws IOException {
        return isThere(word.length())
                && new String(buffer, at, word.length(), StandardCharsets.US_ASCII)
                        .equalsIgnoreCase(word);
    }

    private boolean isAtDelimiter() throws IOException {
        int length = delimiter.length;
        return buffer[at] == delimiter[0]
                && (length == 1
                        || (isThere(length - 1)
                                && Arrays.equals(buffer, at, at + length, delimiter, 0, length)));
    }

    private String line(int skip) throws IOException {
        int begin = at - from;
        skipLine();
        return new String(
                        buffer,
                        from + begin + skip,
                        Math.max(0, at - from - begin - skip),
                        StandardCharsets.UTF_8)
                .strip();
    }

    private void skipLine() throws IOException {
        while (isThere(0) && buffer[at] != '\n') {
            at++;
        }
    }

    /// Reads on if need be; the statement's bytes may move then, `at` and `from` with them.
    private boolean isThere(int ahead) throws IOException {
        return at + ahead < filled || fill(ahead);
    }

    private boolean fill(int ahead) throws IOException {
        while (at + ahead >= filled) {
            if (from > 0) {
                System.arraycopy(buffer, from, buffer, 0, filled - from);
                dropped += from;
                filled -= from;
                at -= from;
                from = 0;
            }
            if (filled == buffer.length) {
                buffer = Arrays.copyOf(buffer, larger(buffer.length));
            }
            int count = in.read(buffer, filled, buffer.length - filled);
            if (count < 0) {
                return false;
            }
            filled += count;
        }
        return true;
    }

    private int larger(int length) {
        if (length > 1 << 29) {
            throw new Problem(
                    ErrorCode.UNSUPPORTED,
                    "a statement of more than " + length + " bytes at byte " + offset(),
                    "make the dump again with a smaller --net-buffer-length.");
        }
        return length * 2;
    }
}
