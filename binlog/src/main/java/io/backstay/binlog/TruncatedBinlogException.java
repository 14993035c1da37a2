package io.backstay.binlog;

/// A log that ends inside an event. A crash leaves this at the end of the newest file; anywhere
/// else it is damage.
public final class TruncatedBinlogException extends DamagedBinlogException {
    private static final long serialVersionUID = 1L;

    TruncatedBinlogException(
            EventOrigin origin, String field, long expectedBytes, long foundBytes) {
        super(origin, field, bytes(expectedBytes), Long.toString(foundBytes));
    }
}
