package io.backstay.node.operation;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.mysql.Identifier;
import io.backstay.mysql.Server;
import io.backstay.node.host.DatabaseHost;

/// Leases that guards of other hosts hold on this member, while they destroy a copy of what it
/// still has.
final class Leases {
    private Leases() {}

    /// @param what the operation that must wait
    /// @throws Problem if somebody counts on this member now
    static void requireNone(Server session, DatabaseHost host, String what) {
        String lease = "backstay/" + host.cluster();
        String holder =
                session.requireValue(
                        "SELECT COALESCE(IS_USED_LOCK(" + Identifier.text(lease) + "), 0)");
        if (!holder.equals("0")) {
            throw new Problem(
                    ErrorCode.REFUSED,
                    "cannot %s %s: expected no lease %s on its server, found one held by connection %s: a guard of another member counts on this one"
                            .formatted(what, host.name(), lease, holder),
                    "wait until that member's step has ended; `SHOW PROCESSLIST` names the connection.");
        }
    }
}
