package io.backstay.binlog;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

/// Behind a MySQL file's format description: what all earlier files of that server hold.
///
/// | Offset | Size | Field |
/// | --- | --- | --- |
/// | 0 | 8 | count of sources; with tags: 1, the count in six bytes, 1 |
/// | then | 16 | UUID, for each source |
/// | then | 1 + n | with tags: twice the tag's length, the tag |
/// | then | 8 | count of intervals |
/// | then | 16 each | first number (8), number behind the last (8) |
///
/// Source: MySQL source, `Gtid_set::encode`.
public record PreviousGtidsEvent(MySqlGtidSet set) implements BinlogEvent {

    static PreviousGtidsEvent decode(EventBody body) {
        long head = body.uint64("PreviousGtidsEvent.count");
        boolean hasTags = head >>> 56 == 1;
        long sources = hasTags ? head << 8 >>> 16 : head;
        requireRoom(body, "PreviousGtidsEvent.sources", sources, 24);
        var set = new MySqlGtidSet.Builder();
        for (long i = 0; i < sources; i++) {
            UUID source = body.uuid("PreviousGtidsEvent.source");
            String tag = hasTags ? tag(body) : "";
            long intervals = body.uint64("PreviousGtidsEvent.intervalCount");
            requireRoom(body, "PreviousGtidsEvent.intervals", intervals, 16);
            for (long j = 0; j < intervals; j++) {
                long first = body.uint64("PreviousGtidsEvent.first");
                long behind = body.uint64("PreviousGtidsEvent.behindLast");
                if (first < 1 || behind <= first) {
                    throw body.damaged(
                            "PreviousGtidsEvent.interval",
                            "growing numbers from 1",
                            first + " to " + behind);
                }
                set.add(source, tag, first, behind - 1);
            }
        }
        return new PreviousGtidsEvent(set.build());
    }

    private static String tag(EventBody body) {
        int twice = body.uint8("PreviousGtidsEvent.tagLength");
        String tag = body.text("PreviousGtidsEvent.tag", twice / 2, StandardCharsets.UTF_8);
        try {
            return MySqlGtid.requireTag(tag);
        } catch (IllegalArgumentException _) {
            throw body.damaged("PreviousGtidsEvent.tag", "a tag", "'" + tag + "'");
        }
    }

    private static void requireRoom(EventBody body, String field, long count, int bytesEach) {
        if (count < 0 || count > body.remaining() / bytesEach) {
            throw body.damaged(
                    field, "at most " + body.remaining() / bytesEach, Long.toUnsignedString(count));
        }
    }
}
