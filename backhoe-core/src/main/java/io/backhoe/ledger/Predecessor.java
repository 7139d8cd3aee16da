package io.backhoe.ledger;

import io.backhoe.database.Session;
import io.backhoe.ledger.PredecessorRun.Span;
import io.backhoe.ledger.PredecessorRun.Standing;
import io.backhoe.spec.Spec;
import io.backhoe.value.RunState;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A backfill that a run comes after, as its runs stand: for each date the newest counts that has anything to say of it. Immutable.
 *
 * @param runs the newest first; none where this ledger has none
 */
public record Predecessor(String name, List<PredecessorRun> runs) {
    /** What it means for a range: go on, wait, or that there is nothing to wait for any more. */
    public enum Answer {
        READY,
        WAITS,
        NEVER
    }

    /**
     * The answer for a period.
     *
     * @param run that it is because of; null where it is ready, or there is no run
     * @param reached whether any run reaches the period: where none does, there is nothing to wait for
     */
    public record Verdict(
            Answer answer, String name, @Nullable PredecessorRun run, boolean reached) {
        /** What is waited for, in a clause. */
        public String said() {
            if (run == null) {
                return name + ", of which this ledger has no run yet";
            }
            return name + ", whose run " + run.id() + " is " + run.state()
                    + (run.undoing() ? ", being taken back or taken back" : "")
                    + (run.dates() == null ? "" : " and has not done the same range");
        }
    }

    /** Dates that no run has said anything of yet, but that one may have reached. */
    private record Piece(List<Span> dates, @Nullable PredecessorRun reachedBy) {}

    public Predecessor {
        runs = List.copyOf(runs);
    }

    /**
     * Reads the runs of a name.
     *
     * @param table the full name of the table of whoever waits
     * @param scope of whoever waits
     */
    public static Predecessor read(Session session, String name, String table, Spec.Scope scope) {
        return new Predecessor(name, PredecessorRun.read(session, name, table, scope));
    }

    /** Whether dates say for some of its runs what they have done. */
    public boolean dated() {
        return runs.stream().anyMatch(r -> r.dates() != null);
    }

    /**
     * What it means for a chunk.
     *
     * @param start and {@code end}: the period of the chunk; null where it has none
     */
    public Verdict verdict(@Nullable LocalDateTime start, @Nullable LocalDateTime end) {
        if (runs.isEmpty()) {
            return new Verdict(Answer.WAITS, name, null, false);
        }
        if (start == null || end == null) {
            return whole(runs);
        }
        List<Piece> pieces = List.of(new Piece(List.of(new Span(start, end)), null));
        var verdicts = new ArrayList<Verdict>();
        boolean wholes = false;
        for (PredecessorRun run : runs) {
            if (run.dates() != null) {
                pieces = after(run, run.dates(), pieces, verdicts);
            } else if (!wholes && !pieces.isEmpty()) {
                wholes = true;
                var all = runs.stream().filter(r -> r.dates() == null).toList();
                boolean given = all.stream().allMatch(r -> r.whole() == Standing.GONE);
                if (!given) {
                    verdicts.add(whole(all));
                }
                pieces = given ? pieces.stream().map(p -> reached(p, run)).toList() : List.of();
            }
        }
        return worst(verdicts, pieces, start, end);
    }

    private Verdict worst(List<Verdict> verdicts, List<Piece> pieces, LocalDateTime start, LocalDateTime end) {
        // What was reached, and is done by nobody, will not be done by those that there are.
        pieces.stream()
                .filter(p -> p.reachedBy() != null)
                .forEach(p -> verdicts.add(new Verdict(Answer.NEVER, name, p.reachedBy(), true)));
        for (Answer answer : List.of(Answer.NEVER, Answer.WAITS)) {
            var found = verdicts.stream().filter(v -> v.answer() == answer).findFirst();
            if (found.isPresent()) {
                return found.get();
            }
        }
        boolean untouched = pieces.stream().anyMatch(p -> p.dates().equals(List.of(new Span(start, end))));
        return new Verdict(Answer.READY, name, null, !untouched);
    }

    /** The pieces of which a run says nothing; of the others it adds what it says, where that is not that they are done. */
    private List<Piece> after(
            PredecessorRun run, Map<Standing, List<Span>> dates, List<Piece> pieces, List<Verdict> verdicts) {
        var left = new ArrayList<Piece>();
        for (Piece piece : pieces) {
            var unsaid = piece.dates();
            for (Standing standing : Standing.values()) {
                var said = PredecessorRun.shared(unsaid, dates.getOrDefault(standing, List.of()));
                if (said.isEmpty()) {
                    continue;
                }
                unsaid = PredecessorRun.without(unsaid, said);
                switch (standing) {
                    case NEVER -> verdicts.add(new Verdict(Answer.NEVER, name, run, true));
                    case WAITS -> verdicts.add(new Verdict(Answer.WAITS, name, run, true));
                    case GONE -> left.add(reached(new Piece(said, piece.reachedBy()), run));
                    case DONE -> {}
                }
            }
            if (!unsaid.isEmpty()) {
                left.add(new Piece(unsaid, piece.reachedBy()));
            }
        }
        return left;
    }

    private static Piece reached(Piece piece, PredecessorRun run) {
        return piece.reachedBy() == null ? new Piece(piece.dates(), run) : piece;
    }

    /** Where dates say nothing: none may be under way, and the newest that was not cancelled has to have succeeded. */
    private Verdict whole(List<PredecessorRun> all) {
        var run = all.stream()
                .filter(r -> r.whole() == Standing.WAITS)
                .findFirst()
                .or(() -> all.stream()
                        .filter(r -> r.state() != RunState.CANCELLED)
                        .findFirst())
                .orElseGet(() -> Objects.requireNonNull(all.get(0)));
        return switch (run.whole()) {
            case DONE -> new Verdict(Answer.READY, name, null, true);
            case WAITS -> new Verdict(Answer.WAITS, name, run, true);
            case GONE, NEVER -> new Verdict(Answer.NEVER, name, run, true);
        };
    }
}
