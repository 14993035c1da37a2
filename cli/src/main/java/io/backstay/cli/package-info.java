/// The command line: one class a verb.
@NullMarked
package io.backstay.cli;

import org.jspecify.annotations.NullMarked;
