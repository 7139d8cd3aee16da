package io.backhoe.database;

import java.util.List;

/** What the rows of a scope are like. These questions read the table itself. See {@link Survey}. */
public interface ScopeSurvey {
    /** All rows, as the share of the pages that is read. */
    double ALL = 100;

    /** What the server's planner thinks that counting every row of the scope costs; about 1 for a page read in order. */
    double cost();

    /**
     * Counts the rows of the scope.
     *
     * @param starts where each period starts, ascending, in the server's text form; the last ends with the scope. Empty
     *     where the scope has no range: all its rows are one period then
     * @param percent of the table's pages to read, {@link #ALL} for a count; the counts are those of the pages read
     */
    Shown<List<PeriodCount>> periods(List<String> starts, double percent);

    /**
     * How many rows have no date at all.
     *
     * @throws IllegalStateException when there is no column of dates
     */
    Shown<Long> undated(double percent);

    /**
     * Looks at the newest rows by date, up to now.
     *
     * @param rows at most
     * @throws IllegalStateException when there is no column of dates
     */
    Shown<NewestRows> newest(int rows);

    /**
     * Whether the server itself can prove that no row has two matches in what is joined.
     *
     * @throws IllegalStateException when nothing is joined
     */
    Shown<Boolean> matchesAtMostOne();

    /**
     * How many of some rows in the scope have no match in what is joined, or several.
     *
     * @param rows at most, from all of the pages that are read, the same each time
     * @param percent of the table's pages that they are taken from
     * @param filled whether rows that have a value are looked at too, since they are written as well
     */
    Shown<MatchCount> matches(int rows, double percent, boolean filled);

    /**
     * How often a key occurs more than once in a table that is joined.
     *
     * @param columns the key, as written in SQL
     * @param most count no further
     */
    Shown<Long> duplicates(String from, List<String> columns, int most);
}
