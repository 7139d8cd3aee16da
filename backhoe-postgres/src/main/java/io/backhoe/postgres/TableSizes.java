package io.backhoe.postgres;

import io.backhoe.database.Row;
import io.backhoe.database.Session;
import io.backhoe.database.Sizes;
import io.backhoe.value.TableName;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** How much room tables and rows take. */
final class TableSizes {
    private TableSizes() {}

    static Sizes of(Session session, TableName table) {
        Row row = session.query("""
                        WITH leaves AS (
                            SELECT c.oid, c.reltuples, c.relkind
                            FROM pg_class c
                            WHERE c.oid = CAST(:table AS regclass)
                               OR c.oid IN (SELECT relid FROM pg_partition_tree(CAST(:table AS regclass)) WHERE isleaf)
                        )
                        SELECT CAST(CASE WHEN bool_and(reltuples < 0) THEN -1
                                         ELSE sum(greatest(reltuples, 0)) END AS bigint),
                               CAST(sum(pg_relation_size(oid)) AS bigint),
                               CAST(sum(pg_indexes_size(oid)) AS bigint),
                               (SELECT count(*) FROM pg_index WHERE indrelid = CAST(:table AS regclass)),
                               (SELECT CAST(setting AS bigint) * 1024 * 1024
                                FROM pg_settings WHERE name = 'max_wal_size')
                        FROM leaves
                        WHERE relkind <> 'p'
                        """, Map.of("table", Identifiers.quote(table))).get(0);
        return new Sizes(row.number(0), row.number(1), row.number(2), (int) row.number(3), row.number(4));
    }

    static List<Double> averageBytes(Session session, String table) {
        List<String> columns = session.query("""
                        SELECT quote_ident(attname)
                        FROM pg_attribute
                        WHERE attrelid = CAST(:table AS regclass) AND attnum > 0 AND NOT attisdropped
                        ORDER BY attnum
                        """, Map.of("table", table)).stream()
                .map(row -> row.required(0))
                .toList();
        String averages = columns.stream()
                .map(column -> "avg(coalesce(pg_column_size(r." + column + "), 0))")
                .collect(Collectors.joining(", "));
        Row row = session.query("SELECT " + averages + ", avg(pg_column_size(r.*)) FROM " + table + " AS r", Map.of())
                .get(0);
        return row.text(0) == null
                ? List.of()
                : IntStream.rangeClosed(0, columns.size())
                        .mapToObj(i -> Double.valueOf(row.required(i)))
                        .toList();
    }
}
