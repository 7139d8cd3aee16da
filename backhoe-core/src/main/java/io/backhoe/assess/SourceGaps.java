package io.backhoe.assess;

import io.backhoe.database.ArrayText;
import io.backhoe.database.GapSql;
import io.backhoe.database.Row;
import io.backhoe.database.Session;
import io.backhoe.value.ChunkRange;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The rows that a query yields, compared with those that are there. Reads only; in the caller's transaction. */
public record SourceGaps(Session session, GapSql sql) {
    /**
     * Of a period.
     *
     * @param expected rows that there are to be
     * @param missing those of them that are not there, or, where rows that are there are computed anew, are there otherwise
     * @param surplus rows that are there and are to go
     * @param keyless rows besides that have no key, and so are never inserted
     */
    public record Count(long expected, long missing, long keyless, long surplus) {
        public static final Count NONE = new Count(0, 0, 0, 0);

        /** Which period lacks rows: {@code 2023-03 (12 of 310)}. */
        public String lacking(String period) {
            return String.format(Locale.ROOT, "%s (%,d of %,d)", period, missing, expected);
        }

        public Count and(Count other) {
            return new Count(
                    expected + other.expected,
                    missing + other.missing,
                    keyless + other.keyless,
                    surplus + other.surplus);
        }
    }

    public Count count(ChunkRange range) {
        Row row = session.query(sql.counts(), Map.of("chunk_start", range.start(), "chunk_end", range.end()))
                .get(0);
        return new Count(row.number(0), row.number(1), row.number(2), row.number(3));
    }

    /** Of all of these in one statement. */
    public List<Count> counts(List<ChunkRange> ranges) {
        return session.query(sql.map(), periods(ranges)).stream()
                .map(row -> new Count(row.number(0), row.number(1), row.number(2), row.number(3)))
                .toList();
    }

    /** The places, from 0, of those ranges in which the table has no row at all. */
    public Set<Integer> empty(List<ChunkRange> ranges) {
        var places = new HashSet<Integer>();
        session.query(sql.empty(), periods(ranges)).forEach(row -> places.add((int) row.number(0) - 1));
        return places;
    }

    private static Map<String, String> periods(List<ChunkRange> ranges) {
        return Map.of(
                "starts", ArrayText.of(ranges, ChunkRange::start),
                "ends", ArrayText.of(ranges, ChunkRange::end));
    }
}
