package io.backstay.recovery.restore;

import io.backstay.binlog.GtidSet;
import io.backstay.mysql.Flavour;
import io.backstay.mysql.Server;
import io.backstay.recovery.archive.BaseDocument;
import java.util.List;

/// What differs between the flavours of a target: what is asked of it, and how its GTID state is
/// given. Every answer is a list of reasons against it, for people; empty if there is none.
sealed interface TargetFlavour permits MariaDbTarget, MySqlTarget {

    static TargetFlavour of(Server server) {
        return server.version().flavour() == Flavour.MYSQL
                ? new MySqlTarget(server)
                : new MariaDbTarget(server);
    }

    /// Why it cannot take what this base says of its source.
    List<String> unfit(BaseDocument.Source source);

    /// Whom it follows, and who follows it.
    List<String> replication();

    /// Other clients' sessions.
    List<String> clients();

    /// GTIDs that it has already, and that are not the ones an earlier run gave it.
    List<String> history(RestoreMarker marker);

    /// Empties its binary log and makes its GTID state exact.
    ///
    /// @param notes what to tell of it is added
    /// @return the binary log state that it was given; empty if it writes none
    String giveState(GtidSet state, RestoreMarker marker, List<String> notes);

    /// A state as it is told to people: of MariaDB the last GTID of each domain.
    String position(GtidSet state);
}
