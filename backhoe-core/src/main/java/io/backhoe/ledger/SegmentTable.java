package io.backhoe.ledger;

import static java.util.Objects.requireNonNull;

import io.backhoe.database.Row;
import io.backhoe.database.Session;
import io.backhoe.value.Key;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Segments of one executor of one run, in one phase. Its methods run in the caller's transaction, unless they say
 * otherwise. Thread-safe: it holds no state, the session passed in is the caller's.
 */
public final class SegmentTable {
    /** Counts written rows beside what follows, in one statement. */
    static final String COUNTED = """
            WITH counted AS (
                UPDATE backhoe.segment SET changed = changed + CAST(:changed AS bigint)
                WHERE run_id = CAST(:run AS bigint) AND phase = :phase AND chunk = CAST(:chunk AS integer)
                  AND segment = CAST(:segment AS integer)
            )
            """;

    private static final String COLUMNS = "chunk, segment, seq, position, upto, done, examined";

    private final long runId;
    private final int epoch;
    private final Phase phase;

    public SegmentTable(long runId, int epoch, Phase phase) {
        this.runId = runId;
        this.epoch = epoch;
        this.phase = phase;
    }

    /**
     * The fence of a batch: moves the segment on if it is where the caller believes it to be.
     *
     * @return whether it was; if not, nothing was written, and the transaction must be rolled back
     */
    public boolean advance(Session session, SegmentRecord from, @Nullable Key position, long examined, boolean done) {
        var parameters = fence(from);
        parameters.put("position", KeyText.write(position));
        parameters.put("examined", Long.toString(examined));
        parameters.put("done", Boolean.toString(done));
        return session.update("""
                        UPDATE backhoe.segment
                        SET position = :position, seq = seq + 1, done = CAST(:done AS boolean),
                            examined = examined + CAST(:examined AS bigint)
                        WHERE run_id = CAST(:run AS bigint) AND phase = :phase AND chunk = CAST(:chunk AS integer)
                          AND segment = CAST(:segment AS integer) AND epoch = CAST(:epoch AS integer)
                          AND seq = CAST(:seq AS bigint)
                        """, parameters) == 1;
    }

    /** Counts rows written, in the transaction that has just passed the fence and so holds the segment's row. */
    public void count(Session session, SegmentRecord from, long changed) {
        var parameters = fence(from);
        parameters.put("changed", Long.toString(changed));
        session.update("""
                UPDATE backhoe.segment SET changed = changed + CAST(:changed AS bigint)
                WHERE run_id = CAST(:run AS bigint) AND phase = :phase AND chunk = CAST(:chunk AS integer)
                  AND segment = CAST(:segment AS integer)
                """, parameters);
    }

    /** Counts rows that undo has written over, in the same transaction. */
    public void overwritten(Session session, SegmentRecord from, long rows) {
        var parameters = fence(from);
        parameters.put("rows", Long.toString(rows));
        session.update("""
                UPDATE backhoe.segment SET overwritten = overwritten + CAST(:rows AS bigint)
                WHERE run_id = CAST(:run AS bigint) AND phase = :phase AND chunk = CAST(:chunk AS integer)
                  AND segment = CAST(:segment AS integer)
                """, parameters);
    }

    /** Gives the part after {@code middle} to a new segment. Commits by itself. Empty when the fence did not hold. */
    public Optional<SegmentRecord> split(Session session, SegmentRecord from, Key middle) {
        return Transactions.durably(session, () -> {
            // A takeover that does not see the new segment yet must wait, or it would leave it behind under our epoch.
            RunTable.fence(session, runId, epoch);
            var parameters = fence(from);
            parameters.put("middle", KeyText.write(middle));
            long held = session.update("""
                    UPDATE backhoe.segment SET upto = :middle, seq = seq + 1
                    WHERE run_id = CAST(:run AS bigint) AND phase = :phase AND chunk = CAST(:chunk AS integer)
                      AND segment = CAST(:segment AS integer) AND epoch = CAST(:epoch AS integer)
                      AND seq = CAST(:seq AS bigint) AND NOT done
                    """, parameters);
            return held == 1
                    ? Optional.of(insert(session, from.chunk(), middle, from.upTo()))
                    : Optional.<SegmentRecord>empty();
        });
    }

    /** A new segment of a chunk, in the caller's transaction. */
    public SegmentRecord insert(Session session, int chunk, @Nullable Key after, @Nullable Key upTo) {
        var parameters = new HashMap<String, @Nullable String>(Map.of(
                "run", Long.toString(runId),
                "phase", phase.word(),
                "chunk", Integer.toString(chunk),
                "epoch", Integer.toString(epoch)));
        parameters.put("position", KeyText.write(after));
        parameters.put("upto", KeyText.write(upTo));
        return read(session.query("""
                        INSERT INTO backhoe.segment (run_id, phase, chunk, segment, epoch, position, upto)
                        SELECT CAST(:run AS bigint), :phase, CAST(:chunk AS integer), 1 + coalesce(max(segment), 0),
                               CAST(:epoch AS integer), CAST(:position AS text), CAST(:upto AS text)
                        FROM backhoe.segment
                        WHERE run_id = CAST(:run AS bigint) AND phase = :phase AND chunk = CAST(:chunk AS integer)
                        RETURNING """ + " " + COLUMNS, parameters).get(0));
    }

    /** The segment as it is now; its epoch must still be ours. */
    public SegmentRecord reread(Session session, SegmentRecord known) {
        var rows = session.query("SELECT " + COLUMNS + """
                         FROM backhoe.segment
                        WHERE run_id = CAST(:run AS bigint) AND phase = :phase AND chunk = CAST(:chunk AS integer)
                          AND segment = CAST(:segment AS integer) AND epoch = CAST(:epoch AS integer)
                        """, fence(known));
        if (rows.isEmpty()) {
            throw new Superseded(runId, epoch);
        }
        return read(rows.get(0));
    }

    Map<String, @Nullable String> at(int chunk) {
        return new HashMap<>(
                Map.of("run", Long.toString(runId), "phase", phase.word(), "chunk", Integer.toString(chunk)));
    }

    private Map<String, @Nullable String> fence(SegmentRecord from) {
        return new HashMap<>(Map.of(
                "run", Long.toString(runId),
                "phase", phase.word(),
                "chunk", Integer.toString(from.chunk()),
                "segment", Integer.toString(from.number()),
                "epoch", Integer.toString(epoch),
                "seq", Long.toString(from.seq())));
    }

    static SegmentRecord read(Row row) {
        return new SegmentRecord(
                (int) row.number(0),
                (int) row.number(1),
                row.number(2),
                KeyText.read(row.text(3)),
                KeyText.read(row.text(4)),
                requireNonNull(row.text(5)).startsWith("t"),
                row.number(6));
    }
}
