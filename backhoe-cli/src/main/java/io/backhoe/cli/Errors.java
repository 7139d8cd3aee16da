package io.backhoe.cli;

import io.backhoe.database.DatabaseException;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import java.io.PrintStream;
import java.sql.SQLException;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Turns what was thrown into what a person and a machine are told. */
final class Errors {
    private Errors() {}

    static Failure failure(Throwable thrown) {
        if (thrown instanceof BackhoeException e) {
            return Failure.of(e);
        }
        if (thrown instanceof DatabaseException e) {
            return ofDatabase(e);
        }
        String message = thrown instanceof SQLException sql
                ? "The database said " + sql.getSQLState() + "."
                : name(thrown) + (thrown.getMessage() == null ? "" : ": " + thrown.getMessage());
        return new Failure(
                ExitCode.UNEXPECTED,
                "unexpected",
                message,
                "What is committed stays, and a run that had begun can be resumed: backhoe status. "
                        + "The same command with --verbose shows where it happened.",
                false);
    }

    private static Failure ofDatabase(DatabaseException e) {
        String message = "The database answered: " + e.getMessage();
        return switch (e.kind()) {
            case CONNECTION_LOST ->
                new Failure(
                        ExitCode.UNREACHABLE,
                        "connection_lost",
                        message,
                        "What is committed stays. When the server answers again, type the command again; "
                                + "a run that had begun goes on with backhoe resume.",
                        true);
            case PERMISSION ->
                new Failure(
                        ExitCode.UNREACHABLE,
                        "permission_denied",
                        message,
                        "Ask the owner for the right that is named, or connect as another role.",
                        false);
            case LOCK_TIMEOUT ->
                new Failure(
                        ExitCode.CONFLICT,
                        "lock_not_had",
                        message + ": somebody else holds a lock that stands in the way. Nothing was changed by this"
                                + " command.",
                        "SELECT pid, usename, application_name, xact_start, query FROM pg_stat_activity WHERE pid IN"
                                + " (SELECT pid FROM pg_locks WHERE granted AND mode = 'AccessExclusiveLock'); shows"
                                + " who. Then type the command again.",
                        true);
            case TIMEOUT ->
                new Failure(
                        ExitCode.CONFLICT,
                        "took_too_long",
                        message + ": the server did not answer in the time that such a question is given.",
                        "Try again when less goes on there; what is committed stays.",
                        true);
            default ->
                new Failure(
                        ExitCode.UNEXPECTED,
                        "unexpected",
                        message,
                        "What is committed stays, and a run that had begun can be resumed: backhoe status.",
                        false);
        };
    }

    /**
     * The stack trace without what the driver says, because that has the server's DETAIL line and so values of rows.
     */
    static void trace(Throwable thrown, PrintStream into) {
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        for (@Nullable Throwable t = thrown; t != null && seen.add(t); t = t.getCause()) {
            String said =
                    t instanceof SQLException sql ? "SQLSTATE " + sql.getSQLState() : String.valueOf(t.getMessage());
            into.println((t == thrown ? "" : "caused by ") + t.getClass().getName() + ": " + said);
            for (var frame : t.getStackTrace()) {
                into.println("    at " + frame);
            }
        }
    }

    private static String name(Throwable thrown) {
        String simple = thrown.getClass().getSimpleName();
        return simple.isEmpty() ? thrown.getClass().getName() : simple;
    }
}
