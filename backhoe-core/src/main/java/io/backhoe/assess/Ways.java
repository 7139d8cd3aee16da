package io.backhoe.assess;

import io.backhoe.database.StorageFacts;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Ranks the strategies by what is missing: values, whole rows, or nothing. For one look. */
final class Ways {
    private final GapMap gaps;
    private final double rowBytes;
    private final int imageBytes;
    private final List<Way> ways = new ArrayList<>();

    /** @param imageBytes what a row of before-image weighs */
    Ways(GapMap gaps, StorageFacts storage, int imageBytes) {
        this.gaps = gaps;
        // Never analyzed, the table holds at least the rows of the scope.
        long rows = storage.estimatedRows() > 0 ? storage.estimatedRows() : gaps.total();
        this.rowBytes = (double) storage.heapBytes() / Math.max(1, rows);
        this.imageBytes = imageBytes;
    }

    /** The recommended one first. */
    List<Way> ranked() {
        long empty = emptyPeriods();
        if (gaps.missing() > 0) {
            add("incremental", gaps.missing(), "fills the values that are missing, and leaves those that are there.");
        }
        if (empty > 0) {
            add("gap_fill", rowsOf(empty), gapFill(empty));
        }
        if (gaps.filled() > 0) {
            add(
                    "correction",
                    null,
                    "mends rows that you choose, by a condition or a file of keys, where values are wrong; the fewer, the"
                            + " cheaper.");
            add(
                    "incremental, preserve_existing: false",
                    gaps.total(),
                    "computes every value anew, also those that are there.");
        }
        return List.copyOf(ways);
    }

    private void add(String strategy, @Nullable Long rows, String what) {
        ways.add(new Way(
                strategy,
                ways.isEmpty(),
                rows,
                rows == null ? null : Math.round(rows * rowBytes),
                rows == null ? null : rows * imageBytes,
                what));
    }

    private String gapFill(long empty) {
        return (empty == gaps.periods().size()
                        ? "no " + gaps.unit().word() + " of the scope has a row:"
                        : Amount.of(empty, gaps.unit().word()) + " of "
                                + gaps.periods().size() + " " + (empty == 1 ? "has" : "have") + " no row at all:")
                + " inserts the rows that a query yields for them.";
    }

    private long emptyPeriods() {
        // A sample may miss the rows of a period, and a scope without dates has no periods.
        return !gaps.dated() || !gaps.counted()
                ? 0
                : gaps.periods().stream().filter(p -> p.total() == 0).count();
    }

    /** As many as the other periods have; null where none has any. */
    private @Nullable Long rowsOf(long empty) {
        long others = gaps.periods().size() - empty;
        return others == 0 ? null : Math.round((double) gaps.total() / others * empty);
    }
}
