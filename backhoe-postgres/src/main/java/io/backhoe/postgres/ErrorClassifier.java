package io.backhoe.postgres;

import io.backhoe.database.DatabaseException;
import io.backhoe.database.ErrorKind;
import java.io.IOException;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.PSQLWarning;
import org.postgresql.util.ServerErrorMessage;

/** What an error of PostgreSQL means for us, by its SQLSTATE (appendix "PostgreSQL Error Codes" of its manual). */
final class ErrorClassifier {
    private static final Set<String> TRANSIENT = Set.of("40001", "40P01", "25P03", "25P04", "53300", "53200");
    private static final Set<String> LOST = Set.of("57P01", "57P02", "57P03", "57P05");
    private static final Set<String> STATEMENT_CLASSES = Set.of("42", "0A", "2F", "38", "39", "54");

    /** Locked by somebody, not allowed, gone. */
    private static final Set<String> SKIPPED = Set.of("55P03", "42501", "42P01");

    /** Where the server (vacuum.c) says that it skips a table: since 16, until 15, and what is no table. */
    private static final Set<String> SKIPS =
            Set.of("vacuum_is_permitted_for_relation", "vacuum_is_relation_owner", "vacuum_rel");

    private static final String RAN_OUT = "canceling statement due to statement timeout";
    private static final String ASKED_TO = "canceling statement due to user request";

    /** From the first quote to the last, those of other languages too: a value may hold quotes and ends of lines. */
    private static final Pattern VALUE = Pattern.compile("[\"„“”«»].*[\"„“”«»]", Pattern.DOTALL);

    private ErrorClassifier() {}

    /**
     * @param elapsed how long the statement had run
     * @param timeout the statement_timeout that it ran under; zero for none
     */
    static DatabaseException classify(SQLException error, Duration elapsed, Duration timeout) {
        String state = Objects.requireNonNullElse(error.getSQLState(), "08000");
        ErrorKind kind = causedByStream(error) ? ErrorKind.CONNECTION_LOST : kind(error, state, elapsed, timeout);
        return new DatabaseException(kind, state, message(error) + " (SQLSTATE " + state + ")", detail(error), error);
    }

    /**
     * What VACUUM warns of when it has skipped the table. It warns also of what it could do no better, such as old transactions
     * that keep dead rows.
     */
    static void refuseSkipped(@Nullable SQLWarning first) {
        for (SQLWarning warning = first; warning != null; warning = warning.getNextWarning()) {
            String state = Objects.requireNonNullElse(warning.getSQLState(), "01000");
            if (SKIPPED.contains(state) || isSkippedBy(warning)) {
                ErrorKind kind = state.equals("55P03") ? ErrorKind.LOCK_TIMEOUT : ErrorKind.PERMISSION;
                throw new DatabaseException(kind, state, message(warning) + " (SQLSTATE " + state + ")", null, warning);
            }
        }
    }

    /** For lack of a right the state is that of any warning; the place in the server tells it, in any language. */
    private static boolean isSkippedBy(SQLWarning warning) {
        ServerErrorMessage server = warning instanceof PSQLWarning told ? told.getServerErrorMessage() : null;
        return server != null && SKIPS.contains(String.valueOf(server.getRoutine()));
    }

    private static ErrorKind kind(SQLException error, String state, Duration elapsed, Duration timeout) {
        String group = state.substring(0, 2);
        if (error.getSQLState() == null) {
            return ErrorKind.UNKNOWN;
        } else if (TRANSIENT.contains(state)) {
            return ErrorKind.TRANSIENT;
        } else if (state.equals("55P03")) {
            return ErrorKind.LOCK_TIMEOUT;
        } else if (state.equals("57014")) {
            return ranOut(primary(error), elapsed, timeout) ? ErrorKind.TIMEOUT : ErrorKind.CANCELLED;
        } else if (state.equals("08P01")) {
            // an ERROR leaves the session as it was; poolers send this state with a FATAL when they hang up
            return fatal(error) ? ErrorKind.CONNECTION_LOST : ErrorKind.STATEMENT;
        } else if (LOST.contains(state) || group.equals("08")) {
            return ErrorKind.CONNECTION_LOST;
        } else if (group.equals("22") || group.equals("23") || group.equals("P0") || group.equals("21")) {
            return ErrorKind.BAD_ROW;
        } else if (isOfValue(error)) {
            return ErrorKind.BAD_ROW;
        } else if (state.equals("42501") || group.equals("28")) {
            return ErrorKind.PERMISSION;
        } else if (STATEMENT_CLASSES.contains(group)) {
            return ErrorKind.STATEMENT;
        }
        // 25006 too: after a failover this may be a standby, and the chunks are not to blame
        return ErrorKind.UNKNOWN;
    }

