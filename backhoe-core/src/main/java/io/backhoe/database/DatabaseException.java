package io.backhoe.database;

import org.jspecify.annotations.Nullable;

/**
 * An error of the server, classified. The message never holds the server's DETAIL, because that holds row values; it is
 * kept apart for the ledger.
 */
public final class DatabaseException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String message;
    private final ErrorKind kind;
    private final String sqlState;
    private final @Nullable String detail;

    public DatabaseException(
            ErrorKind kind, String sqlState, String message, @Nullable String detail, @Nullable Throwable cause) {
        super(message, cause);
        this.message = message;
        this.kind = kind;
        this.sqlState = sqlState;
        this.detail = detail;
    }

    public ErrorKind kind() {
        return kind;
    }

    /** The five characters of SQLSTATE; {@code 08000} when the server could not say. */
    public String sqlState() {
        return sqlState;
    }

    public @Nullable String detail() {
        return detail;
    }

    /** Never null. */
    @Override
    public String getMessage() {
        return message;
    }
}
