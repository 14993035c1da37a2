/// Backups and binary logs that others made, taken into an archive: text dumps are turned into
/// chunks without a server, log files into segments. Start at [Intake]. Never guesses: what a dump
/// does not say is found in the log, given, or refused by name.
@NullMarked
package io.backstay.recovery.intake;

import org.jspecify.annotations.NullMarked;
