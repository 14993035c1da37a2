/// Where a rollout stands, folded from its ledger entries. Start at [RolloutProgress]. Pure.
@NullMarked
package io.backstay.rollout.progress;

import org.jspecify.annotations.NullMarked;
