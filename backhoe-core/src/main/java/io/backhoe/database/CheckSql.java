package io.backhoe.database;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Queries by which checks look at the rows of a backfill; none writes. Those over a chunk take the parameters of {@link
 * BatchSql}, and stand for one partition where chunks are partitions.
 *
 * @param rows counts the rows of a chunk that are in scope
 * @param meant counts the rows of a chunk that a write would change, each once
 * @param missing column to a query of a chunk: the rows that lack a value, how many of those have no match in what is
 *     joined, and for how many the expression itself yields NULL
 * @param lacking column to a query for people: the keys of rows of a chunk's dates that lack a value
 * @param sample reads at most {@code :batch_rows} rows of a chunk, one in {@code :every} by its key, the columns that are set, as text, in their order
 * @param untouched reads one row of a chunk: the number of rows, then a digest of each of {@code others}
 * @param others the columns that are neither set nor computed, without those that may change
 * @param anySource whether what is joined holds any row; null when nothing is joined
 * @param newer the newest filled rows from {@code :bound} on, at most {@code :batch_rows} of the newest {@code :looked_at},
 *     as {@code sample}; null without a date column
 * @param older the newest filled rows before {@code :bound}, in the same way
 * @param images how the before-images tell what was written; null when none are kept
 * @param numeric the columns that are set whose values are numbers
 */
public record CheckSql(
        String rows,
        String meant,
        Map<String, String> missing,
        Map<String, String> lacking,
        String sample,
        String untouched,
        List<String> others,
        @Nullable String anySource,
        @Nullable String newer,
        @Nullable String older,
        @Nullable Images images,
        List<String> numeric) {
    public CheckSql {
        missing = Map.copyOf(missing);
        lacking = Map.copyOf(lacking);
        others = List.copyOf(others);
        numeric = List.copyOf(numeric);
    }

    /**
     * Queries over the before-images, some of their pages at a time: from {@code :first_page} to before {@code :end_page}.
     *
     * @param pages how many pages they have
     * @param rows counts them
     * @param compare computes anew what was written, on the rows as they were: for each chunk its number, the rows that
     *     are still there, those that somebody changed since, those of the rest without a match now, and those of the
     *     rest that hold something else than the expression yields
     * @param sample reads what was written, as text, a column each
     */
    public record Images(String pages, String rows, String compare, String sample) {}
}
