package io.backstay.binlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.backstay.binlog.look.EventText;
import io.backstay.binlog.value.RowImages;
import io.backstay.binlog.value.ValueCodec;
import io.backstay.doors.Problem;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Damaged and invented events: refused by name, or harmless; never a hang, another exception, or
/// memory without bound (the test JVM's heap is the bound).
///
/// One seed makes a whole run: `-Dbackstay.fuzz.seed=N -Dbackstay.fuzz.rounds=M` repeats it.
class FuzzTest {
    private static final long SEED = Long.getLong("backstay.fuzz.seed", 4711);
    private static final int ROUNDS = Integer.getInteger("backstay.fuzz.rounds", 400);

    /// Every flip of a file with checksums is noticed, but for the flags that a server changes in
    /// place in the first event.
    @ParameterizedTest
    @ValueSource(strings = {"mysql-9.7-events", "mariadb-11.8-events"})
    void aFlippedByteIsNoticedByTheChecksum(String log) {
        byte[] whole = LogFixture.bytes(log + ".binlog");
        var random = new Random(SEED);
        for (int round = 0; round < ROUNDS; round++) {
            byte[] bytes = whole.clone();
            int at = 4 + random.nextInt(bytes.length - 4);
            int bit = 1 << random.nextInt(8);
            bytes[at] ^= (byte) bit;
            boolean isInUseFlag = at == 4 + 17 && bit == EventHeader.FLAG_IN_USE;
            try {
                readAll(bytes);
                assertThat(isInUseFlag).as("flip of bit %d at %d unnoticed", bit, at).isTrue();
            } catch (DamagedBinlogException e) {
                assertThat(e).hasMessageContaining("HINT: ");
            } catch (Problem e) {
                // a type that the flip made unknown, told before its checksum
                assertThat(e).hasMessageContaining("HINT: ");
            }
        }
    }

    /// The bytes inside events, with the checksum made right again: every decoder meets garbage.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "mysql-9.7-events",
                "mysql-9.7-types",
                "mariadb-11.8-events",
                "mariadb-11.8-types"
            })
    void garbageBehindARightChecksumIsRefusedOrHarmless(String log) {
        byte[] whole = LogFixture.bytes(log + ".binlog");
        var random = new Random(SEED);
        for (int round = 0; round < ROUNDS; round++) {
            byte[] bytes = whole.clone();
            String made = spoil(bytes, random);
            try {
                readAll(bytes);
            } catch (Problem e) {
                assertThat(e).hasMessageContaining("HINT: ");
            } catch (RuntimeException | StackOverflowError e) {
                fail("seed %d, round %d of %s, %s".formatted(SEED, round, log, made), e);
            }
        }
    }

    /// One to eight bytes of one event's body, anywhere in the file.
    private static String spoil(byte[] bytes, Random random) {
        MemorySegment segment = MemorySegment.ofArray(bytes);
        var starts = new java.util.ArrayList<Integer>();
        for (int at = 4; at < bytes.length; ) {
            starts.add(at);
            at += segment.get(EventHeader.INT32, at + 9);
        }
        int start = starts.get(1 + random.nextInt(starts.size() - 1));
        int size = segment.get(EventHeader.INT32, start + 9);
        int room = size - 4 - EventHeader.LENGTH;
        if (room > 0) {
            for (int i = 1 + random.nextInt(8); i > 0; i--) {
                // rather near the front, where the lengths are
                int place = random.nextInt(1 + random.nextInt(room));
                bytes[start + EventHeader.LENGTH + place] =
                        random.nextBoolean() ? (byte) random.nextInt(256) : (byte) 0xFF;
            }
        }
        if (random.nextInt(4) == 0) {
            EventType[] types = EventType.values();
            bytes[start + 4] = (byte) types[random.nextInt(types.length)].code();
        }
        var crc = new CRC32();
        crc.update(bytes, start, size - 4);
        segment.set(EventHeader.INT32, start + size - 4, (int) crc.getValue());
        return "event at " + start;
    }

    /// Events made of nothing but random bytes, of every type.
    @Test
    void inventedEventsAreRefusedOrHarmless() {
        var random = new Random(SEED);
        for (EventType type : EventType.values()) {
            for (int round = 0; round < ROUNDS / 4; round++) {
                byte[] body = new byte[random.nextInt(200)];
                random.nextBytes(body);
                byte[] event = new byte[EventHeader.LENGTH + body.length];
                System.arraycopy(body, 0, event, EventHeader.LENGTH, body.length);
                event[4] = (byte) type.code();
                MemorySegment segment = MemorySegment.ofArray(event);
                segment.set(EventHeader.INT32, 9, event.length);
                try {
                    for (Flavour flavour : Flavour.values()) {
                        if (type != EventType.FORMAT_DESCRIPTION) {
                            RawEvent raw = RawEvent.verified(event, ChecksumAlgorithm.NONE, "x");
                            assertThat(EventText.of(raw.decode(flavour))).isNotNull();
                        }
                    }
                } catch (Problem e) {
                    assertThat(e).hasMessageContaining("HINT: ");
                } catch (RuntimeException e) {
                    fail("seed %d, round %d of %s".formatted(SEED, round, type), e);
                }
            }
        }
    }

    private static void readAll(byte[] bytes) {
        var segment = MemorySegment.ofArray(bytes);
        var reader = new BinlogReader(segment, "fuzzed");
        Map<Long, TableMapEvent> maps = new HashMap<>();
        while (reader.next()) {
            LoggedEvent event =
                    LoggedEvent.of(
                            reader.origin(),
                            reader.offset() + reader.sizeBytes(),
                            reader.header(),
                            reader.type(),
                            reader.decode(),
                            reader.bytes(),
                            false);
            look(event, maps);
            if (event.event() instanceof TransactionPayloadEvent head) {
                try (var inside = new PayloadEvents(event, head)) {
                    for (var next = inside.next(); next.isPresent(); next = inside.next()) {
                        look(next.get(), maps);
                    }
                }
            }
        }
    }

    private static void look(LoggedEvent event, Map<Long, TableMapEvent> maps) {
        assertThat(EventText.of(event.event())).isNotNull();
        if (event.event() instanceof TableMapEvent map) {
            maps.put(map.tableId(), map);
        } else if (event.event() instanceof RowsEvent rows && maps.containsKey(rows.tableId())) {
            var images =
                    new RowImages(
                            rows,
                            maps.get(rows.tableId()),
                            event.bytes(),
                            event.origin(),
                            ValueCodec.EXACT);
            while (images.next()) {
                assertThat(List.of(images.before(), images.after())).isNotEmpty();
            }
        }
    }

    @Test
    void jsonThatPointsAtItselfEnds() {
        // a large array of 65535 entries that are all the array itself
        byte[] bytes = new byte[8 + 5 * 65535 + 1];
        bytes[0] = 3;
        MemorySegment segment = MemorySegment.ofArray(bytes);
        segment.set(ValueLayout.JAVA_INT_UNALIGNED, 1, 65535);
        segment.set(ValueLayout.JAVA_INT_UNALIGNED, 5, bytes.length - 1);
        for (int i = 0; 9 + 5 * i < bytes.length - 5; i++) {
            bytes[9 + 5 * i] = 3;
        }
        assertThat(io.backstay.binlog.value.JsonProbe.isRefused(segment)).isTrue();
    }
}