    /**
     * Whether the syntax that is wrong is that of a value, such as a tsquery or a jsonpath: the server knows no place of it in the
     * statement, nor in one that a function has made.
     */
    private static boolean isOfValue(SQLException error) {
        ServerErrorMessage server = serverMessage(error);
        return "42601".equals(error.getSQLState())
                && server != null
                && !isRaised(error)
                && server.getPosition() == 0
                && server.getInternalPosition() == 0
                && server.getInternalQuery() == null;
    }

    private static boolean fatal(SQLException error) {
        ServerErrorMessage server = serverMessage(error);
        return server != null && Set.of("FATAL", "PANIC").contains(String.valueOf(server.getSeverity()));
    }

    /** Whether the error is that policies would hide rows from us. By the place in the server: words are translated. */
    static boolean rowSecurity(@Nullable Throwable error) {
        ServerErrorMessage server = error instanceof SQLException sql ? serverMessage(sql) : null;
        return server != null && "check_enable_rls".equals(server.getRoutine());
    }

    /**
     * The server says "timeout" or "user request" only in words: where they are those that we know we believe them, whatever
     * the clock says, because a person may cancel at any time. In another language only the clock is left.
     */
    private static boolean ranOut(String message, Duration elapsed, Duration timeout) {
        if (message.equals(RAN_OUT) || message.equals(ASKED_TO)) {
            return message.equals(RAN_OUT);
        }
        return !timeout.isZero() && elapsed.toNanos() >= timeout.toNanos() / 100 * 95;
    }

    private static boolean causedByStream(SQLException error) {
        return error.getCause() instanceof IOException;
    }

    /** The primary message alone, as far as it holds no values of rows: DETAIL, CONTEXT and the rest may. */
    static String message(SQLException error) {
        String primary = primary(error);
        if (isOfValue(error)) {
            return "a value is not written as its type is";
        }
        if (showsValues(error)) {
            // Data exceptions quote the value; what a trigger or function raises may say anything.
            return !isRaised(error)
                    ? VALUE.matcher(primary).replaceAll("\"...\"")
                    : "a trigger or function raised an error of its own";
        }
        return primary;
    }

    private static String primary(SQLException error) {
        ServerErrorMessage server = serverMessage(error);
        String primary = server == null ? error.getMessage() : server.getMessage();
        return primary == null ? "an error without a message" : primary.strip();
    }

    private static boolean showsValues(SQLException error) {
        return String.valueOf(error.getSQLState()).startsWith("22") || isRaised(error) || isOfValue(error);
    }

    /**
     * Whether it says what somebody wrote into a function: RAISE gives it any SQLSTATE. By the file of the server that it
     * comes from, as those of procedural languages are called (pl_exec.c, plpy_elog.c, plperl.c, pltcl.c): words are
     * translated.
     */
    private static boolean isRaised(SQLException error) {
        ServerErrorMessage server = serverMessage(error);
        String file = server == null ? null : server.getFile();
        boolean language = file != null && file.startsWith("pl") && !file.startsWith("plan");
        return language || String.valueOf(error.getSQLState()).startsWith("P0");
    }

    private static @Nullable String detail(SQLException error) {
        ServerErrorMessage server = serverMessage(error);
        if (server == null) {
            return null;
        }
        String all = Stream.of(
                        line("MESSAGE", showsValues(error) ? primary(error) : null),
                        line("DETAIL", server.getDetail()),
                        line("HINT", server.getHint()),
                        line("CONTEXT", server.getWhere()))
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining("\n"));
        return all.isEmpty() ? null : all;
    }

    private static String line(String label, @Nullable String text) {
        return text == null ? "" : label + ": " + text;
    }

    private static @Nullable ServerErrorMessage serverMessage(SQLException error) {
        return error instanceof PSQLException postgres ? postgres.getServerErrorMessage() : null;
    }
}
