package io.backhoe.value;

/** What a process answers to its caller. The kind of an error is its exit code. */
public enum ExitCode {
    SUCCESS(0),
    UNEXPECTED(1),
    USAGE(2),
    REFUSED(3),
    UNREACHABLE(4),
    PARTIAL(5),
    CHECK_FAILED(6),
    DRIFTED(7),
    CONFLICT(8),
    STOPPED(9),
    INTERRUPTED(130);

    private final int code;

    ExitCode(int code) {
        this.code = code;
    }

    /** The process exit status, 0 to 130. */
    public int code() {
        return code;
    }
}
