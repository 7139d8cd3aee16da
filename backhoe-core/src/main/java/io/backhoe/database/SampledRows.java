package io.backhoe.database;

import java.util.List;

/**
 * How many rows there are, by counting those of some pages.
 *
 * @param exact whether all pages were read
 * @param pages how many were
 * @param all rows of the table
 * @param each rows of each extent that was asked for, in order
 */
public record SampledRows(boolean exact, long pages, long all, List<Long> each) {
    public SampledRows {
        each = List.copyOf(each);
    }
}
