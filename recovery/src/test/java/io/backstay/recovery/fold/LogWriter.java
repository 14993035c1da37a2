package io.backstay.recovery.fold;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/// Writes a small log of MariaDB 10.11 with one table `d.t(id INT PRIMARY KEY, v VARCHAR(20))`, as
/// a server would, checksums included.
@SuppressWarnings("ByteBufferBackingArray") // all are from allocate()
public final class LogWriter {
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private int server = 1;

    public LogWriter() {
        log.writeBytes(new byte[] {(byte) 0xFE, 'b', 'i', 'n'});
        ByteBuffer body = buffer(57 + 180 + 1);
        body.putShort((short) 4).put("10.11.5-MariaDB-log".getBytes(StandardCharsets.US_ASCII));
        body.position(52).putInt(0).put((byte) 19);
        body.position(57 + 180).put((byte) 1);
        event(15, body.array());
    }

    /// Of the events that follow.
    LogWriter server(int id) {
        server = id;
        return this;
    }

    public LogWriter begin(long sequence) {
        ByteBuffer body = buffer(19);
        body.putLong(sequence).putInt(0).put((byte) 0);
        return event(162, body.array());
    }

    LogWriter gtidList(long sequence) {
        return event(163, buffer(20).putInt(1).putInt(0).putInt(1).putLong(sequence).array());
    }

    public LogWriter tableMap() {
        ByteBuffer body = buffer(8 + 3 + 3 + 1 + 2 + 1 + 2 + 1);
        body.putInt(18).putShort((short) 0).putShort((short) 1);
        body.put((byte) 1)
                .put((byte) 'd')
                .put((byte) 0)
                .put((byte) 1)
                .put((byte) 't')
                .put((byte) 0);
        body.put((byte) 2).put((byte) 3).put((byte) 15);
        body.put((byte) 2).putShort((short) 20).put((byte) 2);
        return event(19, body.array());
    }

    public LogWriter insert(int id, @Nullable String v) {
        return rows(23, 1, 0, image(id, v));
    }

    LogWriter delete(int id, @Nullable String v) {
        return rows(25, 1, 0, image(id, v));
    }

    LogWriter update(int id, @Nullable String v, int newId, @Nullable String newV) {
        return rows(24, 2, 0, image(id, v), image(newId, newV));
    }

    LogWriter rows(int type, int bitmaps, int missingColumns, byte[]... images) {
        var body = new ByteArrayOutputStream();
        body.writeBytes(
                buffer(9).putInt(18).putShort((short) 0).putShort((short) 1).put((byte) 2).array());
        for (int i = 0; i < bitmaps; i++) {
            body.write(0xFF & ~missingColumns);
        }
        for (byte[] image : images) {
            body.writeBytes(image);
        }
        return event(type, body.toByteArray());
    }

    static byte[] image(int id, @Nullable String v) {
        byte[] text = v == null ? new byte[0] : v.getBytes(StandardCharsets.UTF_8);
        ByteBuffer image = buffer(5 + (v == null ? 0 : 1 + text.length));
        image.put((byte) (v == null ? 0xFE : 0xFC)).putInt(id);
        if (v != null) {
            image.put((byte) text.length).put(text);
        }
        return image.array();
    }

    LogWriter query(String statement) {
        return query(statement, 1, 0, 0, 0);
    }

    /// @param collation number of the client's, 0 for none
    LogWriter query(String statement, int thread, int flags, int error, int collation) {
        byte[] text = statement.getBytes(StandardCharsets.UTF_8);
        int context = collation == 0 ? 0 : 7;
        ByteBuffer body = buffer(13 + context + 2 + text.length);
        body.putInt(thread).putInt(0).put((byte) 1);
        body.putShort((short) error).putShort((short) context);
        if (collation != 0) {
            body.put((byte) 4).putShort((short) collation);
            body.putShort((short) 45).putShort((short) 45);
        }
        body.put((byte) 'd').put((byte) 0).put(text);
        return event(2, body.array(), flags);
    }

    LogWriter annotate(String statement) {
        return event(160, statement.getBytes(StandardCharsets.UTF_8));
    }

    public LogWriter commit() {
        return event(16, buffer(8).putLong(7).array());
    }

    LogWriter event(int type, byte[] body) {
        return event(type, body, 0);
    }

    private LogWriter event(int type, byte[] body, int flags) {
        int size = 19 + body.length + 4;
        ByteBuffer event = buffer(size);
        event.putInt(1_700_000_000).put((byte) type).putInt(server).putInt(size);
        event.putInt(log.size() + size).putShort((short) flags).put(body);
        var crc = new CRC32();
        crc.update(event.array(), 0, size - 4);
        event.putInt((int) crc.getValue());
        log.writeBytes(event.array());
        return this;
    }

    public byte[] bytes() {
        return log.toByteArray();
    }

    public int size() {
        return log.size();
    }

    LogStretch stretch() {
        return new LogStretch("binlog.000001", MemorySegment.ofArray(bytes()));
    }

    private static ByteBuffer buffer(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }
}
