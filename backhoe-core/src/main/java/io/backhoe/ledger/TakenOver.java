package io.backhoe.ledger;

import io.backhoe.database.Session;
import io.backhoe.plan.Plan;
import io.backhoe.plan.PlannedChunk;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.Cause;
import io.backhoe.value.ChunkState;
import io.backhoe.value.ExitCode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Chunks that a run had left and that another run does in its place, so that no row of them is written twice. */
public final class TakenOver {
    static final String REASON = "taken over by run ";

    private TakenOver() {}

    /** The run that does this chunk instead; null when there is none. */
    public static @Nullable Long by(ChunkRecord chunk) {
        String reason = chunk.reason();
        return reason == null || !reason.startsWith(REASON) ? null : Long.valueOf(reason.substring(REASON.length()));
    }

    /** The newest run that does chunks of these instead. */
    public static Optional<Long> by(List<ChunkRecord> chunks) {
        return chunks.stream().flatMap(c -> Optional.ofNullable(by(c)).stream()).max(Long::compare);
    }

    /** Whether rows of the chunk are done and do not show it: it must not be begun again. */
    public static boolean begun(Plan plan, ChunkRecord chunk) {
        return !plan.writesMissingOnly() && chunk.state() != ChunkState.ROLLED_BACK && chunk.examined() > 0;
    }

    /**
     * Keeps the executor of a run from changing its chunks, and other rests of it from being entered, until the caller's
     * transaction ends. Before {@link Overlap#refuse}, as whoever moves a run locks the two in that order.
     */
    static void lock(Session session, long original) {
        session.query(
                "SELECT 1 FROM backhoe.run WHERE run_id = CAST(:run AS bigint) FOR UPDATE",
                Map.of("run", Long.toString(original)));
    }

    /**
     * Has a new run do the chunks of its plan in place of the run that had left them, in the transaction that enters it and holds the {@link #lock}.
     *
     * @throws BackhoeException CONFLICT when they are done, begun or taken over by now
     */
    static void mark(Session session, Plan plan, long original, long runId, Cause cause) {
        var planned = plan.chunks().stream().map(PlannedChunk::id).collect(Collectors.toSet());
        var chunks = ChunkTable.all(session, original).stream()
                .filter(c -> planned.contains(c.id()))
                .toList();
        refuse(plan, original, planned, chunks);
        session.update(
                """
                UPDATE backhoe.chunk
                SET reason = :reason, error = NULL, sqlstate = NULL,
                    state = CASE WHEN state = 'rolled_back' THEN state ELSE 'skipped' END
                WHERE run_id = CAST(:run AS bigint) AND chunk = ANY (CAST(:chunks AS integer[]))
                """,
                Map.of(
                        "reason",
                        REASON + runId,
                        "run",
                        Long.toString(original),
                        "chunks",
                        chunks.stream()
                                .map(c -> Integer.toString(c.number()))
                                .collect(Collectors.joining(",", "{", "}"))));
        var event = NewEvent.of("taken_over", chunks.size() + " chunks " + REASON + runId);
        EventTable.write(session, original, event.by(cause).changing("left", REASON + runId));
    }

    private static void refuse(Plan plan, long original, Set<String> planned, List<ChunkRecord> chunks) {
        var by = by(chunks);
        if (by.isPresent()) {
            throw refused(
                    "chunks_taken_over",
                    "Run " + by.get() + " has taken over the chunks that run " + original
                            + " had left, which this plan would do again.",
                    "backhoe status " + by.get() + " shows what became of them; backhoe plan --rest-of " + by.get()
                            + " plans what that run leaves.");
        }
        var other = chunks.stream()
                .filter(c -> c.state() == ChunkState.SUCCESS || c.state() == ChunkState.SKIPPED || begun(plan, c))
                .map(ChunkRecord::id)
                .toList();
        if (!other.isEmpty() || chunks.size() < planned.size()) {
            throw refused(
                    "chunks_done_since",
                    "Run " + original + " has done chunks of this plan since it was made"
                            + (other.isEmpty() ? "" : ": " + String.join(", ", other)) + ".",
                    "backhoe plan --rest-of " + original + " plans what is left now.");
        }
    }

    private static BackhoeException refused(String code, String what, String hint) {
        return new BackhoeException(ExitCode.CONFLICT, code, what + " Nothing was changed.", hint);
    }
}
