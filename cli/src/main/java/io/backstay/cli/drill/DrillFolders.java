package io.backstay.cli.drill;

import java.nio.file.Path;

/// Where a drill keeps what, all below one folder.
///
/// | Name | Is |
/// | --- | --- |
/// | `fleet`, `twin` | hosts: data directories and sockets |
/// | `agents` | the agents' own state, outside every host |
/// | `ledgers` | one chain a writer |
/// | `heads` | the end of each chain when act 5 began, outside of the ledgers |
/// | `keys` | signing keys of the drill's people and machines |
/// | `archives` | one archive a cluster |
/// | `traffic` | acknowledged writes, outside the fleet |
/// | `changes` | the change files, copied out so that they can be read and altered |
/// | `drill.json`, `servers.json`, `accounts.json` | how far it is, what runs, passwords (0600) |
public record DrillFolders(Path root) {

    public Path ledgers() {
        return root.resolve("ledgers");
    }

    public Path heads() {
        return root.resolve("heads");
    }

    public Path agents() {
        return root.resolve("agents");
    }

    public Path keys() {
        return root.resolve("keys");
    }

    public Path archives() {
        return root.resolve("archives");
    }

    public Path traffic() {
        return root.resolve("traffic");
    }

    public Path changes() {
        return root.resolve("changes");
    }

    public Path servers() {
        return root.resolve("servers.json");
    }

    public Path accounts() {
        return root.resolve("accounts.json");
    }

    public Path record() {
        return root.resolve("drill.json");
    }

    public Path report() {
        return root.resolve("report.html");
    }
}
