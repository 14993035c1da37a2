package io.backstay.change;

import java.nio.file.Path;

/// The change directories that the drill ships, as fixtures.
public final class DrillChanges {
    private static final Path FOLDER =
            Path.of("..", "cli", "src", "main", "resources", "io", "backstay", "cli", "drill");
    public static final Path UPGRADE = FOLDER.resolve("upgrade");
    public static final Path REINSTALL_SPARES = FOLDER.resolve("reinstall-spares");
    public static final Path REINSTALL_IDLE_HOSTS = FOLDER.resolve("reinstall-idle-hosts");
    public static final Path POLICY = FOLDER.resolve("policy.yaml");

    private DrillChanges() {}
}
