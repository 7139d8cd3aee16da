package io.backhoe.run.checkpoint;

import io.backhoe.database.Session;
import io.backhoe.ledger.SegmentRecord;
import io.backhoe.ledger.SegmentTable;
import io.backhoe.value.Key;
import io.backhoe.value.KeyRange;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How far one segment has got, as this executor believes until the ledger says otherwise. Confined to the thread that
 * works on the segment.
 */
public final class Checkpoint {
    private final SegmentTable table;
    private SegmentRecord segment;

    public Checkpoint(SegmentTable table, SegmentRecord segment) {
        this.table = table;
        this.segment = segment;
    }

    public SegmentRecord segment() {
        return segment;
    }

    /** What is left to do. */
    public KeyRange rest() {
        return new KeyRange(segment.position(), segment.upTo());
    }

    /** In the caller's transaction: the segment moves with the rows, or not at all. */
    public boolean advance(Session session, @Nullable Key position, long examined, boolean done) {
        return table.advance(session, segment, position, examined, done);
    }

    public void count(Session session, long changed) {
        table.count(session, segment, changed);
    }

    public void overwritten(Session session, long rows) {
        table.overwritten(session, segment, rows);
    }

    /** To be called when the transaction that {@link #advance} was part of has committed. */
    public void committed(@Nullable Key position, long examined, boolean done) {
        segment = new SegmentRecord(
                segment.chunk(),
                segment.number(),
                segment.seq() + 1,
                position,
                segment.upTo(),
                done,
                segment.examined() + examined);
    }

    /**
     * Believes the ledger again: after a commit whose outcome is not known, or a fence that did not hold.
     *
     * @throws io.backhoe.ledger.Superseded when another executor has the segment
     */
    public void reread(Session session) {
        segment = table.reread(session, segment);
    }

    /** Gives everything after {@code middle} away. Empty, and read again, when the segment had moved. */
    public Optional<SegmentRecord> split(Session session, Key middle) {
        var tail = table.split(session, segment, middle);
        reread(session);
        return tail;
    }
}
