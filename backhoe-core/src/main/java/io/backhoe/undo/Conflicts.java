package io.backhoe.undo;

import io.backhoe.database.BatchSql;
import io.backhoe.database.Row;
import io.backhoe.database.Session;
import io.backhoe.ledger.ChunkRecord;
import io.backhoe.plan.Plan;
import io.backhoe.run.batch.Batch;
import io.backhoe.run.batch.BatchStatements;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ChunkExtent;
import io.backhoe.value.ChunkState;
import io.backhoe.value.ExitCode;
import io.backhoe.value.Key;
import io.backhoe.value.KeyRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Finds the rows that a rollback would leave alone, with the plan's own statement. Writes nothing. Each statement sees a
 * stretch of a chunk, so none holds a snapshot for long, and memory holds the conflicts of one stretch at most.
 */
public final class Conflicts {
    /** Without the index that undo makes, each look at the images reads all of them; so not too few at once. */
    private static final long STRETCH = 200_000;

    private final Plan plan;
    private final BatchStatements statements;

    /** @throws BackhoeException REFUSED when the plan has no statement for it */
    public Conflicts(Plan plan, long runId) {
        this(plan, plan.sql(), runId);
    }

    /** @param sql the plan's, over another table of before-images */
    Conflicts(Plan plan, BatchSql sql, long runId) {
        this.plan = plan;
        String boundary = sql.undoBoundary();
        String conflicts = sql.undoConflicts();
        if (boundary == null || conflicts == null) {
            throw new BackhoeException(
                    ExitCode.REFUSED,
                    "conflicts_not_known",
                    "The plan of run " + runId
                            + " was made by an older Backhoe and cannot list the rows that somebody has"
                            + " changed since. Nothing was changed.",
                    "backhoe rollback " + runId + " leaves such rows alone and counts them.");
        }
        String run = Long.toString(runId);
        this.statements = new BatchStatements(
                boundary.replace(BatchSql.RUN, run),
                null,
                conflicts.replace(BatchSql.RUN, run),
                null,
                false,
                null,
                Set.of(),
                null,
                null);
    }

    /** The chunks that a rollback would work on, and those where an earlier one left rows alone. */
    public static List<ChunkRecord> chunks(List<ChunkRecord> all, Set<String> ids) {
        return all.stream()
                .filter(c -> ids.isEmpty() || ids.contains(c.id()))
                .filter(c -> c.attempts() > 0 && (c.state() != ChunkState.ROLLED_BACK || c.kept() > 0))
                .toList();
    }

    /**
     * In order of their chunks and keys.
     *
     * @return how many
     */
    public long each(Session session, List<ChunkRecord> chunks, Consumer<Conflict> sink) {
        long found = 0;
        for (ChunkRecord chunk : chunks) {
            found += each(session, chunk.number(), chunk.id(), chunk.extent(), sink);
        }
        return found;
    }

    /** Of one chunk. */
    long each(Session session, int number, String chunk, ChunkExtent extent, Consumer<Conflict> sink) {
        long found = 0;
        var batch = new Batch(statements, number, extent);
        var rest = KeyRange.ALL;
        for (var end = batch.boundary(session, rest, STRETCH);
                end != null;
                end = batch.boundary(session, rest, STRETCH)) {
            var rows =
                    session.query(batch.statements().write(), batch.parameters(new KeyRange(rest.after(), end.last())));
            rows.forEach(row -> sink.accept(read(chunk, row)));
            found += rows.size();
            rest = new KeyRange(end.last(), null);
        }
        return found;
    }

    private Conflict read(String chunk, Row row) {
        int keys = plan.access().key().size();
        var key = new Key(row.values().subList(0, keys).stream()
                .map(Objects::requireNonNull)
                .toList());
        var values = new ArrayList<Conflict.Value>();
        int at = keys + 1;
        for (String column : plan.spec().requiredTransform().set().keySet()) {
            values.add(new Conflict.Value(column, row.text(at), row.text(at + 1), row.text(at + 2)));
            at += 3;
        }
        return new Conflict(chunk, key, row.yes(keys), values);
    }
}
