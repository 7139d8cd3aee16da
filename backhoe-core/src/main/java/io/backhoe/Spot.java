package io.backhoe;

import io.backhoe.database.DatabaseException;
import io.backhoe.database.ErrorKind;
import io.backhoe.database.Session;
import io.backhoe.plan.Plan;
import io.backhoe.plan.PlannedChunk;
import io.backhoe.run.batch.Batch;
import io.backhoe.run.batch.BatchStatements;
import io.backhoe.value.Key;
import io.backhoe.value.KeyRange;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A place in the range of a plan where a batch may begin.
 *
 * @param number of the chunk, from 1
 * @param after the row before it; null for the begin of a chunk that is open there
 */
record Spot(int number, PlannedChunk chunk, @Nullable Key after) {
    /** So far into a chunk an index is read to find its middle, and no farther. */
    private static final long FARTHEST = 60_000;

    /** From here to the end of the chunk. */
    KeyRange rest() {
        return new KeyRange(after, chunk.extent().keys().upTo());
    }

    Batch batch(BatchStatements statements) {
        return new Batch(statements, number, chunk.extent());
    }

    /** The middle of the largest chunk, or as near as is cheap to find. */
    static Spot inLargestChunk(Session session, Plan plan) {
        var chunks = plan.chunks();
        int largest = IntStream.range(0, chunks.size())
                .boxed()
                .max(Comparator.comparingLong(i -> chunks.get(i).estimatedRows()))
                .orElseThrow();
        return at(session, plan, largest, 0.5);
    }

    /** One in each third of the chunks that hold rows; of fewer than three chunks, in their thirds. */
    static List<Spot> spread(Session session, Plan plan) {
        var chunks = plan.chunks();
        var held = IntStream.range(0, chunks.size())
                .filter(i -> chunks.get(i).estimatedRows() > 0)
                .boxed()
                .toList();
        var from = held.isEmpty() ? List.of(0) : held;
        var spots = new ArrayList<Spot>();
        for (int third = 0; third < 3; third++) {
            double middle = (2 * third + 1) / 6.0;
            int chunk = from.get((int) (middle * from.size()));
            spots.add(at(session, plan, chunk, from.size() < 3 ? middle : 0.5));
        }
        return spots;
    }

    private static Spot at(Session session, Plan plan, int index, double part) {
        PlannedChunk chunk = plan.chunks().get(index);
        KeyRange keys = chunk.extent().keys();
        var begin = new Spot(index + 1, chunk, keys.after());
        long rows = (long) (Math.min(FARTHEST, chunk.estimatedRows()) * part);
        try {
            var place = rows < 1
                    ? null
                    : begin.batch(BatchStatements.run(plan.sql(), 0)).boundary(session, keys, rows);
            // Where the statistics believed in more rows than there are, nothing would lie behind the place.
            return place == null || place.rows() < rows ? begin : new Spot(index + 1, chunk, place.last());
        } catch (DatabaseException e) {
            if (e.kind() != ErrorKind.TIMEOUT) {
                throw e;
            }
            return begin;
        }
    }
}
