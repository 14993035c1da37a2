/// What `guard retire` needs of this host and its archive. Start at
/// [io.backstay.cli.retire.CertifiedBackup]. Never decides by itself that something may go.
@NullMarked
package io.backstay.cli.retire;

import org.jspecify.annotations.NullMarked;
