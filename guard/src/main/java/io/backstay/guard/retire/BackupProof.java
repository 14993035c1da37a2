package io.backstay.guard.retire;

import io.backstay.binlog.MariaDbGtidState;
import java.util.List;

/// A backup that was restored and checked: does it hold all of a server?
public interface BackupProof {

    /// Why it does not; a sentence each, empty if it does. Looked at afresh each time.
    List<String> against(MariaDbGtidState end);

    /// What it is, for people.
    String says();
}
