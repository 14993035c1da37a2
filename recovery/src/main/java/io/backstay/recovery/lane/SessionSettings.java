package io.backstay.recovery.lane;

import io.backstay.mysql.Flavour;
import io.backstay.mysql.Identifier;
import io.backstay.mysql.Server;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/// Makes a session one like that in which a statement of the log ran.
final class SessionSettings {
    private static final int HEADER_BYTES = 19;
    private static final int INTVAR = 5;
    private static final int RAND = 13;
    private static final int USER_VAR = 14;

    private static final String MARIADB_COLLATIONS =
            "SELECT ID AS i, FULL_COLLATION_NAME AS n, CHARACTER_SET_NAME AS c FROM"
                    + " information_schema.COLLATION_CHARACTER_SET_APPLICABILITY";
    private static final String MYSQL_COLLATIONS =
            "SELECT ID AS i, COLLATION_NAME AS n, CHARACTER_SET_NAME AS c FROM"
                    + " information_schema.COLLATIONS";

    private final Server server;
    private final boolean isMySql;
    private final Map<Integer, Collation> collations = new HashMap<>();
    private final boolean hasCharacterSetCollations;
    private String last = "";
    private String lastDatabase = "";

    private record Collation(String name, String characterSet) {}

    SessionSettings(Server server) {
        this.server = server;
        this.isMySql = server.version().flavour() == Flavour.MYSQL;
        // else the driver gives up a session whose character set is changed
        server.execute("SET SESSION session_track_system_variables = ''");
        for (var row : server.rows(isMySql ? MYSQL_COLLATIONS : MARIADB_COLLATIONS)) {
            row.find("i")
                    .ifPresent(
                            id ->
                                    collations.put(
                                            Integer.parseInt(id),
                                            new Collation(row.require("n"), row.require("c"))));
        }
        hasCharacterSetCollations = server.findVariable("character_set_collations").isPresent();
    }

    /// Forgets what was set, but for the database: it may have been changed since.
    void forgetFlags() {
        last = "";
    }

    /// @return whether the statement's database is there; if not, names without one reach nothing
    boolean apply(StatementEvent event) {
        boolean isThere = true;
        if (!event.database.isEmpty() && !event.database.equals(lastDatabase)) {
            if (!event.database.chars().allMatch(c -> c < 0x80)) {
                server.execute("SET character_set_client = utf8mb4");
                last = "";
            }
            isThere = use(event.database);
        }
        server.execute(
                "SET SESSION timestamp = %d.%06d"
                        .formatted(event.timestampSeconds, event.microseconds));
        String settings = String.join(", ", settings(event));
        if (!settings.equals(last)) {
            server.execute("SET " + settings);
            last = settings;
        }
        return isThere;
    }

    /// Behind a statement that may have dropped the database.
    void forgetDatabase() {
        lastDatabase = "";
    }

    /// If it is gone, into one where nobody can make, change or drop anything.
    private boolean use(String database) {
        try {
            server.execute("USE " + Identifier.quote(database));
            lastDatabase = database;
            return true;
        } catch (io.backstay.doors.Problem e) {
            lastDatabase = "";
            server.execute("USE information_schema");
            return false;
        }
    }

    private List<String> settings(StatementEvent event) {
        var settings = new ArrayList<String>();
        settings.add("pseudo_thread_id = " + event.threadId);
        settings.add("foreign_key_checks = " + bit(!event.has(26)));
        settings.add("unique_checks = " + bit(!event.has(27)));
        settings.add("sql_auto_is_null = " + bit(event.has(14)));
        if (isMySql) {
            ofMySql(event, settings);
        } else {
            settings.add("check_constraint_checks = " + bit(!event.has(15)));
            settings.add("sql_if_exists = " + bit(event.has(28)));
            settings.add("explicit_defaults_for_timestamp = " + bit(event.has(24)));
        }
        settings.add("sql_mode = " + Long.toUnsignedString(event.sqlMode));
        settings.add("auto_increment_increment = " + event.autoIncrementIncrement);
        settings.add("auto_increment_offset = " + event.autoIncrementOffset);
        int[] charsets = event.charsets;
        if (charsets != null) {
            settings.add("character_set_client = " + charsets[0]);
            settings.add("collation_connection = " + charsets[1]);
            settings.add("collation_server = " + charsets[2]);
        }
        String zone = event.timeZone;
        settings.add("time_zone = " + (zone == null ? "DEFAULT" : Identifier.text(zone)));
        settings.add("lc_time_names = " + event.timeNames);
        settings.add(
                "collation_database = "
                        + (event.databaseCollation == 0
                                ? "DEFAULT"
                                : Integer.toString(event.databaseCollation)));
        if (hasCharacterSetCollations) {
            settings.add(
                    "character_set_collations = " + Identifier.text(characterSetCollations(event)));
        }
        return settings;
    }

