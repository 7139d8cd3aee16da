package io.backhoe.ledger;

import io.backhoe.database.Row;
import io.backhoe.database.Session;
import io.backhoe.spec.Spec;
import io.backhoe.value.RunState;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One run of a backfill that another comes after, as far as it reaches. Immutable.
 *
 * @param dates what it has made of which dates; null where its ranges and the other's are not of one calendar
 */
public record PredecessorRun(
        long id, RunState state, boolean undoing, @Nullable Map<Standing, List<Span>> dates) {
    /** What a run has made of a range. Where two chunks are of the same dates, the first of these counts. */
    public enum Standing {
        /** It was begun and not ended well, so whatever older runs have done there is not what is there now. */
        NEVER,
        WAITS,
        /** Taken back, handed to another run, or given up before it was begun: older and newer runs say. */
        GONE,
        DONE
    }

    /** Dates, {@code [start, end)}. */
    public record Span(LocalDateTime start, LocalDateTime end) {}

    private static final Set<RunState> UNDER_WAY =
            EnumSet.of(RunState.PLANNED, RunState.RUNNING, RunState.PAUSED, RunState.VERIFYING);

    // All chunks of a run are of the calendar or none is, but for what an edited plan may say: PARTS looks at each.
    private static final String RUNS = """
            SELECT r.run_id, r.state, r.phase,
                   coalesce(r.table_name = :table AND r.timezone = :zone AND r.scope_column = CAST(:column AS text)
                            AND r.scope_start IS NOT NULL
                            AND (SELECT c.shown_start IS NOT NULL FROM backhoe.chunk c
                                 WHERE c.run_id = r.run_id ORDER BY c.chunk LIMIT 1), false),
                   coalesce(r.scope_start < CAST(:end AS timestamp) AND r.scope_end > CAST(:start AS timestamp), true)
            FROM backhoe.run r
            WHERE r.name = :name
            ORDER BY r.run_id DESC
            """;
    private static final String PARTS = """
            WITH part AS (
                SELECT c.shown_start, c.shown_end,
                       CASE WHEN c.state = 'rolled_back' THEN 'back'
                            WHEN c.undo_asked THEN 'undo'
                            WHEN starts_with(c.reason, :taken_over) OR c.state NOT IN ('success', 'skipped')
                            THEN CASE WHEN EXISTS (SELECT FROM backhoe.segment s
                                                   WHERE s.run_id = c.run_id AND s.phase = 'run' AND s.chunk = c.chunk
                                                     AND s.examined > 0) THEN 'begun' ELSE 'left' END
                                 || CASE WHEN starts_with(c.reason, :taken_over) THEN ' elsewhere' ELSE '' END
                            WHEN EXISTS (SELECT FROM backhoe.quarantine q
                                         WHERE q.run_id = c.run_id AND q.chunk = c.chunk AND q.released_at IS NULL)
                            THEN 'aside'
                            ELSE 'done' END AS kind
                FROM backhoe.chunk c
                WHERE c.run_id = CAST(:run AS bigint)
            )
            SELECT kind, CAST(lower(dates) AS text), CAST(upper(dates) AS text)
            FROM (SELECT kind, unnest(range_agg(tsrange(shown_start, shown_end))) AS dates
                  FROM part WHERE shown_start IS NOT NULL GROUP BY kind) AS of_kind
            UNION ALL
            SELECT 'undated', NULL, NULL WHERE EXISTS (SELECT FROM part WHERE shown_start IS NULL)
            """;

    /** All runs of a name, the newest first, with what they have made of the dates of a scope. */
    static List<PredecessorRun> read(Session session, String name, String table, Spec.Scope scope) {
        var parameters = new HashMap<String, @Nullable String>(
                Map.of("name", name, "table", table, "zone", scope.timezone().getId()));
        parameters.put("column", scope.dateColumn());
        parameters.put("start", scope.start() == null ? null : scope.from().toString());
        parameters.put("end", scope.start() == null ? null : scope.to().toString());
        var runs = new ArrayList<PredecessorRun>();
        // What newer runs say of all of the scope is not asked of older ones: a long history costs nothing.
        List<Span> unsaid = scope.start() == null ? List.of() : List.of(new Span(scope.from(), scope.to()));
        for (Row row : session.query(RUNS, parameters)) {
            var run = new PredecessorRun(
                    row.number(0),
                    RunState.valueOf(row.required(1)),
                    row.required(2).equals("undo"),
                    null);
            boolean dated = row.yes(3) && scope.start() != null;
            if (dated && (!row.yes(4) || unsaid.isEmpty())) {
                runs.add(run.with(Map.of()));
                continue;
            }
            var read = dated ? run.dated(session) : run;
            for (var part : read.dates() == null
                    ? Map.<Standing, List<Span>>of().entrySet()
                    : read.dates().entrySet()) {
                unsaid = part.getKey() == Standing.GONE ? unsaid : without(unsaid, part.getValue());
            }
            runs.add(read);
        }
        return runs;
    }

    private PredecessorRun dated(Session session) {
        var dates = new EnumMap<Standing, List<Span>>(Standing.class);
        var parameters = Map.of("run", Long.toString(id), "taken_over", TakenOver.REASON);
        for (Row row : session.query(PARTS, parameters)) {
            if (row.required(0).equals("undated")) {
                return this;
            }
            dates.computeIfAbsent(standing(row.required(0)), s -> new ArrayList<>())
                    .add(new Span(moment(row.required(1)), moment(row.required(2))));
        }
        dates.values().forEach(spans -> spans.sort(Comparator.comparing(Span::start)));
        return with(dates);
    }

    private PredecessorRun with(Map<Standing, List<Span>> known) {
        return new PredecessorRun(id, state, undoing, known);
    }

    private Standing standing(String kind) {
        return switch (kind) {
            case "done" -> state == RunState.FAILED ? Standing.NEVER : Standing.DONE;
            case "back", "left elsewhere" -> Standing.GONE;
            case "left" -> underWay() ? Standing.WAITS : Standing.GONE;
            // Rows that were set aside are not done; a retry does them.
            case "begun", "aside" -> underWay() ? Standing.WAITS : Standing.NEVER;
            case "undo", "begun elsewhere" -> Standing.NEVER;
            default -> throw new IllegalStateException("a chunk is " + kind);
        };
    }

    /** What it has made of whatever it reaches, where dates say nothing. */
    Standing whole() {
        if (underWay()) {
            return Standing.WAITS;
        }
        return switch (state) {
            case SUCCEEDED -> Standing.DONE;
            case CANCELLED -> Standing.GONE;
            default -> Standing.NEVER;
        };
    }

    private boolean underWay() {
        return !undoing && UNDER_WAY.contains(state);
    }

    /** What is left of some dates without others, in order. */
    static List<Span> without(List<Span> dates, List<Span> others) {
        return split(dates, others, false);
    }

    /** What two lists of dates share, in order. */
    static List<Span> shared(List<Span> dates, List<Span> others) {
        return split(dates, others, true);
    }

    /** @param others in order, and apart from each other */
    private static List<Span> split(List<Span> dates, List<Span> others, boolean shared) {
        var found = new ArrayList<Span>();
        for (Span span : dates) {
            var at = span.start();
            for (int i = firstAfter(others, at);
                    i < others.size() && others.get(i).start().isBefore(span.end());
                    i++) {
                var other = others.get(i);
                var from = other.start().isAfter(at) ? other.start() : at;
                var to = other.end().isBefore(span.end()) ? other.end() : span.end();
                if (shared) {
                    found.add(new Span(from, to));
                } else if (at.isBefore(from)) {
                    found.add(new Span(at, from));
                }
                at = to;
            }
            if (!shared && at.isBefore(span.end())) {
                found.add(new Span(at, span.end()));
            }
        }
        return found;
    }

    /** The place of the first that ends after that. */
    private static int firstAfter(List<Span> spans, LocalDateTime start) {
        int low = 0;
        int high = spans.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (spans.get(middle).end().isAfter(start)) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    private static LocalDateTime moment(String text) {
        return LocalDateTime.parse(text.replace(' ', 'T'));
    }
}
