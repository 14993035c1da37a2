package io.backstay.cli.drill;

import io.backstay.binlog.MariaDbGtid;
import io.backstay.binlog.MariaDbGtidState;
import io.backstay.lab.AcknowledgedCommit;
import io.backstay.mysql.Server;
import io.backstay.mysql.SqlRow;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Every acknowledged write held against what came back: present if and only if its GTID is not
/// after the archive's end.
///
/// @param afterEnd acknowledged, and after the archive's end: lost, and known by name
/// @param contradictions present though after the end, or missing though not after it
/// @param unnamed acknowledged, but the connection was lost before the GTID could be asked: not
///   counted either way
record LostWrites(
        long acknowledged, long present, long afterEnd, long unnamed, List<String> contradictions) {

    static LostWrites count(
            Collection<AcknowledgedCommit> acknowledged,
            Collection<Long> unknown,
            MariaDbGtidState end,
            Server restored) {
        var found = new HashSet<Long>();
        for (SqlRow row : restored.rows("SELECT id FROM shop.journal")) {
            found.add(Long.valueOf(row.require("id")));
        }
        return count(acknowledged, unknown, end, found);
    }

    /// @param unknown ids whose outcome nobody knows
    /// @param found ids that are there after the restore
    static LostWrites count(
            Collection<AcknowledgedCommit> acknowledged,
            Collection<Long> unknown,
            MariaDbGtidState end,
            Set<Long> found) {
        var accounted = new HashSet<Long>(unknown);
        long present = 0;
        long after = 0;
        long unnamed = 0;
        var contradictions = new ArrayList<String>();
        for (AcknowledgedCommit commit : acknowledged) {
            accounted.add(commit.id());
            boolean isPresent = found.contains(commit.id());
            present += isPresent ? 1 : 0;
            if (commit.gtid().isEmpty()) {
                unnamed++;
                continue;
            }
            boolean isInArchive = end.reaches(MariaDbGtid.parse(commit.gtid()));
            after += isInArchive ? 0 : 1;
            if (isPresent != isInArchive) {
                contradictions.add(
                        "write %d, GTID %s, archive's end %s: %s"
                                .formatted(
                                        commit.id(),
                                        commit.gtid(),
                                        end,
                                        isPresent ? "present" : "missing"));
            }
        }
        Set<Long> strangers = new HashSet<>(found);
        strangers.removeAll(accounted);
        strangers.forEach(
                id -> contradictions.add("write %d is there and nobody wrote it".formatted(id)));
        return new LostWrites(
                acknowledged.size(), present, after, unnamed, List.copyOf(contradictions));
    }

    void writeTo(Stage stage, String cluster, MariaDbGtidState end) {
        stage.record.note("lost-writes.cluster", cluster);
        stage.record.note("lost-writes.end", end.toString());
        stage.record.note("lost-writes.acknowledged", Long.toString(acknowledged));
        stage.record.note("lost-writes.present", Long.toString(present));
        stage.record.note("lost-writes.after", Long.toString(afterEnd));
        stage.record.note("lost-writes.contradictions", Integer.toString(contradictions.size()));
        stage.claims.check(
                4,
                "lost-writes-exact",
                "every acknowledged write is there if and only if its GTID is not after the archive's end (%,d writes, %,d lost after the end, %,d of unknown GTID not judged)"
                        .formatted(acknowledged, afterEnd, unnamed),
                Integer.toString(contradictions.size()),
                "contradictions",
                contradictions.isEmpty() && acknowledged > 0);
    }

    @Override
    public String toString() {
        return "%,d acknowledged, %,d present, %,d after the archive's end, %d contradictions%s"
                .formatted(
                        acknowledged,
                        present,
                        afterEnd,
                        contradictions.size(),
                        contradictions.isEmpty() ? "" : ": " + contradictions.getFirst());
    }
}
