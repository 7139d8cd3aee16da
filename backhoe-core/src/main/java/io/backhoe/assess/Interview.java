package io.backhoe.assess;

import io.backhoe.database.DatabaseException;
import io.backhoe.database.ErrorKind;
import io.backhoe.database.Session;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.SqlName;
import io.backhoe.value.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Asks one question after the other, each with a time limit, and lets none hide another. Not thread-safe. */
final class Interview {
    /** No question gets more than this share of the whole time. */
    private static final int SHARES = 4;

    private final Session session;
    private final Time time;
    private final Duration limit;
    private final long deadline;
    private final List<Finding> findings = new ArrayList<>();
    private Duration granted;
    private boolean lost;

    Interview(Session session, Time time, Duration timeout, long start) {
        this.session = session;
        this.time = time;
        this.limit = timeout.dividedBy(SHARES);
        this.granted = limit;
        this.deadline = start + timeout.toNanos();
    }

    List<Finding> findings() {
        return findings;
    }

    void ask(Question question, Subject subject) {
        int before = findings.size();
        @Nullable List<Finding> found = answer(question.about(), subject, () -> question.ask(subject), null);
        if (found != null) {
            findings.addAll(found);
        }
        if (question.mayBlock()) {
            findings.subList(before, findings.size()).replaceAll(Finding::leavingOpenABlocker);
        }
    }

    /**
     * Asks, and makes a finding of what cannot be answered.
     *
     * @param whenTooLong what to ask instead when there is no answer in time, or null
     * @return null where there is no answer
     */
    <T> @Nullable T answer(String about, Subject subject, Supplier<T> question, @Nullable Supplier<T> whenTooLong) {
        try {
            return inTransaction(question);
        } catch (DatabaseException e) {
            if (e.kind() == ErrorKind.TIMEOUT && whenTooLong != null) {
                return answer(about, subject, whenTooLong, null);
            }
            findings.add(unanswered(about, e, subject));
        } catch (OutOfTime e) {
            findings.add(Finding.noTimeFor(about)
                    .remedy("Allow more time: --timeout "
                            + limit.multipliedBy(SHARES * 5L).toSeconds() + "s."));
        } catch (BackhoeException e) {
            findings.add(Finding.blocker(e.code(), sentence(e.getMessage())).remedy(e.hint()));
        }
        return null;
    }

    private static String sentence(String message) {
        return message.endsWith(".") ? message : message + ".";
    }

    private <T> T inTransaction(Supplier<T> question) {
        long left = deadline - time.nanos();
        if (left < Duration.ofMillis(50).toNanos()) {
            throw new OutOfTime();
        }
        if (lost) {
            throw new DatabaseException(
                    ErrorKind.CONNECTION_LOST, "08006", "the connection was lost before it", null, null);
        }
        session.begin(Session.Isolation.READ_ONLY);
        try {
            granted = Duration.ofMillis(Math.min(limit.toMillis(), left / 1_000_000));
            session.query(
                    "SELECT set_config('statement_timeout', :limit, true)",
                    Map.of("limit", Long.toString(granted.toMillis())));
            return question.get();
        } finally {
            session.rollback();
        }
    }

    private Finding unanswered(String about, DatabaseException e, Subject subject) {
        lost |= e.kind() == ErrorKind.CONNECTION_LOST;
        Finding finding = Finding.couldNotTell(about, e.getMessage()).with("sqlstate", e.sqlState());
        return switch (e.kind()) {
            case TIMEOUT ->
                Finding.couldNotTell(about, "no answer within " + Amount.seconds(granted) + ".")
                        .with("sqlstate", e.sqlState())
                        .remedy("Allow more time (--timeout "
                                + limit.multipliedBy(SHARES * 5L).toSeconds() + "s), or ask on a standby.");
            case LOCK_TIMEOUT ->
                finding.remedy("Somebody holds a lock that keeps even readers out; find out who, and ask again.")
                        .shownBy("SELECT pid, mode, relation::regclass FROM pg_locks WHERE mode = 'AccessExclusiveLock'"
                                + " AND granted");
            case PERMISSION ->
                finding.remedy("Ask the owner of what is named for SELECT, or GRANT pg_monitor TO "
                        + SqlName.quote(subject.server().user()) + "; where it is a view of the server.");
            case CONNECTION_LOST -> finding.remedy("Assess again when the server can be reached.");
            case TRANSIENT -> finding.remedy("Assess again; on a standby, what is replayed may cancel a query.");
            case CANCELLED -> finding.remedy("Somebody cancelled the query. Ask them, and assess again.");
            case BAD_ROW, STATEMENT, UNKNOWN ->
                finding.remedy("Look at the SQL of the transform that the message speaks of. If none of it is to blame,"
                        + " this is a fault of Backhoe's: please report it with this message.");
        };
    }

    private static final class OutOfTime extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }
}
