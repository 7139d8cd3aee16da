package io.backhoe.postgres;

import io.backhoe.database.ColumnFacts;
import io.backhoe.database.DatabaseException;
import io.backhoe.database.ErrorKind;
import io.backhoe.database.SampledRows;
import io.backhoe.database.Session;
import io.backhoe.value.ChunkExtent;
import io.backhoe.value.ChunkRange;
import io.backhoe.value.TableName;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collector;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Counts the live rows of some pages, wherever they lie in the table. */
final class PageSample {
    /** 16 MiB to read, wherever they lie. */
    private static final int PAGES = 2_000;

    /** Dates and times hold no quotes, but those with a space need some. */
    private static final Collector<CharSequence, ?, String> ARRAY = Collectors.joining("\",\"", "{\"", "\"}");

    private final Session session;
    private final String source;

    PageSample(Session session, TableName table) {
        this.session = session;
        this.source = Identifiers.quote(table);
    }

    /** Of a table and all of its partitions. */
    static long pages(Session session, String source) {
        return session.query("""
                        SELECT CAST(coalesce(sum(pg_relation_size(relid)), 0)
                                    / CAST(current_setting('block_size') AS bigint) AS bigint)
                        FROM (SELECT CAST(to_regclass(:name) AS oid) AS relid
                              UNION
                              SELECT relid FROM pg_partition_tree(to_regclass(:name))) AS tables
                        """, Map.of("name", source)).get(0).number(0);
    }

    static String percent(long pages, int wanted) {
        return pages <= wanted ? "100" : String.format(Locale.ROOT, "%.6f", 100.0 * wanted / pages);
    }

    Optional<SampledRows> rows(@Nullable ColumnFacts column, List<ChunkExtent> extents) {
        session.begin(Session.Isolation.READ_ONLY);
        try {
            session.execute("SET LOCAL statement_timeout = '5s'");
            long pages = pages(session, source);
            return Optional.of(counted(column, extents, pages));
        } catch (DatabaseException e) {
            if (e.kind() != ErrorKind.TIMEOUT && e.kind() != ErrorKind.LOCK_TIMEOUT) {
                throw e;
            }
            return Optional.empty();
        } finally {
            session.rollback();
        }
    }

    private SampledRows counted(@Nullable ColumnFacts column, List<ChunkExtent> extents, long pages) {
        var values = new HashMap<String, String>();
        String place = column == null || extents.isEmpty() ? "0" : place(column, extents, values);
        // The same pages each time, so that a plan that is made again says the same.
        var rows = session.query("""
                SELECT %s AS place, count(*)
                FROM %s TABLESAMPLE SYSTEM (%s) REPEATABLE (1)
                GROUP BY 1
                """.formatted(place, source, percent(pages, PAGES)), values);
        double scale = Math.max(1, (double) pages / PAGES);
        var each = new ArrayList<>(Collections.nCopies(column == null ? 0 : extents.size(), 0L));
        long all = 0;
        for (var row : rows) {
            long found = Math.round(row.number(1) * scale);
            all += found;
            if (row.number(0) > 0) {
                each.set((int) row.number(0) - 1, found);
            }
        }
        return new SampledRows(pages <= PAGES, Math.min(pages, PAGES), all, each);
    }

    /** Which extent a row lies in, from 1; 0 when in none. */
    private static String place(ColumnFacts column, List<ChunkExtent> extents, Map<String, String> values) {
        var ranges =
                extents.stream().map(e -> Objects.requireNonNull(e.dates())).toList();
        values.put("starts", ranges.stream().map(ChunkRange::start).collect(ARRAY));
        values.put("ends", ranges.stream().map(ChunkRange::end).collect(ARRAY));
        String name = Identifiers.quote(column.name());
        String bucket = "width_bucket(" + name + ", CAST(:starts AS " + column.type() + "[]))";
        return "CASE WHEN " + name + " < (CAST(:ends AS " + column.type() + "[]))[(" + bucket + ")] THEN " + bucket
                + " ELSE 0 END";
    }
}
