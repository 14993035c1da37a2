package io.backstay.guard;

import io.backstay.doors.Commands;
import io.backstay.lab.LabServer;
import io.backstay.lab.ServerBinaries;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/// What a script of the usual kind asks before it destroys, and what it makes of the answer: exit
/// code and output as scripts read them, so that an error is read as "nothing".
///
/// @param server the one that the folder belongs to
/// @param pid of its process, 0 if it does not run
/// @param before runs each tool: where the script stands
/// @param user the account that the script has on the server
record UsualChecks(LabServer server, long pid, List<String> before, String user, String password) {
    private static final Duration DEADLINE = Duration.ofSeconds(5);

    static List<String> names() {
        return List.of(
                "pgrep -x",
                "fuser",
                "lsof +D",
                "ss -ltn",
                "systemctl is-active",
                "mysqladmin ping",
                "SHOW REPLICAS",
                "SHOW PROCESSLIST");
    }

    /// By tool: `active`, `idle`, `hangs`, or `not run: why`.
    Map<String, String> ask() {
        String data = server.settings().dataDir().toString();
        var said = new LinkedHashMap<String, String>();
        said.put("pgrep -x", pgrep());
        said.put("fuser", tool(List.of("sh", "-c", "exec fuser -s \"$0\"/*", data), "fuser"));
        said.put(
                "lsof +D",
                output(List.of("lsof", "-t", "+D", data), "lsof", out -> !out.isBlank()));
        said.put(
                "ss -ltn",
                output(
                        List.of("ss", "-Hltn", "src", server.settings().address()),
                        "ss",
                        out -> !out.isBlank()));
        said.put("systemctl is-active", systemctl());
        said.put("mysqladmin ping", tool(client("mysqladmin", "ping"), "mysqladmin"));
        // 10.11 still calls it so
        said.put("SHOW REPLICAS", rows("SHOW SLAVE HOSTS", out -> !out.isBlank()));
        said.put(
                "SHOW PROCESSLIST",
                rows(
                        "SHOW PROCESSLIST",
                        out ->
                                out.lines()
                                        .filter(line -> !line.contains("SHOW PROCESSLIST"))
                                        .anyMatch(line -> !line.contains("system user"))));
        return said;
    }

    /// Other servers of this machine left out, and so whatever is not this one.
    private String pgrep() {
        return output(
                List.of("pgrep", "-x", "mariadbd"),
                "pgrep",
                out -> out.lines().anyMatch(Long.toString(pid)::equals));
    }

    private String systemctl() {
        return Files.exists(Path.of("/run/systemd/system"))
                ? tool(List.of("systemctl", "is-active", "--quiet", "mariadb"), "systemctl")
                : "not run: no systemd";
    }

    private List<String> client(String program, String... words) {
        var command = new ArrayList<String>();
        command.add(program);
        command.add("--no-defaults");
        if (!program.equals("mysqladmin")) {
            command.addAll(List.of("--skip-ssl", "--skip-column-names"));
        }
        command.addAll(
                List.of(
                        "--host=" + server.settings().address(),
                        "--port=" + server.settings().port(),
                        "--user=" + user,
                        "--password=" + password));
        command.addAll(List.of(words));
        return command;
    }

    private String rows(String sql, Predicate<String> isActive) {
        String client = ServerBinaries.requireClient(ServerBinaries.home()).toString();
        return output(client(client, "--execute", sql), client, isActive);
    }

    private String tool(List<String> command, String program) {
        return run(command, program, result -> result.exit() == 0);
    }

    private String output(List<String> command, String program, Predicate<String> isActive) {
        return run(command, program, result -> isActive.test(result.out()));
    }

    private String run(List<String> command, String program, Predicate<Commands.Result> isActive) {
        if (Commands.run(List.of("sh", "-c", "command -v " + program), null, DEADLINE).exit()
                != 0) {
            return "not run: not installed";
        }
        var all = new ArrayList<>(before);
        all.addAll(command);
        Commands.Result result = Commands.run(all, null, DEADLINE);
        return result.timedOut() ? "hangs" : isActive.test(result) ? "active" : "idle";
    }
}
