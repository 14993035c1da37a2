/// One host's own database server and folders, as its agent reaches them. Start at [DatabaseHost].
/// Never touches another host's.
@NullMarked
package io.backstay.node.host;

import org.jspecify.annotations.NullMarked;
