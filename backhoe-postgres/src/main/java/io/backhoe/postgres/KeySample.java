package io.backhoe.postgres;

import io.backhoe.database.BatchShape;
import io.backhoe.database.ColumnFacts;
import io.backhoe.database.Row;
import io.backhoe.database.Session;
import io.backhoe.value.ChunkExtent;
import io.backhoe.value.ChunkRange;
import io.backhoe.value.Key;
import io.backhoe.value.TableName;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Where to cut a table into parts of about equal size. What is small is walked along its index, and cut exactly; the rest
 * by quantiles of a sample of the table's pages. Either way the server sorts.
 */
final class KeySample {
    /** 32 MiB to read, wherever they lie. */
    private static final int PAGES = 4000;

    /** So many entries of an index are walked for one plan, a second or two. */
    private static final long MOST_WALKED = 2_000_000;

    private final Session session;
    private final BatchShape shape;

    KeySample(Session session, BatchShape shape) {
        this.session = session;
        this.shape = shape;
    }

    List<List<Key>> cuts(List<ChunkExtent> extents, List<Integer> parts) {
        if (extents.isEmpty()) {
            return List.of();
        }
        if (extents.get(0).partition() != null) {
            return IntStream.range(0, extents.size())
                    .mapToObj(i -> exactly(extents.subList(i, i + 1), parts.subList(i, i + 1))
                            .get(0))
                    .toList();
        }
        return exactly(extents, parts);
    }

    /** The smallest first, for as long as the walk stays short: they are what a sample of the table knows least about. */
    private List<List<Key>> exactly(List<ChunkExtent> extents, List<Integer> parts) {
        var walked = extents.stream()
                .map(e -> shape.walksDates() ? e : new ChunkExtent(null, e.keys(), e.partition()))
                .toList();
        List<Long> rows = new RowEstimates(session, shape.chunkColumn()).of(shape.table(), walked);
        var cuts = new ArrayList<@Nullable List<Key>>(Collections.nCopies(extents.size(), null));
        long left = MOST_WALKED;
        for (int i : IntStream.range(0, extents.size())
                .boxed()
                .sorted(Comparator.comparing(rows::get))
                .toList()) {
            if (rows.get(i) > left) {
                break;
            }
            left -= Math.max(1, rows.get(i));
            cuts.set(i, walk(extents.get(i), parts.get(i), MOST_WALKED));
        }
        var large = IntStream.range(0, extents.size())
                .filter(i -> cuts.get(i) == null)
                .boxed()
                .toList();
        if (!large.isEmpty()) {
            var sampled = of(
                    large.stream().map(extents::get).toList(),
                    large.stream().map(parts::get).toList());
            IntStream.range(0, large.size()).forEach(i -> cuts.set(large.get(i), sampled.get(i)));
        }
        return cuts.stream().map(Objects::requireNonNull).toList();
    }

    /** @return null when there are more rows than anybody thought */
    private @Nullable List<Key> walk(ChunkExtent extent, int parts, long most) {
        var values = new HashMap<String, String>();
        values.put("parts", Integer.toString(parts));
        values.put("most", Long.toString(most));
        TableName partition = extent.partition();
        String keys = numbered("key_", ", ");
        String sql = """
                WITH walked AS (
                    SELECT %s
                    FROM %s%s
                    ORDER BY %s
                    LIMIT CAST(:most AS bigint)
                ), ranked AS (
                    SELECT %s, row_number() OVER (ORDER BY %s) AS place, count(*) OVER () AS total
                    FROM walked
                )
                SELECT total, %s
                FROM ranked
                WHERE place < total
                  AND place * CAST(:parts AS bigint) / total > (place - 1) * CAST(:parts AS bigint) / total
                ORDER BY place
                """.formatted(
                        sampled(),
                        Identifiers.quote(partition == null ? shape.table() : partition),
                        dated(List.of(extent), values),
                        keys,
                        keys,
                        keys,
                        texts());
        var rows = session.query(sql, values);
        return !rows.isEmpty() && rows.get(0).number(0) >= most
                ? null
                : rows.stream().map(KeySample::key).toList();
    }

