package io.backstay.binlog;

/// What protects the events of one file, told by its format description event.
public enum ChecksumAlgorithm {
    NONE(0),
    CRC32(4);

    private final int lengthBytes;

    ChecksumAlgorithm(int lengthBytes) {
        this.lengthBytes = lengthBytes;
    }

    /// Bytes at the end of each event.
    public int lengthBytes() {
        return lengthBytes;
    }
}
