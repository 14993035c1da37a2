package io.backstay.doors;

/// Why an operation ended without its result, as a stable name with the exit code that stands for
/// it on the command line.
///
/// Exit codes: 1 no, failed, differences found; 2 usage, bad file, bad configuration; 3 refused by
/// guard or gate; 4 done but not proven; 5 frozen or in doubt, a person is needed; 6 backed out or
/// restored instead of completed; 70 a bug.
public enum ErrorCode {
    FAILED(1),
    USAGE(2),
    BAD_FILE(2),
    ENVIRONMENT(2),
    UNSUPPORTED(2),
    REFUSED(3),
    UNPROVEN(4),
    IN_DOUBT(5),
    BACKED_OUT(6);

    private final int exitCode;

    ErrorCode(int exitCode) {
        this.exitCode = exitCode;
    }

    public int exitCode() {
        return exitCode;
    }
}
