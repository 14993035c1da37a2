package io.backstay.mysql;

/// The one place where a name becomes part of an SQL text.
public final class Identifier {
    private Identifier() {}

    /// A name between backticks, its own backticks doubled.
    ///
    /// @throws IllegalArgumentException for an empty name or one with a NUL, which no server allows
    public static String quote(String name) {
        if (name.isEmpty() || name.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("not an identifier: empty, or with a NUL in it");
        }
        return "`" + name.replace("`", "``") + "`";
    }

    /// `` `schema`.`table` ``
    public static String quote(TableName table) {
        return quote(table.schema()) + "." + quote(table.table());
    }

    /// A value as an SQL string literal, for statements that take no parameters. Right under every
    /// sql_mode: as hexadecimal digits of its UTF-8, with its character set named.
    public static String text(String value) {
        return "_utf8mb4 X'"
                + java.util.HexFormat.of()
                        .formatHex(value.getBytes(java.nio.charset.StandardCharsets.UTF_8))
                + "'";
    }
}
