package io.backstay.ledger;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// One fact, as it stands in a chain.
///
/// @param seq 1 for a chain's first entry
/// @param prev hash of the entry before; zeros for the first
/// @param monoMillis since the writer's machine booted; only differences within one boot mean
///   something
/// @param host the host it is about; empty if it is about none
/// @param type dotted words of the ledger's list, such as `guard.refused`
/// @param change digest of the change it belongs to; null if to none
/// @param body what the type says; empty if nothing more
/// @param head of the chain at this entry, with the entry's hash and signature
public record LedgerEntry(
        long seq,
        String prev,
        Instant time,
        long monoMillis,
        String actor,
        String host,
        String type,
        @Nullable String change,
        ObjectNode body,
        LedgerHead head) {

    public String writer() {
        return head.writer();
    }

    public String hash() {
        return head.hash();
    }
}
