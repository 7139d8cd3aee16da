package io.backhoe.plan;

import io.backhoe.assess.Way;
import io.backhoe.spec.ChunkBy;
import java.util.List;

/**
 * A spec for somebody who has none, and what else was thought of.
 *
 * @param name of the backfill
 * @param text the spec, with comments
 * @param complete whether it says what to fill the column with; if not, a person has to write that
 * @param alternatives the one that the spec takes first, then the others, the cheapest first
 * @param ways the strategies that fit what is there, the recommended one first; none where that could not be told
 * @param leftOut dates far from all others that the proposed range does not reach to, the earliest first
 */
public record Recommendation(
        String name,
        String text,
        boolean complete,
        List<Alternative> alternatives,
        List<Way> ways,
        List<LeftOut> leftOut) {
    public Recommendation {
        leftOut = List.copyOf(leftOut);
        ways = List.copyOf(ways);
        alternatives = List.copyOf(alternatives);
    }

    /**
     * A date that looks like a stand-in for one that nobody knew.
     *
     * @param date such as {@code 1970-01-01} or {@code infinity}
     * @param rows that have it; counted up to {@link #MOST_COUNTED}
     */
    public record LeftOut(String date, long rows) {
        public static final long MOST_COUNTED = 1_000_000;
    }

    /**
     * A way to cut the work.
     *
     * @param chunks how many chunks, about
     * @param largestRows what the largest of them holds, about
     * @param rowsRead how many rows are read in all to find those in scope, about
     */
    public record Alternative(ChunkBy chunkBy, long chunks, long largestRows, long rowsRead, String why) {}
}