    private static Key key(Row row) {
        return new Key(row.values().subList(1, row.values().size()).stream()
                .map(Objects::requireNonNull)
                .toList());
    }

    private List<List<Key>> of(List<ChunkExtent> extents, List<Integer> parts) {
        TableName partition = extents.get(0).partition();
        String source = Identifiers.quote(partition == null ? shape.table() : partition);
        var values = new HashMap<String, String>();
        values.put("parts", array(parts.stream().map(String::valueOf).toList()));
        String keys = numbered("key_", ", ");
        String sql = """
                WITH sample AS (
                    SELECT %s, %s AS extent
                    FROM %s TABLESAMPLE SYSTEM (%s)%s
                ), ranked AS (
                    SELECT extent, %s,
                           (CAST(:parts AS integer[]))[(extent)] AS parts,
                           row_number() OVER (PARTITION BY extent ORDER BY %s) AS place,
                           count(*) OVER (PARTITION BY extent) AS total
                    FROM sample
                    WHERE extent > 0
                )
                SELECT extent, %s
                FROM ranked
                WHERE place < total AND place * parts / total > (place - 1) * parts / total
                ORDER BY extent, place
                """.formatted(
                        sampled(),
                        extent(extents, values),
                        source,
                        percent(source),
                        dated(extents, values),
                        keys,
                        keys,
                        texts());
        var cuts = new ArrayList<List<Key>>();
        extents.forEach(each -> cuts.add(new ArrayList<>()));
        for (Row row : session.query(sql, values)) {
            cuts.get((int) row.number(0) - 1).add(key(row));
        }
        return cuts;
    }

    /** Which extent a row lies in, from 1; 0 when in none. */
    private String extent(List<ChunkExtent> extents, Map<String, String> values) {
        ColumnFacts column = shape.chunkColumn();
        if (column == null || extents.size() == 1) {
            return "1";
        }
        values.put(
                "starts", array(dates(extents).stream().map(ChunkRange::start).toList()));
        values.put("ends", array(dates(extents).stream().map(ChunkRange::end).toList()));
        String name = Identifiers.quote(column.name());
        String place = "width_bucket(" + name + ", CAST(:starts AS " + column.type() + "[]))";
        return "CASE WHEN " + name + " < (CAST(:ends AS " + column.type() + "[]))[(" + place + ")] THEN " + place
                + " ELSE 0 END";
    }

    private static List<ChunkRange> dates(List<ChunkExtent> extents) {
        return extents.stream()
                .map(e -> Objects.requireNonNull(e.dates(), "several extents, and one without dates"))
                .toList();
    }

    /** Where the walk is not bounded by dates, neither are the parts of it. */
    private String dated(List<ChunkExtent> extents, Map<String, String> values) {
        ColumnFacts column = shape.chunkColumn();
        if (column == null || !shape.walksDates()) {
            return "";
        }
        var ranges = dates(extents);
        values.put("first", ranges.get(0).start());
        values.put("last", ranges.get(ranges.size() - 1).end());
        String name = Identifiers.quote(column.name());
        return "\n    WHERE %s >= CAST(:first AS %s) AND %s < CAST(:last AS %s)"
                .formatted(name, column.type(), name, column.type());
    }

    private String percent(String source) {
        return PageSample.percent(PageSample.pages(session, source), PAGES);
    }

    private String sampled() {
        return IntStream.rangeClosed(1, shape.keyset().size())
                .mapToObj(i -> Identifiers.quote(shape.keyset().get(i - 1).name()) + " AS key_" + i)
                .collect(Collectors.joining(", "));
    }

    private String texts() {
        return IntStream.rangeClosed(1, shape.keyset().size())
                .mapToObj(i -> "CAST(key_" + i + " AS text)")
                .collect(Collectors.joining(", "));
    }

    private String numbered(String prefix, String separator) {
        return IntStream.rangeClosed(1, shape.keyset().size())
                .mapToObj(i -> prefix + i)
                .collect(Collectors.joining(separator));
    }

    /** Numbers, dates and times need no quotes, but those with a space do. */
    private static String array(List<@Nullable String> values) {
        return values.stream().map(v -> '"' + v + '"').collect(Collectors.joining(",", "{", "}"));
    }
}
