package io.backstay.recovery.archive.store;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;

/// The place where an archive lies does not do what it is asked for; never the server's fault.
public final class StoreProblem extends Problem {
    private static final long serialVersionUID = 1L;

    StoreProblem(ErrorCode code, String what, String hint) {
        super(code, what, hint);
    }

    StoreProblem(ErrorCode code, String what, String hint, Throwable cause) {
        super(code, what, hint, cause);
    }
}