    /// What a statement does not tell it does not depend on.
    private static void ofMySql(StatementEvent event, List<String> settings) {
        add(settings, "explicit_defaults_for_timestamp", event.explicitDefaults);
        add(settings, "default_collation_for_utf8mb4", event.utf8mb4Collation);
        add(settings, "default_table_encryption", event.tableEncryption);
        add(settings, "enable_cascade_triggers", event.cascadeTriggers);
    }

    private static void add(List<String> settings, String name, int value) {
        if (value != StatementEvent.NOT_TOLD) {
            settings.add(name + " = " + value);
        }
    }

    private String characterSetCollations(StatementEvent event) {
        var pairs = new ArrayList<String>();
        for (int i = 0; i < event.characterSetCollations.length; i += 2) {
            Collation set = require(event.characterSetCollations[i]);
            pairs.add(set.characterSet + "=" + require(event.characterSetCollations[i + 1]).name);
        }
        return String.join(",", pairs);
    }

    private Collation require(int id) {
        Collation collation = collations.get(id);
        if (collation == null) {
            throw new io.backstay.doors.Problem(
                    io.backstay.doors.ErrorCode.FAILED,
                    server.address() + " has no collation of the number " + id,
                    "restore to a server of the source's version.");
        }
        return collation;
    }

    private static String bit(boolean isOn) {
        return isOn ? "1" : "0";
    }

    /// An INTVAR, RAND or USER_VAR event.
    void apply(MemorySegment segment, int checksumBytes) {
        byte[] event = segment.toArray(ValueLayout.JAVA_BYTE);
        ByteBuffer in = ByteBuffer.wrap(event).order(ByteOrder.LITTLE_ENDIAN);
        in.position(HEADER_BYTES).limit(event.length - checksumBytes);
        switch (event[4]) {
            case INTVAR -> {
                boolean isLastInsertId = in.get() == 1;
                server.execute(
                        (isLastInsertId
                                        ? "SET SESSION last_insert_id = "
                                        : "SET SESSION insert_id = ")
                                + Long.toUnsignedString(in.getLong()));
            }
            case RAND ->
                    server.execute(
                            "SET SESSION rand_seed1 = %s, SESSION rand_seed2 = %s"
                                    .formatted(
                                            Long.toUnsignedString(in.getLong()),
                                            Long.toUnsignedString(in.getLong())));
            case USER_VAR -> userVariable(in);
            default -> throw new IllegalArgumentException("no setting: type " + event[4]);
        }
    }

    /// Name, one byte whether it is NULL, one byte its type (0 text, 1 DOUBLE, 2 integer, 4
    /// DECIMAL), four bytes its collation, four its length, the value, one byte whether it is
    /// unsigned.
    private void userVariable(ByteBuffer in) {
        var name = new byte[in.getInt()];
        in.get(name);
        String value;
        if (in.get() != 0) {
            value = "NULL";
        } else {
            int type = in.get();
            int collation = in.getInt();
            var bytes = new byte[in.getInt()];
            in.get(bytes);
            boolean isUnsigned = in.hasRemaining() && (in.get() & 1) != 0;
            value = UserVariableLiteral.of(type, bytes, isUnsigned);
            if (type == 0) {
                Collation named = require(collation);
                value =
                        "_"
                                + named.characterSet
                                + " X'"
                                + HexFormat.of().formatHex(bytes)
                                + "' COLLATE "
                                + Identifier.quote(named.name); // `binary` is a word
            }
        }
        server.execute(
                "SET @"
                        + Identifier.quote(new String(name, StandardCharsets.UTF_8))
                        + " := "
                        + value);
    }
}
