package io.backstay.doors;

/// An operating error with its way out: what failed, expected, found, where, then a `HINT:` with
/// the next command.
///
/// Thrown, never logged and continued from; the command line prints the message and exits with the
/// code's number. Damaged data has types of its own that extend this one.
public class Problem extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;

    /// @param what lower case, without a final period; names the thing, the expectation and the
    ///   finding
    /// @param hint whole sentences with the exact next command
    public Problem(ErrorCode code, String what, String hint) {
        super(what + "\nHINT: " + hint);
        this.code = code;
    }

    public Problem(ErrorCode code, String what, String hint, Throwable cause) {
        super(what + "\nHINT: " + hint, cause);
        this.code = code;
    }

    public ErrorCode code() {
        return code;
    }
}
