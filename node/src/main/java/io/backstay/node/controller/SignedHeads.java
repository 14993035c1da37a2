package io.backstay.node.controller;

import io.backstay.doors.Problem;
import io.backstay.ledger.Ledger;
import io.backstay.ledger.LedgerHead;
import io.backstay.ledger.LedgerVerifier;
import io.backstay.ledger.seal.TrustedKeys;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/// Keeps the heads of agents' chains in the controller's own, each once, and only those that the
/// host's own key signed: a wrong one in there would speak against that host's chain for ever.
///
/// Threads: safe for use by several.
public final class SignedHeads implements HeadRegister {
    private final Ledger ledger;
    private final Function<String, TrustedKeys> keysOf;
    private final Map<String, String> heads = new HashMap<>();

    /// @param keysOf the keys that speak for one host, and no others
    public SignedHeads(Ledger ledger, Function<String, TrustedKeys> keysOf) {
        this.ledger = ledger;
        this.keysOf = keysOf;
    }

    @Override
    public synchronized void record(String host, String head) {
        if (head.equals(heads.get(host))) {
            return;
        }
        String fault = fault(host, head);
        if (fault.isEmpty()) {
            ledger.append(LedgerVerifier.HEAD_MIRRORED, host, null, Map.of("head", head));
        } else {
            ledger.append("ledger.head.refused", host, null, Map.of("why", fault));
        }
        heads.put(host, head);
    }

    private String fault(String host, String head) {
        try {
            LedgerHead parsed = LedgerHead.parse(head);
            if (!parsed.writer().equals(host)) {
                return "expected a head of the chain of %s, found one of %s"
                        .formatted(host, parsed.writer());
            }
            return parsed.isSignedBy(keysOf.apply(host))
                    ? ""
                    : "key %s did not sign it for %s".formatted(parsed.keyId(), host);
        } catch (Problem e) {
            return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        }
    }
}
