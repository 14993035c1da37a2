/// Binary log bytes to records. Start at [BinlogReader]. Never opens a connection, never decodes a
/// value that nobody asked for.
@NullMarked
package io.backstay.binlog;

import org.jspecify.annotations.NullMarked;
