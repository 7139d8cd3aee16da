package io.backhoe.ledger;

import io.backhoe.database.Session;
import io.backhoe.spec.Spec;
import io.backhoe.value.RunState;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A run of another backfill that a run comes after, as it stands. Immutable.
 *
 * @param run null when this ledger has none
 * @param span where its range of dates is the same calendar as the other's; null when ranges say nothing of each other
 * @param open its chunks that are not done, where ranges count
 */
public record Predecessor(
        String name, @Nullable RunRecord run, @Nullable Span span, List<Open> open) {
    private static final int REMEMBERED = 8;

    /** The dates that it reaches, {@code [start, end)}. */
    public record Span(LocalDateTime start, LocalDateTime end) {}

    /** A chunk that is not done. */
    public record Open(LocalDateTime start, LocalDateTime end, String state) {}

    /** What it means for a range: go on, wait, or that there is nothing to wait for any more. */
    public enum Answer {
        READY,
        WAITS,
        NEVER
    }

    public Predecessor {
        open = open.stream()
                .sorted(Comparator.comparing(Open::start).thenComparing(Open::end))
                .toList();
    }

    /**
     * The runs of a name, the newest first, but those that were cancelled last; one without a run where there is none. Behind
     * one that reaches all of the scope, and behind the newest eight, nobody looks.
     *
     * @param table the full name of the table of whoever waits
     * @param scope of whoever waits
     */
    public static List<Predecessor> read(Session session, String name, String table, Spec.Scope scope) {
        var runs = RunTable.list(session, name, REMEMBERED);
        if (runs.isEmpty()) {
            return List.of(new Predecessor(name, null, null, List.of()));
        }
        var newest = runs.stream()
                .sorted(Comparator.comparing((RunRecord run) -> run.state() == RunState.CANCELLED))
                .toList();
        var read = new ArrayList<Predecessor>();
        for (RunRecord run : newest) {
            var one = read(session, run, table, scope);
            read.add(one);
            if (one.covers(scope)) {
                break;
            }
        }
        return read;
    }

    /** Of the runs of a name the one that counts for a period: the first that reaches it; empty where none does. */
    public static Optional<Predecessor> of(
            List<Predecessor> runs, @Nullable LocalDateTime start, @Nullable LocalDateTime end) {
        return runs.stream().filter(p -> p.reaches(start, end)).findFirst();
    }

    private static Predecessor read(Session session, RunRecord run, String table, Spec.Scope scope) {
        String name = run.name();
        var parameters = new HashMap<String, @Nullable String>(Map.of(
                "run",
                Long.toString(run.id()),
                "table",
                table,
                "zone",
                scope.timezone().getId()));
        parameters.put("column", scope.dateColumn());
        var span = session.query("""
                        SELECT CAST(r.scope_start AS text), CAST(r.scope_end AS text)
                        FROM backhoe.run r
                        WHERE r.run_id = CAST(:run AS bigint) AND r.table_name = :table AND r.timezone = :zone
                          AND r.scope_column = CAST(:column AS text) AND r.scope_start IS NOT NULL
                          AND NOT EXISTS (SELECT FROM backhoe.chunk c WHERE c.run_id = r.run_id AND c.shown_start IS NULL)
                        """, parameters);
        if (span.isEmpty()) {
            return new Predecessor(name, run, null, List.of());
        }
        var open = session.query("""
                        SELECT CAST(shown_start AS text), CAST(shown_end AS text), state
                        FROM backhoe.chunk
                        WHERE run_id = CAST(:run AS bigint) AND state NOT IN ('success', 'skipped')
                        """, Map.of("run", Long.toString(run.id()))).stream()
                .map(row -> new Open(moment(row.required(0)), moment(row.required(1)), row.required(2)))
                .toList();
        var row = span.get(0);
        return new Predecessor(name, run, new Span(moment(row.required(0)), moment(row.required(1))), open);
    }

    private static LocalDateTime moment(String text) {
        return LocalDateTime.parse(text.replace(' ', 'T'));
    }

    /**
     * What it means for a chunk.
     *
     * @param start and {@code end}: the period of the chunk; null where it has none
     */
    public Answer answer(@Nullable LocalDateTime start, @Nullable LocalDateTime end) {
        if (run == null) {
            return Answer.WAITS;
        }
        if (run.undoing() || run.state() == RunState.FAILED) {
            return Answer.NEVER;
        }
        if (span == null || start == null || end == null) {
            return whole(run.state());
        }
        boolean all = true;
        for (int i = firstAfter(start); i < open.size() && open.get(i).start().isBefore(end); i++) {
            if (open.get(i).state().equals("rolled_back")) {
                return Answer.NEVER;
            }
            all = false;
        }
        return all ? Answer.READY : whole(run.state());
    }

    /** The place of the first chunk that ends after that. Chunks of the calendar do not overlap, so ends ascend as starts do. */
    private int firstAfter(LocalDateTime start) {
        int low = 0;
        int high = open.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (open.get(middle).end().isAfter(start)) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    private static Answer whole(RunState state) {
        return switch (state) {
            case SUCCEEDED -> Answer.READY;
            case PLANNED, RUNNING, PAUSED, VERIFYING -> Answer.WAITS;
            case PARTIAL, FAILED, CANCELLED, ROLLING_BACK, ROLLED_BACK, ROLLBACK_PARTIAL -> Answer.NEVER;
        };
    }

    /** Whether it reaches any of a period; where periods say nothing it does. */
    public boolean reaches(@Nullable LocalDateTime start, @Nullable LocalDateTime end) {
        return span == null
                || start == null
                || end == null
                || (span.start().isBefore(end) && span.end().isAfter(start));
    }

    private boolean covers(Spec.Scope scope) {
        return span == null
                || scope.start() == null
                || (!span.start().isAfter(scope.from()) && !span.end().isBefore(scope.to()));
    }

    /** What is waited for, in a clause. */
    public String said() {
        if (run == null) {
            return name + ", of which this ledger has no run yet";
        }
        String state = run.undoing()
                ? run.state() + ", being taken back or taken back"
                : run.state().name();
        return name + ", whose run " + run.id() + " is " + state
                + (span == null ? "" : " and has not done the same range");
    }
}
