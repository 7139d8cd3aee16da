package io.backhoe.check;

import java.util.Map;

/** Whether there is a row in scope, and one in what is joined. Stops at the first of each. */
final class SourceDataExists implements Question {
    @Override
    public CheckResult ask(Ground ground) {
        String source = ground.sql().anySource();
        if (source != null && !ground.query(source, Map.of()).get(0).yes(0)) {
            return CheckResult.fails("what is joined (transform.from) holds no row")
                    .shownBy(source + ";");
        }
        for (Piece piece : ground.pieces()) {
            if (!ground.query(ground.sql().sample(), piece, Map.of("batch_rows", "1", "every", "1"))
                    .isEmpty()) {
                return CheckResult.holds("chunk " + piece.id() + " holds rows in scope"
                                + (source == null ? "" : ", and so does what is joined"))
                        .shownBy(ground.shown(ground.sql().rows(), piece) + ";");
            }
        }
        return CheckResult.fails("no row of " + ground.table().name() + " is in scope, in none of "
                + Said.count(ground.pieces().size(), "chunk"));
    }
}
