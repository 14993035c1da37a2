/// The only ways outside: clock, disk, processes, kernel calls. Start at [Disk]. Never decides
/// anything.
@NullMarked
package io.backstay.doors;

import org.jspecify.annotations.NullMarked;
