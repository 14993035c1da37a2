package io.backstay.binlog;

/// Where an event's first byte lies: a file's name and the offset in it.
public record EventOrigin(String file, long offsetBytes) {

    @Override
    public String toString() {
        return file + ":" + offsetBytes;
    }
}
