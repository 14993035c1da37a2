package io.backstay.binlog;

/// A place between two events of a log: a file's name and a byte offset in it, printed
/// `file:offset`.
///
/// @param offsetBytes from the file's first byte; 4 is the first event
public record BinlogPosition(String file, long offsetBytes) implements Comparable<BinlogPosition> {

    /// @throws IllegalArgumentException if the text is not `file:offset`
    public static BinlogPosition parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon > 0) {
            try {
                return new BinlogPosition(
                        text.substring(0, colon), Long.parseLong(text.substring(colon + 1)));
            } catch (NumberFormatException e) {
                throw notAPosition(text, e);
            }
        }
        throw notAPosition(text, null);
    }

    private static IllegalArgumentException notAPosition(
            String text, @org.jspecify.annotations.Nullable Throwable cause) {
        return new IllegalArgumentException(
                "not a position: expected FILE:OFFSET, found '" + text + "'", cause);
    }

    /// By file name, then offset: right within one server's own series of files of one name length.
    @Override
    public int compareTo(BinlogPosition other) {
        int byFile =
                file.length() != other.file.length()
                        ? Integer.compare(file.length(), other.file.length())
                        : file.compareTo(other.file);
        return byFile != 0 ? byFile : Long.compare(offsetBytes, other.offsetBytes);
    }

    @Override
    public String toString() {
        return file + ":" + offsetBytes;
    }
}
