/// Rows of a server as LOAD DATA text, read without an object for each. Start at [RowTextQuery].
/// Never writes to a server.
@NullMarked
package io.backstay.recovery.rows;

import org.jspecify.annotations.NullMarked;
