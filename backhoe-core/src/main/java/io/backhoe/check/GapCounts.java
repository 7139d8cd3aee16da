package io.backhoe.check;

import io.backhoe.assess.SourceGaps;
import io.backhoe.assess.SourceGaps.Count;
import io.backhoe.database.GapSql;
import io.backhoe.database.Session;
import io.backhoe.plan.Planner;
import io.backhoe.value.ChunkRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The rows that the query yields, compared with those of the table, chunk by chunk.
 *
 * @param counts in the order of the chunks
 */
record GapCounts(GapSql sql, List<Piece> pieces, List<Count> counts) {
    static GapCounts of(Ground ground) {
        var sql = ground.database().gapSql(ground.table(), Planner.shapeOf(ground.plan(), ground.table()));
        var counts = new ArrayList<Count>();
        for (Piece piece : ground.pieces()) {
            counts.add(reading(ground.session(), new SourceGaps(ground.session(), sql), dates(piece)));
        }
        return new GapCounts(sql, ground.pieces(), counts);
    }

    /** A transaction a chunk, so that no snapshot lives longer than that takes. */
    private static Count reading(Session session, SourceGaps gaps, ChunkRange range) {
        session.begin(Session.Isolation.READ_ONLY);
        try {
            return gaps.count(range);
        } finally {
            session.rollback();
        }
    }

    static ChunkRange dates(Piece piece) {
        return Objects.requireNonNull(piece.extent().dates(), "a chunk of the calendar without dates");
    }

    Count sum() {
        return counts.stream().reduce(Count.NONE, Count::and);
    }

    /** The periods that lack rows: {@code 2023-03 (12 of 310)}. */
    List<String> lacking() {
        var lacking = new ArrayList<String>();
        for (int i = 0; i < counts.size(); i++) {
            var count = counts.get(i);
            if (count.missing() > 0) {
                lacking.add(count.lacking(pieces.get(i).id()));
            }
        }
        return lacking;
    }
}
