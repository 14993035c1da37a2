package io.backstay.binlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class BinlogReaderTest {
    private static final String HINT =
            "\nHINT: the file is truncated or damaged here; copy binlog.000042 from the source or"
                    + " another member again.";

    private static byte[] event(int type, byte... body) {
        byte[] event = new byte[19 + body.length];
        ByteBuffer.wrap(event)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(0)
                .put((byte) type)
                .putInt(1)
                .putInt(event.length)
                .putInt(1337 + event.length)
                .putShort((short) 0)
                .put(body);
        return event;
    }

    private static BinlogReader reader(byte[] bytes) {
        return new BinlogReader(MemorySegment.ofArray(bytes), "binlog.000042");
    }

    @Test
    void bytesThatAreNoLogAreNamed() {
        assertThatThrownBy(() -> reader(event(16, new byte[8])).next())
                .hasMessage(
                        "cannot read EventHeader.typeCode of the event at binlog.000042:0: expected"
                                + " a format description first, found type 16"
                                + HINT);
    }

    @Test
    void cutHeaderIsNamed() {
        assertThatThrownBy(() -> reader(Arrays.copyOf(event(16, new byte[8]), 7)).next())
                .isInstanceOf(TruncatedBinlogException.class)
                .hasMessage(
                        "cannot read EventHeader of the event at binlog.000042:0: expected 19 bytes,"
                                + " found 7"
                                + HINT);
    }

    @Test
    void sizeBelowAHeaderIsDamageAndNoEndlessLoop() {
        byte[] event = event(16, new byte[8]);
        event[9] = 0;
        assertThatThrownBy(() -> reader(event).next())
                .hasMessageStartingWith(
                        "cannot read EventHeader.sizeBytes of the event at binlog.000042:0: expected"
                                + " at least 19, found 0");
    }

    @Test
    void emptyBytesHaveNoEvent() {
        assertThat(reader(new byte[0]).next()).isFalse();
    }

    @Test
    void truncatedPositionNamesFieldFileAndOffset() {
        RawEvent rotate =
                RawEvent.verified(event(4, new byte[5]), ChecksumAlgorithm.NONE, "binlog.000042");
        assertThatThrownBy(rotate::decode)
                .hasMessage(
                        "cannot read RotateEvent.position of the event at binlog.000042:1337:"
                                + " expected 8 bytes, found 5"
                                + HINT);
    }

    @Test
    void rotateNamesTheNextFile() {
        byte[] body = {4, 0, 0, 0, 0, 0, 0, 0, 'b', '.', '7'};
        RawEvent rotate = RawEvent.verified(event(4, body), ChecksumAlgorithm.NONE, "x");
        assertThat(rotate.decode()).isEqualTo(new RotateEvent(4, "b.7"));
    }

    @Test
    void everyKnownTypeHasItsOwnNumber() {
        for (EventType type : EventType.values()) {
            assertThat(EventType.find(type.code())).contains(type);
        }
        for (ColumnType type : ColumnType.values()) {
            assertThat(ColumnType.find(type.code())).contains(type);
        }
        assertThat(EventType.find(99)).isEmpty();
    }
}
