package io.backhoe.run;

import io.backhoe.ledger.ChunkRecord;
import io.backhoe.ledger.Phase;
import io.backhoe.ledger.RunRecord;
import io.backhoe.run.chunk.SegmentTask;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ChunkState;
import io.backhoe.value.ExitCode;
import io.backhoe.value.OnConflict;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What is to be done with a run.
 *
 * @param retryFailed whether failed chunks and quarantined rows are done again
 * @param undo which chunks are asked to be taken back, empty for all; null to ask for nothing new
 * @param onConflict what is asked for rows that somebody changed since; of no meaning where nothing new is asked
 */
public record Task(
        Phase phase, boolean retryFailed, @Nullable Set<String> undo, OnConflict onConflict) {
    public static final Task RUN = new Task(Phase.RUN, false, null, OnConflict.SKIP);
    public static final Task RETRY = new Task(Phase.RUN, true, null, OnConflict.SKIP);
    public static final Task RESUME_UNDO = new Task(Phase.UNDO, false, null, OnConflict.SKIP);

    public static Task undo(Set<String> chunkIds, OnConflict onConflict) {
        return new Task(Phase.UNDO, false, chunkIds, onConflict);
    }

    /** The chunks that there is something to do in. */
    List<ChunkRecord> select(List<ChunkRecord> all) {
        return all.stream()
                .filter(
                        phase == Phase.RUN
                                ? c -> c.state() == ChunkState.PENDING || c.state() == ChunkState.RUNNING
                                : c -> c.undoAsked() && c.state() != ChunkState.ROLLED_BACK)
                .toList();
    }

    /** What somebody typed, to have this done with the run as it is. */
    String verb(RunRecord run) {
        if (undo != null) {
            return "rollback" + (onConflict == OnConflict.SKIP ? "" : " --on-conflict " + onConflict.word());
        }
        return retryFailed ? "retry" : run.epoch() == 0 ? "run" : "resume";
    }

    /** What workers take: the chosen chunks, as far as there is something to do in them. */
    List<SegmentTask> tasks(List<ChunkRecord> all, Set<Integer> chosen) {
        return select(all).stream()
                .filter(c -> chosen.contains(c.number()))
                .map(c -> new SegmentTask(c, null, phase == Phase.UNDO ? c.changed() : c.estimatedRows()))
                .toList();
    }

    /** Rows that were left alone when the chunk was taken back can still be restored. */
    private boolean overwrites(ChunkRecord chunk) {
        return onConflict == OnConflict.OVERWRITE && chunk.kept() > 0;
    }

    /**
     * The chunks that are newly asked to be taken back; those that nothing has been done in are left out.
     *
     * @throws BackhoeException when a chunk that is named is not there
     */
    List<ChunkRecord> asked(List<ChunkRecord> all) {
        if (undo == null) {
            return List.of();
        }
        var known = all.stream().map(ChunkRecord::id).collect(Collectors.toSet());
        var unknown = undo.stream().filter(id -> !known.contains(id)).sorted().toList();
        if (!unknown.isEmpty()) {
            throw new BackhoeException(
                    ExitCode.USAGE,
                    "chunk_unknown",
                    "The run has no chunk " + String.join(", ", unknown) + ". Nothing was taken back.",
                    "Its chunks are "
                            + all.stream().map(ChunkRecord::id).limit(24).collect(Collectors.joining(", ")));
        }
        return all.stream()
                .filter(c -> undo.isEmpty() || undo.contains(c.id()))
                .filter(c -> c.attempts() > 0 && (c.state() != ChunkState.ROLLED_BACK || overwrites(c)))
                .toList();
    }
}
