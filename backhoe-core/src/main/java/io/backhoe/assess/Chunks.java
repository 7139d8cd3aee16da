package io.backhoe.assess;

import io.backhoe.database.StorageFacts;
import java.time.Duration;

/** How many chunks the plan will make, about, and how much of the table is in one. */
final class Chunks {
    /** What the plan aims at where it chooses. */
    private static final double ROWS = 500_000;

    private static final int FEWEST = 4;

    private Chunks() {}

    /** Of a scope that has dates. */
    static long count(Subject subject) {
        var scope = subject.spec().scope();
        double days = Duration.between(scope.from(), scope.to()).toHours() / 24.0;
        double length = switch (subject.spec().strategy().chunkBy()) {
            case HOUR -> 1 / 24.0;
            case DAY -> 1;
            case WEEK -> 7;
            case MONTH -> 30.44;
            case QUARTER -> 91.3;
            case YEAR -> 365.25;
            case KEY, PARTITION, AUTO -> days / Math.max(FEWEST, rows(subject) / ROWS);
        };
        return Math.max(1, Math.round(days / length));
    }

    private static double rows(Subject subject) {
        return subject.gaps() == null
                ? subject.table().estimatedRows()
                : subject.gaps().total();
    }

    /** Bytes of the table that a chunk has a share of; -1 when it is not known how many rows are meant. */
    static long bytes(Subject subject, StorageFacts storage) {
        GapMap gaps = subject.gaps();
        if (gaps == null || storage.estimatedRows() <= 0) {
            return -1;
        }
        double meant = Math.min(1, gaps.total() / (double) storage.estimatedRows());
        return Math.round(storage.heapBytes() * meant / count(subject));
    }
}
