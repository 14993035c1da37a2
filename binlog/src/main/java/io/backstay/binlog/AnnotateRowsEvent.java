package io.backstay.binlog;

import java.nio.charset.StandardCharsets;

/// The statement that the rows events behind it come from, for a reader.
///
/// MariaDB's event is the text; MySQL's ROWS_QUERY has one byte before it, the text's length modulo
/// 256, which says nothing. The text is in the session's character set; bytes that are no UTF-8 are
/// replaced.
///
/// Source: MariaDB knowledge base, "ANNOTATE_ROWS_EVENT"; MySQL internals manual,
/// `ROWS_QUERY_EVENT`.
public record AnnotateRowsEvent(String statement) implements BinlogEvent {

    static AnnotateRowsEvent decode(EventBody body) {
        return new AnnotateRowsEvent(
                body.text("AnnotateRowsEvent.statement", body.remaining(), StandardCharsets.UTF_8));
    }

    static AnnotateRowsEvent decodeRowsQuery(EventBody body) {
        body.skip("AnnotateRowsEvent.length", 1);
        return decode(body);
    }
}
