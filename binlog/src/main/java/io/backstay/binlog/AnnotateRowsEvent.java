package io.backstay.binlog;

import java.nio.charset.StandardCharsets;

/// The statement that the rows events behind it come from, for a reader. The whole body is its
/// text, in the session's character set; bytes that are no UTF-8 are replaced.
///
/// Source: MariaDB knowledge base, "ANNOTATE_ROWS_EVENT".
public record AnnotateRowsEvent(String statement) implements BinlogEvent {

    static AnnotateRowsEvent decode(EventBody body) {
        return new AnnotateRowsEvent(
                body.text("AnnotateRowsEvent.statement", body.remaining(), StandardCharsets.UTF_8));
    }
}
