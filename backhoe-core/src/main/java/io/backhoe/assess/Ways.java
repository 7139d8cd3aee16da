package io.backhoe.assess;

import io.backhoe.database.StorageFacts;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Ranks the strategies by what is missing: values, whole rows, or nothing. For one look. */
final class Ways {
    private static final long CHOSEN = 1_000;

    private final GapMap gaps;
    private final double rowBytes;
    private final int imageBytes;
    private final double pages;
    private final long tableRows;
    private final RunTime time;
    private final int indexes;
    private final List<Way> ways = new ArrayList<>();

    /**
     * @param imageBytes what a row of before-image weighs
     * @param indexes how many the table has
     */
    Ways(GapMap gaps, StorageFacts storage, int imageBytes, RunTime time, int indexes) {
        this.gaps = gaps;
        this.time = time;
        this.indexes = indexes;
        this.pages = (storage.heapBytes() + storage.indexBytes()) / 8192.0;
        // Never analyzed, the table holds at least the rows of the scope.
        long rows = storage.estimatedRows() > 0 ? storage.estimatedRows() : gaps.total();
        this.tableRows = Math.max(1, rows);
        this.rowBytes = (double) storage.heapBytes() / tableRows;
        this.imageBytes = imageBytes;
    }

    /** The recommended one first. */
    List<Way> ranked() {
        long empty = emptyPeriods();
        if (gaps.missing() > 0) {
            add(
                    "incremental",
                    gaps.total(),
                    gaps.missing(),
                    "fills the values that are missing, and leaves those that are there.");
        }
        if (empty > 0) {
            Long rows = rowsOf(empty);
            // Without expect it looks at every row that the query yields; with expect at fewer.
            add("gap_fill", rows == null ? 0 : gaps.total() + rows, rows, gapFill(empty));
        }
        if (gaps.filled() > 0) {
            add(
                    "correction",
                    0,
                    null,
                    "mends rows that you choose, by a condition or a file of keys, where values are wrong; the fewer, the"
                            + " cheaper." + ofChosen());
            add(
                    "incremental, preserve_existing: false",
                    gaps.total(),
                    gaps.total(),
                    "computes every value anew, also those that are there.");
        }
        return List.copyOf(ways);
    }

    /** @param examined rows that it would look at */
    private void add(String strategy, long examined, @Nullable Long rows, String what) {
        ways.add(new Way(
                strategy,
                ways.isEmpty(),
                rows,
                rows == null ? null : Math.round(rows * rowBytes),
                rows == null ? null : rows * imageBytes,
                rows == null ? null : time.of(examined, RunTime.FAST, RunTime.SLOW, wal(rows)),
                what));
    }

    /** How many will be chosen nobody knows, so it is told of a number that is easy to multiply. */
    private String ofChosen() {
        var each = time.of(CHOSEN, RunTime.FAST, RunTime.SLOW, wal(CHOSEN));
        return " Of " + Amount.of(CHOSEN, "row") + ": " + Amount.bytes(CHOSEN * imageBytes) + " kept for undo, between "
                + Amount.time(each.low() / 1000) + " and " + Amount.time((each.high() + 999) / 1000) + ".";
    }

    private double wal(long rows) {
        return RunTime.wal(rows, indexes, rowBytes + imageBytes, pages * Math.min(1, (double) rows / tableRows));
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
