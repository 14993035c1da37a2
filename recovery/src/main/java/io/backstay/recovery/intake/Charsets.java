package io.backstay.recovery.intake;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/// The server's character sets that are turned into each other here, and default collations.
///
/// Only sets whose tables are the same in Java and in the server: `latin1` (which is cp1252 with
/// five bytes more) has a coder of its own in [Latin1Text].
final class Charsets {
    private static final Map<String, Charset> SAME =
            Map.of(
                    "utf8mb4", StandardCharsets.UTF_8,
                    "utf8mb3", StandardCharsets.UTF_8,
                    "utf8", StandardCharsets.UTF_8,
                    "ascii", StandardCharsets.US_ASCII,
                    "ucs2", StandardCharsets.UTF_16BE,
                    "utf16", StandardCharsets.UTF_16BE,
                    "utf16le", StandardCharsets.UTF_16LE,
                    "utf32", Charset.forName("UTF-32BE"),
                    "latin2", Charset.forName("ISO-8859-2"));

    private static final Map<String, String> DEFAULT_COLLATIONS =
            Map.of(
                    "latin1", "latin1_swedish_ci",
                    "latin7", "latin7_general_ci",
                    "dec8", "dec8_swedish_ci",
                    "big5", "big5_chinese_ci",
                    "gbk", "gbk_chinese_ci",
                    "gb2312", "gb2312_chinese_ci",
                    "sjis", "sjis_japanese_ci",
                    "ujis", "ujis_japanese_ci",
                    "euckr", "euckr_korean_ci");

    private Charsets() {}

    static Optional<Charset> find(String name) {
        return Optional.ofNullable(SAME.get(name));
    }

    static boolean isUtf8(String name) {
        return StandardCharsets.UTF_8.equals(SAME.get(name));
    }

    /// Of a definition that names a character set alone.
    static String defaultCollation(String characterSet) {
        return DEFAULT_COLLATIONS.getOrDefault(characterSet, characterSet + "_general_ci");
    }
}
