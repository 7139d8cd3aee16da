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
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Where to cut a table into parts of about equal size: quantiles of a sample of its pages, sorted by the server. The
 * sample is of the whole table: parts that hold few of its {@value #PAGES} pages come out uneven, or are not cut at all.
 */
final class KeySample {
    /** 32 MiB to read, wherever they lie. */
    private static final int PAGES = 4000;

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
                    .mapToObj(i -> of(extents.subList(i, i + 1), parts.subList(i, i + 1))
                            .get(0))
                    .toList();
        }
        return of(extents, parts);
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
            var key = row.values().subList(1, row.values().size()).stream()
                    .map(Objects::requireNonNull)
                    .toList();
            cuts.get((int) row.number(0) - 1).add(new Key(key));
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
        long pages = session.query("""
                        SELECT CAST(coalesce(sum(pg_relation_size(relid)), 0)
                                    / CAST(current_setting('block_size') AS bigint) AS bigint)
                        FROM (SELECT CAST(to_regclass(:name) AS oid) AS relid
                              UNION
                              SELECT relid FROM pg_partition_tree(to_regclass(:name))) AS tables
                        """, Map.of("name", source)).get(0).number(0);
        return pages <= PAGES ? "100" : String.format(Locale.ROOT, "%.6f", 100.0 * PAGES / pages);
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
