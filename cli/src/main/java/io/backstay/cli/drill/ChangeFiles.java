package io.backstay.cli.drill;

import io.backstay.doors.Disk;
import java.nio.file.Path;
import java.util.List;

/// The change directories and the policy that come with the drill.
final class ChangeFiles {
    static final String IDLE = "reinstall-idle-hosts";
    static final String SPARES = "reinstall-spares";
    static final String UPGRADE = "upgrade";
    static final List<String> NAMES = List.of(IDLE, SPARES, UPGRADE);
    static final String POLICY = "policy.yaml";

    private ChangeFiles() {}

    /// Copies the change directories and the policy out of the program, said for a fleet of so many
    /// clusters.
    ///
    /// @param changes takes them, a folder each
    static void copyOut(Path changes, String bug, int clusters) {
        UserScripts.copyOut("", POLICY, changes.resolve(POLICY));
        writeIdle(changes, bug, clusters);
        write(SPARES, changes, clusters);
        write(UPGRADE, changes, clusters);
    }

    /// The bad change with the script that has this bug.
    static void writeIdle(Path changes, String bug, int clusters) {
        write(IDLE, changes, clusters);
        Path folder = changes.resolve(IDLE);
        UserScripts.copyOut(IDLE + "/", "reinstall.sh", folder.resolve("reinstall.sh"));
        UserScripts.copyOut(
                IDLE + "/", "check-active-" + bug + ".sh", folder.resolve("check-active.sh"));
    }

    /// The counts a change expects are its author's, who wrote it for this fleet.
    private static void write(String change, Path changes, int clusters) {
        Path file = Disk.folder(changes.resolve(change)).resolve("change.yaml");
        UserScripts.copyOut(change + "/", "change.yaml", file);
        String text =
                Disk.readText(file)
                        .replace("check-active-pipe.sh", "check-active.sh")
                        .replace(
                                "{hosts: 11, clusters: 3, sources: 3}",
                                expect(clusters * 3 + 2, clusters))
                        .replace(
                                "{hosts: 9, clusters: 3, sources: 3}",
                                expect(clusters * 3, clusters));
        if (change.equals(UPGRADE) && clusters < 3) {
            text = text.replace("  - {name: rest, clusters: rest}\n", "");
            text = clusters < 2 ? text.replace("  - {name: second, clusters: 1}\n", "") : text;
        }
        Disk.writeAtomically(file, text);
    }

    private static String expect(int hosts, int clusters) {
        return "{hosts: %d, clusters: %d, sources: %d}".formatted(hosts, clusters, clusters);
    }
}
