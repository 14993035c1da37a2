package io.backstay.guard.internal;

import io.backstay.binlog.MariaDbGtidState;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// What a stopped MariaDB's data directory tells without a server: its files, its tables, and where
/// its binary log ends.
///
/// The end is told twice, and both must agree that it is one: bit 0x1 of the flags of the last
/// log's first event (offset 21: in use) is clear, and the server wrote its `gtid_binlog_state` to
/// `BASE.state` when it closed the log, one GTID a line. Source: MariaDB knowledge base, "Format
/// Description Event", `LOG_EVENT_BINLOG_IN_USE_F`; tried on 10.11 and 11.4.
record StoppedServer(
        Set<String> tables,
        List<String> foreignFiles,
        List<String> unclean,
        Optional<MariaDbGtidState> end) {
    private static final int FLAGS_OFFSET = 21;
    private static final int IN_USE = 0x1;
    private static final int RELAY_LOG = 0x40;
    private static final Set<String> SYSTEM_SCHEMAS =
            Set.of("mysql", "performance_schema", "sys", "information_schema");

    /// Names that a MariaDB server itself creates at the top of its data directory.
    private static final Pattern TOP =
            Pattern.compile(
                    "ibdata\\d+|ib_logfile\\d+|ib_buffer_pool|ibtmp\\d+|undo\\d{3}|aria_log\\.\\d{8}"
                            + "|aria_log_control|ddl(_recovery)?(-backup)?\\.log|tc\\.log|auto\\.cnf"
                            + "|(multi-)?master[\\w@-]*\\.info|relay-log[\\w@-]*\\.info"
                            + "|(mysql|mariadb)_upgrade_info|[\\w.-]+\\.(err|pid)|backstay-opened-by"
                            + "|[\\w-]+\\.(index|state|\\d{6}(\\.idx)?)|debian-\\d+\\.\\d+\\.flag");

    private static final Pattern IN_SCHEMA =
            Pattern.compile(".+\\.(frm|ibd|MAD|MAI|MYD|MYI|CSM|CSV|TRG|TRN|par|isl|ARZ)|db\\.opt");

    static StoppedServer read(Tree tree) throws CannotLookException {
        var tables = new HashSet<String>();
        var foreign = new ArrayList<String>();
        for (Tree.Entry file : tree.files()) {
            Path relative = Path.of(file.relative());
            boolean isTop = relative.getNameCount() == 1;
            boolean isKnown =
                    isTop
                            ? TOP.matcher(file.name()).matches()
                            : relative.getNameCount() == 2
                                    && IN_SCHEMA.matcher(file.name()).matches()
                                    && !file.name().startsWith("#sql");
            if (!isKnown) {
                foreign.add(file.relative());
            }
            if (!isTop && file.name().endsWith(".frm")) {
                String schema = decode(relative.getName(0).toString());
                String table = file.name().substring(0, file.name().length() - ".frm".length());
                if (!SYSTEM_SCHEMAS.contains(schema)) {
                    tables.add(schema + "." + decode(table));
                }
            }
        }
        var unclean = new ArrayList<String>();
        return new StoppedServer(
                Set.copyOf(tables), List.copyOf(foreign), unclean, end(tree, unclean));
    }

    private static Optional<MariaDbGtidState> end(Tree tree, List<String> unclean)
            throws CannotLookException {
        var states = new ArrayList<MariaDbGtidState>();
        try {
            for (Tree.Entry file : tree.files()) {
                if (!file.name().endsWith(".index") || !file.relative().equals(file.name())) {
                    continue;
                }
                List<String> logs =
                        Files.readAllLines(file.path()).stream().filter(l -> !l.isBlank()).toList();
                if (logs.isEmpty()) {
                    unclean.add(file.name() + " names no log");
                    continue;
                }
                Path last = tree.folder().resolve(logs.getLast()).normalize();
                int flags = flags(last);
                if ((flags & RELAY_LOG) != 0) {
                    continue;
                }
                if ((flags & IN_USE) != 0) {
                    unclean.add(last.getFileName() + " was not closed");
                }
                String base = file.name().substring(0, file.name().length() - ".index".length());
                Path state = tree.folder().resolve(base + ".state");
                if (Files.isRegularFile(state)) {
                    states.add(
                            MariaDbGtidState.parse(
                                    String.join(
                                            ",",
                                            Files.readAllLines(state).stream()
                                                    .filter(l -> !l.isBlank())
                                                    .toList())));
                } else {
                    unclean.add(base + ".state is missing");
                }
            }
        } catch (IOException | IllegalArgumentException e) {
            throw new CannotLookException(
                    "the end of the binary log cannot be read: " + e.getMessage(),
                    "start the server again and stop it cleanly");
        }
        if (states.size() > 1) {
            unclean.add("there are %d binary logs".formatted(states.size()));
        }
        return states.size() == 1 ? Optional.of(states.getFirst()) : Optional.empty();
    }

    private static int flags(Path log) throws IOException {
        try (InputStream in = Files.newInputStream(log)) {
            byte[] head = in.readNBytes(FLAGS_OFFSET + 2);
            if (head.length < FLAGS_OFFSET + 2
                    || head[0] != (byte) 0xfe
                    || head[1] != 'b'
                    || head[2] != 'i'
                    || head[3] != 'n') {
                throw new IOException(log + " is no binary log");
            }
            return (head[FLAGS_OFFSET] & 0xff) | (head[FLAGS_OFFSET + 1] & 0xff) << 8;
        }
    }

    /// A name as SQL has it: the server writes other characters as `@` and four hexadecimal digits.
    static String decode(String fileName) throws CannotLookException {
        var name = new StringBuilder();
        for (int i = 0; i < fileName.length(); i++) {
            char c = fileName.charAt(i);
            if (c != '@') {
                name.append(c);
            } else if (i + 4 < fileName.length()
                    && fileName.substring(i + 1, i + 5).matches("[0-9a-f]{4}")) {
                name.append((char) Integer.parseInt(fileName.substring(i + 1, i + 5), 16));
                i += 4;
            } else {
                throw new CannotLookException(
                        "the file name " + fileName + " cannot be read as a table's name",
                        "compare the tables by hand");
            }
        }
        return name.toString();
    }
}
