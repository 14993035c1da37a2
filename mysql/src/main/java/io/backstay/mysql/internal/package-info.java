/// Unix sockets for the driver. Start at [UnixSocketFactory]. Never known outside this module.
@NullMarked
package io.backstay.mysql.internal;

import org.jspecify.annotations.NullMarked;
