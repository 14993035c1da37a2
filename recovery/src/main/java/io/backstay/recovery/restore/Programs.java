package io.backstay.recovery.restore;

import io.backstay.doors.Problem;
import io.backstay.mysql.Identifier;
import io.backstay.mysql.Server;
import io.backstay.mysql.TableName;
import io.backstay.recovery.archive.BaseDocument.Program;
import io.backstay.recovery.lane.EventSwitch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Makes sequences, routines, views, triggers, events and accounts on the restored server. Events
/// come disabled.
final class Programs {
    private static final String DEFAULT_MODE = "NO_AUTO_VALUE_ON_ZERO";

    private static final List<String> OF_ACCOUNT =
            List.of(
                    "CREATE OR REPLACE USER ",
                    "DROP USER IF EXISTS ",
                    "CREATE USER ",
                    "ALTER USER ");

    private final Server server;

    Programs(Server server) {
        this.server = server;
    }

    /// What fails for want of another is tried again after it; errors: what cannot be made at all.
    void make(List<Program> programs) {
        List<Program> left = programs;
        while (!left.isEmpty()) {
            var failed = new ArrayList<Program>();
            Problem last = null;
            for (Program program : left) {
                try {
                    make(program);
                } catch (Problem e) {
                    failed.add(program);
                    last = e;
                }
            }
            if (last != null && failed.size() == left.size()) {
                throw last;
            }
            left = failed;
        }
    }

    /// The account that this session logged in as stays as the target has it: replaced, it would
    /// lose the rights that the rest needs, and be left without them.
    ///
    /// @return that account, if the base has one of its name; empty if not
    Optional<String> accounts(List<String> statements) {
        String own = server.requireValue("SELECT CURRENT_USER()");
        int at = own.lastIndexOf('@');
        String user = own.substring(0, at);
        String host = own.substring(at + 1);
        // the server quotes a grantee as an identifier, but for PROXY as a text
        String account = Identifier.quote(user) + "@" + Identifier.quote(host);
        String proxied = Identifier.text(user) + "@" + Identifier.text(host);
        boolean isKept = false;
        for (String statement : statements) {
            if (isFor(account, statement) || isFor(proxied, statement)) {
                isKept = true;
            } else {
                server.execute(statement);
            }
        }
        server.execute("FLUSH PRIVILEGES");
        return isKept ? Optional.of(own) : Optional.empty();
    }

    private static boolean isFor(String account, String statement) {
        String padded = statement + " ";
        return OF_ACCOUNT.stream().anyMatch(verb -> padded.startsWith(verb + account + " "))
                || padded.contains(" TO " + account + " ")
                || (padded.startsWith("REVOKE ") && padded.contains(" FROM " + account + " "));
    }

    private void make(Program program) {
        String name = Identifier.quote(new TableName(program.schema(), program.name()));
        server.execute("USE " + Identifier.quote(program.schema()));
        String mode = program.sqlMode();
        server.execute(
                "SET SESSION sql_mode = " + Identifier.text(mode == null ? DEFAULT_MODE : mode));
        if (program.collation() != null) {
            server.execute(
                    "SET SESSION collation_connection = " + Identifier.text(program.collation()));
        }
        String zone = program.timeZone();
        server.execute(
                "SET SESSION time_zone = " + Identifier.text(zone == null ? "+00:00" : zone));
        try {
            String kind = program.kind().equals("SEQUENCE") ? "SEQUENCE" : program.kind();
            server.execute("DROP " + kind + " IF EXISTS " + name);
            server.execute(program.createSql());
            if (program.kind().equals("SEQUENCE")) {
                server.execute(
                        "DO SETVAL("
                                + name
                                + ", "
                                + Long.parseLong(String.valueOf(program.state()))
                                + ", 0)");
            } else if (program.kind().equals("EVENT")) {
                EventSwitch.off(server, new TableName(program.schema(), program.name()));
            }
        } finally {
            server.execute(
                    "SET SESSION sql_mode = '"
                            + DEFAULT_MODE
                            + "', SESSION time_zone = '+00:00', SESSION"
                            + " collation_connection = utf8mb4_general_ci");
        }
    }
}
