package io.backstay.binlog;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What MySQL's group replication writes for itself. Changes no data.
public sealed interface GroupReplicationEvent extends BinlogEvent {

    /// What a transaction read and wrote, for certification by the group.
    ///
    /// | Offset | Size | Field |
    /// | --- | --- | --- |
    /// | 0 | 1 | length of `serverUuid` |
    /// | 1 | 4 | `threadId` |
    /// | 5 | 1 | `hasGtid` |
    /// | 6 | 4 | length of the snapshot version, bytes |
    /// | 10 | 4 | count of the write set |
    /// | 14 | 4 | count of the read set |
    /// | 18 | | `serverUuid`, snapshot version, write set, read set; an item has 2 bytes of length |
    ///
    /// Source: MySQL source, `Transaction_context_event`.
    ///
    /// @param writeSet hexadecimal digits of each item's hash
    record TransactionContext(
            String serverUuid, long threadId, boolean hasGtid, List<String> writeSet)
            implements GroupReplicationEvent {

        static TransactionContext decode(EventBody body) {
            int uuidLength = body.uint8("TransactionContext.serverUuidLength");
            long thread = body.uint32("TransactionContext.threadId");
            boolean hasGtid = body.uint8("TransactionContext.hasGtid") != 0;
            long snapshotBytes = body.uint32("TransactionContext.snapshotLength");
            long writes = body.uint32("TransactionContext.writeSetCount");
            long reads = body.uint32("TransactionContext.readSetCount");
            String uuid =
                    body.text("TransactionContext.serverUuid", uuidLength, StandardCharsets.UTF_8);
            body.skip("TransactionContext.snapshot", snapshotBytes);
            List<String> writeSet = items(body, "TransactionContext.writeSet", writes);
            items(body, "TransactionContext.readSet", reads);
            return new TransactionContext(uuid, thread, hasGtid, writeSet);
        }

        private static List<String> items(EventBody body, String field, long count) {
            var items = new ArrayList<String>();
            for (long i = 0; i < count; i++) {
                items.add(HexFormat.of().formatHex(body.bytes(field, body.uint16(field))));
            }
            return List.copyOf(items);
        }
    }

    /// The group's members changed.
    ///
    /// | Offset | Size | Field |
    /// | --- | --- | --- |
    /// | 0 | 40 | `view`, filled up with zeros |
    /// | 40 | 8 | `sequenceNumber` |
    /// | 48 | 4 | count of the certification entries |
    /// | 52 | | each: 2 bytes of length and key, 4 bytes of length and value |
    ///
    /// Source: MySQL source, `View_change_event`.
    ///
    /// @param certification for each key how many bytes its value has
    record ViewChange(String view, long sequenceNumber, Map<String, Long> certification)
            implements GroupReplicationEvent {

        static ViewChange decode(EventBody body) {
            String view = body.text("ViewChange.view", 40, StandardCharsets.UTF_8);
            int zero = view.indexOf('\0');
            long sequence = body.uint64("ViewChange.sequenceNumber");
            long count = body.uint32("ViewChange.count");
            var entries = new TreeMap<String, Long>();
            for (long i = 0; i < count; i++) {
                String key =
                        body.text(
                                "ViewChange.key",
                                body.uint16("ViewChange.keyLength"),
                                StandardCharsets.UTF_8);
                long length = body.uint32("ViewChange.valueLength");
                body.skip("ViewChange.value", length);
                entries.put(key, length);
            }
            return new ViewChange(
                    zero < 0 ? view : view.substring(0, zero), sequence, Map.copyOf(entries));
        }
    }
}
