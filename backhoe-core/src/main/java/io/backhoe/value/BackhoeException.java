package io.backhoe.value;

import org.jspecify.annotations.Nullable;

/**
 * Something a person has to know. {@code getMessage()} says what happened, on which table and range, and what is now
 * true in the database; {@link #hint()} says what to do or type next.
 */
public class BackhoeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String message;
    private final ExitCode exit;
    private final String code;
    private final @Nullable String hint;

    /**
     * @param code a stable snake_case word for machines, such as {@code table_not_found}
     * @param hint how to mend it, or what to type next
     */
    public BackhoeException(ExitCode exit, String code, String message, @Nullable String hint) {
        this(exit, code, message, hint, null);
    }

    public BackhoeException(
            ExitCode exit, String code, String message, @Nullable String hint, @Nullable Throwable cause) {
        super(message, cause);
        this.message = message;
        this.exit = exit;
        this.code = code;
        this.hint = hint;
    }

    public ExitCode exit() {
        return exit;
    }

    public String code() {
        return code;
    }

    public @Nullable String hint() {
        return hint;
    }

    /** Whether the same command may work when typed again, with nothing changed. */
    public boolean retryable() {
        // The state of a run does not change by itself.
        boolean passing = exit == ExitCode.CONFLICT && !code.equals("wrong_state");
        return exit == ExitCode.UNREACHABLE || passing || exit == ExitCode.STOPPED;
    }

    /** Never null. */
    @Override
    public String getMessage() {
        return message;
    }
}
