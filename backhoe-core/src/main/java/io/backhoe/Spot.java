package io.backhoe;

import io.backhoe.database.Database;
import io.backhoe.database.DatabaseException;
import io.backhoe.database.ErrorKind;
import io.backhoe.database.Session;
import io.backhoe.database.TableFacts;
import io.backhoe.plan.Plan;
import io.backhoe.plan.PlannedChunk;
import io.backhoe.plan.Planner;
import io.backhoe.run.batch.Batch;
import io.backhoe.run.batch.BatchStatements;
import io.backhoe.value.ChunkExtent;
import io.backhoe.value.Key;
import io.backhoe.value.KeyRange;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
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

    /** A few chunks are tried in the middle of each third: after the first, third and fifth of their sixths. */
    private static final int SIXTHS = 6;

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
    static List<Spot> spread(Database database, Session session, Plan plan, TableFacts table) {
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
            spots.add(
                    from.size() < 3
                            ? inThird(
                                    session,
                                    plan,
                                    chunk,
                                    third,
                                    extent -> sixths(database, session, plan, table, extent))
                            : at(session, plan, chunk, 0.5));
        }
        return spots;
    }

    /** The keys between six parts of about equal size. Reads alone, so it may take longer than a rehearsed batch. */
    private static List<Key> sixths(
            Database database, Session session, Plan plan, TableFacts table, ChunkExtent extent) {
        session.begin(Session.Isolation.READ_ONLY);
        try {
            session.execute("SET LOCAL statement_timeout = '5s'");
            return database.cuts(session, Planner.shapeOf(plan, table), List.of(extent), List.of(SIXTHS))
                    .get(0);
        } catch (DatabaseException e) {
            if (e.kind() != ErrorKind.TIMEOUT && e.kind() != ErrorKind.LOCK_TIMEOUT) {
                throw e;
            }
            return List.of();
        } finally {
            session.rollback();
        }
    }

    /** A chunk that is most of a table is more than its first rows. */
    private static Spot inThird(
            Session session, Plan plan, int index, int third, Function<ChunkExtent, List<Key>> sixths) {
        PlannedChunk chunk = plan.chunks().get(index);
        boolean whole = chunk.extent().keys().equals(KeyRange.ALL);
        List<Key> keys = whole && chunk.estimatedRows() > FARTHEST ? sixths.apply(chunk.extent()) : List.of();
        return keys.size() == SIXTHS - 1
                ? new Spot(index + 1, chunk, keys.get(2 * third))
                : at(session, plan, index, (2 * third + 1) / (double) SIXTHS);
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
