/// From a server to an archive to a proven server. Never calls a base good before a restore of it
/// was run.
@NullMarked
package io.backstay.recovery;

import org.jspecify.annotations.NullMarked;
