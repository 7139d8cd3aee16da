package io.backhoe.backup;

import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import org.jspecify.annotations.Nullable;

/** A backup could not be written, read or deleted. Its message names the object and the place, and holds no credential. */
public final class BackupException extends BackhoeException {
    /** Stands in the reason of each run that pauses because of its backup. */
    public static final String STOPS = "backup cannot be written, and nothing is written without it";

    private static final long serialVersionUID = 1L;

    /** What is wrong. */
    public enum Kind {
        /** The place does not answer, or answers that it cannot. */
        DOWN,
        /** It took longer than a batch may hold its locks. */
        SLOW,
        /** There is no room left. */
        FULL,
        /** It may not be done with what this process has to show. */
        FORBIDDEN,
        /** It is not there. */
        MISSING,
        /** It is there, and is not what was written. */
        DAMAGED;

        private ExitCode exit() {
            return this == MISSING || this == DAMAGED
                    ? ExitCode.REFUSED
                    : this == DOWN || this == FORBIDDEN ? ExitCode.UNREACHABLE : ExitCode.STOPPED;
        }

        private String code() {
            return switch (this) {
                case DOWN -> "backup_unreachable";
                case SLOW -> "backup_too_slow";
                case FULL -> "backup_full";
                case FORBIDDEN -> "backup_forbidden";
                case MISSING -> "backup_object_missing";
                case DAMAGED -> "backup_damaged";
            };
        }
    }

    private final Kind kind;

    public BackupException(Kind kind, String message, @Nullable Throwable cause) {
        this(kind, kind.exit(), message, null, cause);
    }

    private BackupException(
            Kind kind, ExitCode exit, String message, @Nullable String hint, @Nullable Throwable cause) {
        super(exit, kind.code(), message, hint, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }

    /** The same, for a run that stops because of it, resumable. */
    public BackupException stopping(long runId) {
        return new BackupException(
                kind,
                ExitCode.STOPPED,
                "The " + STOPS + ": " + getMessage() + ". What was committed stays.",
                "backhoe resume " + runId + " goes on once it can be written",
                this);
    }
}
