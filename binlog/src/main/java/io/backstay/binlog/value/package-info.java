/// The values in row images as exact text, for people and for JSON. Start at [RowImages]. Never
/// guesses: what the log does not tell about a column, its text shows.
@NullMarked
package io.backstay.binlog.value;

import org.jspecify.annotations.NullMarked;
