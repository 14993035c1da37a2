package io.backstay.binlog;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// A collation by its number in the log: which character set text under it has.
///
/// The numbers of MySQL 9.7 and MariaDB 11.8 are in `collations.txt` beside this class, as both
/// servers' information_schema tells them; no number means two things.
///
/// @param characterSet by the server's name, `utf8mb4`; `binary` for bytes
/// @param isByCodePoint a `_bin` collation or `binary`
public record Collation(int number, String characterSet, boolean isByCodePoint) {
    private static final Map<String, String> JAVA_NAMES =
            Map.ofEntries(
                    Map.entry("ascii", "US-ASCII"),
                    Map.entry("big5", "Big5"),
                    Map.entry("cp1250", "windows-1250"),
                    Map.entry("cp1251", "windows-1251"),
                    Map.entry("cp1256", "windows-1256"),
                    Map.entry("cp1257", "windows-1257"),
                    Map.entry("cp850", "IBM850"),
                    Map.entry("cp852", "IBM852"),
                    Map.entry("cp866", "IBM866"),
                    Map.entry("cp932", "windows-31j"),
                    Map.entry("eucjpms", "EUC-JP"),
                    Map.entry("euckr", "EUC-KR"),
                    Map.entry("gb18030", "GB18030"),
                    Map.entry("gb2312", "GB2312"),
                    Map.entry("gbk", "GBK"),
                    Map.entry("greek", "ISO-8859-7"),
                    Map.entry("hebrew", "ISO-8859-8"),
                    Map.entry("koi8r", "KOI8-R"),
                    Map.entry("koi8u", "KOI8-U"),
                    Map.entry("latin1", "windows-1252"),
                    Map.entry("latin2", "ISO-8859-2"),
                    Map.entry("latin5", "ISO-8859-9"),
                    Map.entry("latin7", "ISO-8859-13"),
                    Map.entry("sjis", "Shift_JIS"),
                    Map.entry("tis620", "TIS-620"),
                    Map.entry("ucs2", "UTF-16BE"),
                    Map.entry("ujis", "EUC-JP"),
                    Map.entry("utf16", "UTF-16BE"),
                    Map.entry("utf16le", "UTF-16LE"),
                    Map.entry("utf32", "UTF-32BE"),
                    Map.entry("utf8mb3", "UTF-8"),
                    Map.entry("utf8mb4", "UTF-8"));
    private static final Map<Integer, Collation> BY_NUMBER = read();

    /// Empty for a number that neither server has.
    public static Optional<Collation> find(long number) {
        return number < 0 || number > Integer.MAX_VALUE
                ? Optional.empty()
                : Optional.ofNullable(BY_NUMBER.get((int) number));
    }

    /// Bytes, not text.
    public boolean isBinary() {
        return characterSet.equals("binary");
    }

    /// Empty for `binary`, and for character sets that Java has none for.
    public Optional<Charset> charset() {
        String name = JAVA_NAMES.get(characterSet);
        return name == null || !Charset.isSupported(name)
                ? Optional.empty()
                : Optional.of(Charset.forName(name));
    }

    private static Map<Integer, Collation> read() {
        var all = new HashMap<Integer, Collation>();
        try (var in =
                new BufferedReader(
                        new InputStreamReader(
                                Objects.requireNonNull(
                                        Collation.class.getResourceAsStream("collations.txt")),
                                StandardCharsets.US_ASCII))) {
            in.lines()
                    .filter(line -> !line.startsWith("#"))
                    .forEach(line -> readLine(line.split(" \\| "), all));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Map.copyOf(all);
    }

    private static void readLine(String[] fields, Map<Integer, Collation> all) {
        for (String range : fields[1].split(",")) {
            String[] ends = range.split("-");
            int last = Integer.parseInt(ends[ends.length - 1]);
            for (int number = Integer.parseInt(ends[0]); number <= last; number++) {
                all.put(number, new Collation(number, fields[0], false));
            }
        }
        for (String number : fields[2].split(",")) {
            int binary = Integer.parseInt(number);
            all.put(binary, new Collation(binary, fields[0], true));
        }
    }
}
