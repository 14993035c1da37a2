/// One running server, seen through SQL or its replication stream. Start at [ServerAddress]. Never
/// decides what may be done to it.
@NullMarked
package io.backstay.mysql;

import org.jspecify.annotations.NullMarked;
