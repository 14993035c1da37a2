package io.backstay.ledger;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import java.nio.file.Path;

/// A chain that contradicts itself or a mirrored head. Nothing is appended to it: a person must
/// look.
public final class DamagedLedgerException extends Problem {
    private static final long serialVersionUID = 1L;

    DamagedLedgerException(Path file, long line, String what) {
        super(
                ErrorCode.IN_DOUBT,
                "cannot continue the ledger %s at line %d: %s".formatted(file, line, what),
                "Keep the file as it is; `backstay ledger verify %s` says what is intact. Compare with a copy or a mirrored head."
                        .formatted(file.getParent()));
    }
}
