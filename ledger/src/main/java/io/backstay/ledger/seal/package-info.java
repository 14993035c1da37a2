/// Keys and signatures: who said these bytes. Start at [Envelope]. Never parses bytes it has not
/// verified.
@NullMarked
package io.backstay.ledger.seal;

import org.jspecify.annotations.NullMarked;
