/// A signed, hash-chained journal. Start at [Ledger]. Never stores state that its entries do not
/// explain.
@NullMarked
package io.backstay.ledger;

import org.jspecify.annotations.NullMarked;
