package io.backhoe.undo;

import io.backhoe.database.BatchSql;
import io.backhoe.database.Row;
import io.backhoe.database.Session;
import io.backhoe.database.UndoSql;
import io.backhoe.ledger.ChunkRecord;
import io.backhoe.ledger.LaterImages;
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
import org.jspecify.annotations.Nullable;

/**
 * Finds the rows that a rollback would leave alone, with the plan's own statement. Writes nothing. Each statement sees a
 * stretch of a chunk, so none holds a snapshot for long, and memory holds the conflicts of one stretch at most.
 */
public final class Conflicts {
    /** Without the index that undo makes, each look at the images reads all of them; so not too few at once. */
    private static final long STRETCH = 200_000;

    private final Plan plan;
    private final List<Listing> waiting = new ArrayList<>();
    private final Listing takenBack;

    /** @param laterRun whose rows it lists; null where that is not what it asks */
    private record Listing(
            BatchStatements statements, @Nullable Long laterRun) {}

    /**
     * @param later the runs that have written rows of this one since
     * @throws BackhoeException REFUSED when the plan has no statement for it
     */
    public Conflicts(Plan plan, LaterImages later, UndoSql looks) {
        this.plan = plan;
        BatchSql sql = plan.sql();
        String boundary = sql.undoBoundary();
        String conflicts = sql.undoConflicts();
        if (boundary == null || conflicts == null) {
            throw new BackhoeException(
                    ExitCode.REFUSED,
                    "conflicts_not_known",
                    "The plan of run " + later.run()
                            + " was made by an older Backhoe and cannot list the rows that somebody has"
                            + " changed since. Nothing was changed.",
                    "backhoe rollback " + later.run() + " leaves such rows alone and counts them.");
        }
        String walk = boundary.replace(BatchSql.IMAGES, later.images());
        waiting.add(new Listing(reading(walk, conflicts.replace(BatchSql.IMAGES, later.ours())), null));
        later.later()
                .forEach(one -> waiting.add(new Listing(
                        reading(walk, looks.changed().replace(BatchSql.IMAGES, later.of(one))), one.run())));
        this.takenBack = new Listing(reading(walk, looks.changed().replace(BatchSql.IMAGES, later.images())), null);
    }

    private static BatchStatements reading(String boundary, String sql) {
        return new BatchStatements(boundary, null, sql, null, false, null, Set.of(), null, null, null, null);
    }

    /** The chunks that a rollback would work on, and those where an earlier one left rows alone. */
    public static List<ChunkRecord> chunks(List<ChunkRecord> all, Set<String> ids) {
        return all.stream()
                .filter(c -> ids.isEmpty() || ids.contains(c.id()))
                .filter(c -> c.attempts() > 0 && (c.state() != ChunkState.ROLLED_BACK || c.kept() > 0))
                .toList();
    }

    /**
     * In order of their chunks. Of a chunk that was taken back those that are not as they were; of others those that a
     * rollback would leave alone.
     *
     * @return how many
     */
    public long each(Session session, List<ChunkRecord> chunks, Consumer<Conflict> sink) {
        long found = 0;
        for (ChunkRecord chunk : chunks) {
            var place = new Place(chunk.number(), chunk.id(), chunk.extent());
            found += chunk.state() == ChunkState.ROLLED_BACK
                    ? takenBack(session, place, sink)
                    : waiting(session, place, sink);
        }
        return found;
    }

    /** A chunk, as the rows of it are listed. */
    record Place(int number, String id, ChunkExtent extent) {}

    /** Those that a rollback of it would leave alone. */
    long waiting(Session session, Place chunk, Consumer<Conflict> sink) {
        long found = 0;
        for (Listing listing : waiting) {
            found += each(session, chunk, listing, sink);
        }
        return found;
    }

    /** Those that are not as they were, after it was taken back. */
    long takenBack(Session session, Place chunk, Consumer<Conflict> sink) {
        return each(session, chunk, takenBack, sink);
    }

    private long each(Session session, Place chunk, Listing listing, Consumer<Conflict> sink) {
        long found = 0;
        var batch = new Batch(listing.statements(), chunk.number(), chunk.extent());
        var rest = KeyRange.ALL;
        for (var end = batch.boundary(session, rest, STRETCH);
                end != null;
                end = batch.boundary(session, rest, STRETCH)) {
            var rows =
                    session.query(batch.statements().write(), batch.parameters(new KeyRange(rest.after(), end.last())));
            rows.forEach(row -> sink.accept(read(chunk.id(), listing.laterRun(), row)));
            found += rows.size();
            rest = new KeyRange(end.last(), null);
        }
        return found;
    }

    private Conflict read(String chunk, @Nullable Long laterRun, Row row) {
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
        return new Conflict(chunk, key, row.yes(keys), laterRun, values);
    }
}
