package io.backstay.guard;

import java.util.Arrays;
import java.util.List;

/// What somebody does to the folder, or beside it, while it is wiped under the guard.
enum RaceMove {
    OPEN_FILE,
    ENTER,
    LEAVE,
    LINK_FOR_FOLDER,
    LIVE_FOR_FOLDER,
    LINK_FOR_PARENT,
    BIND_OVER,
    BIND_BELOW,
    TMPFS_OVER,
    LINK_FOR_HELD_NAME,
    /// A real MariaDB is started in the folder.
    START_SERVER,
    /// A real MariaDB that runs in the folder is killed.
    STOP_SERVER,
    /// The copies of two members of one cluster are sent at once.
    PAIR;

    /// Those that need no server.
    static List<RaceMove> withoutServers() {
        return Arrays.stream(values()).filter(move -> !move.needsServer()).toList();
    }

    static List<RaceMove> withServers() {
        return Arrays.stream(values()).filter(RaceMove::needsServer).toList();
    }

    boolean needsServer() {
        return this == START_SERVER || this == STOP_SERVER || this == PAIR;
    }

    /// Whether somebody lives in the folder from the beginning, so that the guard refuses before
    /// any window but the first unless the move is made there.
    boolean beginsLive() {
        return this == LEAVE || this == STOP_SERVER;
    }
}
