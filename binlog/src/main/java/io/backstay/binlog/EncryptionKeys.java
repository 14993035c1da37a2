package io.backstay.binlog;

import io.backstay.doors.Disk;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The keys that encrypted logs are read with, out of the file that the server itself has them in.
///
/// Two kinds of file: MariaDB's `file_key_management_filename`, lines of `id;hexadecimal digits`
/// with comments behind `#`; and the keyring of MySQL's `component_keyring_file`, JSON with one
/// element a key. Never printed.
///
/// Source: MariaDB knowledge base, "File Key Management Encryption Plugin"; MySQL manual, "Using
/// the component_keyring_file File-Based Keyring Component".
public final class EncryptionKeys {
    /// No key at all.
    public static final EncryptionKeys NONE = new EncryptionKeys(Map.of());

    private static final Pattern LINE =
            Pattern.compile("\\s*(\\d+)\\s*;\\s*((?:[0-9A-Fa-f]{2})+)\\s*(?:#.*)?");
    private static final Pattern ELEMENT = Pattern.compile("\\{[^{}]*\"data_id\"[^{}]*\\}");
    private static final Pattern NAME = Pattern.compile("\"data_id\"\\s*:\\s*\"([^\"]+)\"");
    private static final Pattern DATA = Pattern.compile("\"data\"\\s*:\\s*\"([0-9A-Fa-f]+)\"");

    private final Map<String, byte[]> keys;

    private EncryptionKeys(Map<String, byte[]> keys) {
        this.keys = keys;
    }

    /// @throws Problem if the file is neither of the two kinds, or holds no key
    public static EncryptionKeys read(Path file) {
        String text = Disk.readText(file);
        var keys = new HashMap<String, byte[]>();
        if (text.stripLeading().startsWith("{")) {
            Matcher elements = ELEMENT.matcher(text);
            while (elements.find()) {
                Matcher name = NAME.matcher(elements.group());
                Matcher data = DATA.matcher(elements.group());
                if (name.find() && data.find()) {
                    keys.put(name.group(1), HexFormat.of().parseHex(data.group(1)));
                }
            }
        } else {
            readLines(file, text, keys);
        }
        if (keys.isEmpty()) {
            throw unreadable(file, "at least one key", "none");
        }
        return new EncryptionKeys(keys);
    }

    private static void readLines(Path file, String text, Map<String, byte[]> keys) {
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            if (line.isBlank() || line.stripLeading().startsWith("#")) {
                continue;
            }
            Matcher found = LINE.matcher(line);
            if (!found.matches()) {
                // never the line itself: it may hold a key
                throw unreadable(
                        file, "`id;hexadecimal digits` in line " + number, "something else");
            }
            keys.put(found.group(1), HexFormat.of().parseHex(found.group(2)));
        }
    }

    private static Problem unreadable(Path file, String expected, String found) {
        return new Problem(
                ErrorCode.BAD_FILE,
                "cannot read keys from %s: expected %s, found %s".formatted(file, expected, found),
                "give the server's own file_key_management_filename (not encrypted itself) or the data"
                        + " file of its component_keyring_file.");
    }

    /// The key by its number, or by its name in a keyring.
    Optional<byte[]> find(String id) {
        return Optional.ofNullable(keys.get(id)).map(byte[]::clone);
    }

    boolean isEmpty() {
        return keys.isEmpty();
    }
}
