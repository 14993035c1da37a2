/// Where backups live: a folder of immutable parts and the manifest that names them. Start at
/// [Archive]. Never talks to a server.
@NullMarked
package io.backstay.recovery.archive;

import org.jspecify.annotations.NullMarked;
