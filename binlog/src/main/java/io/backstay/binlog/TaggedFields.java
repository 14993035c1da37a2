package io.backstay.binlog;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

/// MySQL's own serialisation of a message as numbered fields, which its newest events use.
///
/// | Part | Is |
/// | --- | --- |
/// | version | number, 1 |
/// | size | number, bytes of the whole message from the version on |
/// | last field that may not be ignored | number |
/// | each field, by growing number | number of the field, value; an optional one may be missing |
///
/// A number takes 1 to 9 bytes, little endian: as many low bits of the first byte are set as bytes
/// follow, then a zero bit (none in nine bytes), then the value. A signed value has its sign in the
/// lowest bit; a negative one is stored as its complement. Text is a length and bytes. A UUID is
/// sixteen numbers.
///
/// Source: MySQL source, `libs/mysql/serialization/readme.md`.
final class TaggedFields {
    /// What [#next] returns behind the last field.
    static final int END = -1;

    private final EventBody body;
    private final String event;
    private final long end;

    TaggedFields(EventBody body, String event) {
        this.body = body;
        this.event = event;
        long before = body.remaining();
        long version = unsigned();
        if (version != 1) {
            throw body.damaged(event + ".version", "1", Long.toUnsignedString(version));
        }
        long size = unsigned();
        if (size < 3 || size > before) {
            throw body.damaged(
                    event + ".sizeBytes", "3 to " + before + " bytes", Long.toUnsignedString(size));
        }
        this.end = before - size;
        unsigned();
    }

    int next() {
        if (body.remaining() <= end) {
            return END;
        }
        long field = unsigned();
        if (field < 0 || field > 1000) {
            throw body.damaged(event + ".field", "a small number", Long.toUnsignedString(field));
        }
        return (int) field;
    }

    long unsigned() {
        int first = body.uint8(event + ".field");
        int more = Integer.numberOfTrailingZeros(~first & 0x1FF);
        long value = more >= 8 ? 0 : first >> (more + 1);
        int shift = more >= 8 ? 0 : 7 - more;
        for (int i = 0; i < more; i++, shift += 8) {
            value |= (long) body.uint8(event + ".field") << shift;
        }
        return value;
    }

    long signed() {
        long value = unsigned();
        return (value & 1) == 0 ? value >>> 1 : ~(value >>> 1);
    }

    String text() {
        return body.text(event + ".text", unsigned(), StandardCharsets.UTF_8);
    }

    UUID uuid() {
        long high = 0;
        long low = 0;
        for (int i = 0; i < 16; i++) {
            high = high << 8 | low >>> 56;
            low = low << 8 | (unsigned() & 0xFF);
        }
        return new UUID(high, low);
    }
}
