package io.backstay.recovery.backup;

import io.backstay.mysql.Flavour;
import io.backstay.mysql.Server;
import io.backstay.recovery.archive.BaseDocument.Source;
import java.util.List;

/// What a flavour has to hold a server still with, in steps: definitions, then commits for a
/// moment, then nothing that holds up writers.
sealed interface SnapshotLock permits MariaDbSnapshotLock, MySqlSnapshotLock {

    /// @param control the session that holds the locks; its end gives them free
    /// @throws io.backstay.doors.Problem if the server has no such locks
    static SnapshotLock of(Server control) {
        return control.version().flavour() == Flavour.MYSQL
                ? MySqlSnapshotLock.of(control)
                : new MariaDbSnapshotLock(control);
    }

    /// Makes a session fit to read rows for hours.
    void prepareReader(Server session);

    /// Definitions stay as they are from here on; rows may be written.
    void holdDefinitions();

    /// No transaction commits from here on.
    void holdCommits();

    /// What is committed, and where the log ends; while commits are held.
    ///
    /// @param warnings what to tell of it is added
    Source source(List<String> warnings);

    /// Writers go on.
    void releaseCommits();

    /// Of the lock that held writers up.
    String kind();
}
