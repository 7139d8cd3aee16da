package io.backhoe.database;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How the server would execute a statement.
 *
 * @param text for people, in the server's own words; the values of the parameters stand there by their names
 * @param table each place where the statement reads the table that it is about
 */
public record QueryPlan(String text, List<Access> table) {
    private static final int FAR_TOO_MANY = 20;
    private static final long FEW_ROWS = 10_000;
    private static final long FEW_PAGES = 1_000;

    public QueryPlan {
        table = List.copyOf(table);
    }

    /**
     * One place where the table, or a partition of it, is read.
     *
     * @param how in the server's words: {@code Index Scan}
     * @param index by which index; null when all of the relation is read
     * @param bounded whether the index is entered and left at the ends of the batch, or the reading stops when the batch
     *     is full
     * @param rows how many rows are expected to be read and kept
     * @param cost in the server's units: a page read in order is 1, one read anywhere 4 by default
     * @param pages of the relation; -1 when nobody looked
     * @param relationRows of the relation, from the statistics; -1 when never analyzed
     */
    public record Access(
            String relation,
            String how,
            @Nullable String index,
            boolean bounded,
            double rows,
            double cost,
            long pages,
            long relationRows) {

        boolean scans(long batchRows) {
            // By its pages, which are known; how many rows there are is what old statistics believe.
            if (pages <= FEW_PAGES) {
                return false;
            }
            if (index == null) {
                // A batch may be so large a part of the table that reading all of it is right.
                return relationRows < 0 || farTooMany(relationRows, batchRows);
            }
            return farTooMany(Math.round(rows), batchRows) || (!bounded && farTooMany(Math.round(cost), batchRows));
        }
    }

    /** Whether so many rows are far beyond what a batch of this size has to read. */
    public static boolean farTooMany(long rows, long batchRows) {
        return rows > FAR_TOO_MANY * batchRows + FEW_ROWS;
    }

    /** Where the statement reads far more of the table than a batch of so many rows has to; a tiny table does not count. */
    public Optional<Access> scan(long batchRows) {
        return table.stream().filter(access -> access.scans(batchRows)).findFirst();
    }
}
