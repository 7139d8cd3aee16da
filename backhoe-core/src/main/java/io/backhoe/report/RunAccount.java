package io.backhoe.report;

import io.backhoe.database.Session;
import io.backhoe.ledger.ChunkRecord;
import io.backhoe.ledger.DatabaseTime;
import io.backhoe.ledger.EventRecord;
import io.backhoe.ledger.EventTable;
import io.backhoe.ledger.GapTable;
import io.backhoe.ledger.NewRun;
import io.backhoe.ledger.RunPace;
import io.backhoe.ledger.RunRecord;
import io.backhoe.ledger.RunTable;
import io.backhoe.ledger.TimeLeft;
import io.backhoe.ledger.TroubleCount;
import io.backhoe.ledger.TroubleTable;
import io.backhoe.plan.Forecast;
import io.backhoe.value.RunState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All that a report tells of a run.
 *
 * @param forecast of the plan that it executes, or null when that has none
 * @param undoable whether it keeps before-images
 * @param timezone that the dates of its chunks are local to
 * @param events in the order in which they were written; the newest thousand
 * @param retries attempts that failed, by SQLSTATE
 * @param quarantine rows set aside now, by SQLSTATE
 * @param pace how fast it is, and what it has lost time to
 * @param lastSign of life of an executor
 * @param readAt when all this was true, by the database's clock
 * @param gaps what was missing before it in each chunk, by its number, where a query yields the rows; else nothing
 * @param derived whether rows that are there are changed or deleted too, so that what was changed is not what was inserted
 */
public record RunAccount(
        RunReport report,
        @Nullable Forecast forecast,
        boolean undoable,
        String timezone,
        List<EventRecord> events,
        List<TroubleCount> retries,
        List<TroubleCount> quarantine,
        RunPace pace,
        @Nullable Instant lastSign,
        Instant readAt,
        Map<Integer, GapTable.Gap> gaps,
        boolean derived) {
    private static final int EVENTS = 1_000;

    public RunAccount {
        events = List.copyOf(events);
        retries = List.copyOf(retries);
        quarantine = List.copyOf(quarantine);
        gaps = Map.copyOf(gaps);
    }

    /** Of rows that were there. */
    public RunAccount(
            RunReport report,
            @Nullable Forecast forecast,
            boolean undoable,
            String timezone,
            List<EventRecord> events,
            List<TroubleCount> retries,
            List<TroubleCount> quarantine,
            RunPace pace,
            @Nullable Instant lastSign,
            Instant readAt) {
        this(
                report,
                forecast,
                undoable,
                timezone,
                events,
                retries,
                quarantine,
                pace,
                lastSign,
                readAt,
                Map.of(),
                false);
    }

    /** Reads it from the ledger, and writes nothing. The caller's transaction says how far it is of one moment. */
    public static RunAccount read(Session session, RunRecord run) {
        var plan = NewRun.planOf(session, run);
        var source = plan.spec().requiredTransform().source();
        return new RunAccount(
                RunReport.read(session, run),
                plan.forecast(),
                plan.sql().undoWrite() != null && run.purgedAt() == null,
                plan.spec().scope().timezone().getId(),
                EventTable.of(session, run.id(), EVENTS),
                TroubleTable.attempts(session, run.id()),
                TroubleTable.quarantine(session, run.id()),
                RunPace.read(session, run.id()),
                RunTable.lastSign(session, run.id()),
                DatabaseTime.now(session),
                source == null ? Map.of() : GapTable.of(session, run.id()),
                source != null && source.into() != null);
    }

    /** How long processes worked on it, pauses left out. */
    public Duration worked() {
        return timeline().worked();
    }

    /** How long processes took it back, pauses left out. */
    public Duration undone() {
        return timeline().undone();
    }

    /** From the first start to the last end, or until now, with all pauses; null when it has not started. */
    public @Nullable Duration elapsed() {
        Instant start = run().startedAt();
        if (start == null) {
            return null;
        }
        Instant end = run().endedAt();
        var elapsed = Duration.between(start, end == null ? readAt : end);
        return elapsed.isNegative() ? Duration.ZERO : elapsed;
    }

    /**
     * In which time the rest is expected to be done.
     *
     * @return null when no process executes it, and while that is being measured
     */
    public @Nullable TimeLeft remaining() {
        var last = pace.last();
        return going() && last != null && last.isFresh(readAt) ? last.left() : null;
    }

    /** What it was expected to examine; chunks without an estimate count for nothing. */
    public long estimatedRows() {
        return report.chunks().stream()
                .mapToLong(ChunkRecord::estimatedRows)
                .filter(rows -> rows > 0)
                .sum();
    }

    RunRecord run() {
        return report.run();
    }

    Timeline timeline() {
        return Timeline.of(events, run().executed() ? readAt : lastSign);
    }

    /** Whether a process works on it now. */
    boolean going() {
        return run().executed() && isOpen();
    }

    /** Whether it is in a state that only a process could leave. */
    boolean isOpen() {
        var state = run().state();
        return state == RunState.RUNNING || state == RunState.VERIFYING || state == RunState.ROLLING_BACK;
    }

    /** Whether all of it was done once, as far as it could be, and whether or not that was taken back later. */
    boolean wentThrough() {
        return switch (run().state()) {
            case SUCCEEDED, PARTIAL, FAILED -> true;
            case CANCELLED, PLANNED, RUNNING, VERIFYING -> false;
            case PAUSED, ROLLING_BACK, ROLLED_BACK, ROLLBACK_PARTIAL ->
                run().undoing() && events.stream().anyMatch(RunAccount::saysItWentThrough);
        };
    }

    private static boolean saysItWentThrough(EventRecord event) {
        return event.kind().equals("state")
                && event.message().matches("VERIFYING -> (SUCCEEDED|PARTIAL|FAILED)(?s:.*)");
    }
}
