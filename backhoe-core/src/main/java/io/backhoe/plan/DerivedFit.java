package io.backhoe.plan;

import io.backhoe.database.ColumnFacts;
import io.backhoe.database.Session;
import io.backhoe.database.TableFacts;
import io.backhoe.spec.SourceQuery;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import io.backhoe.value.RowsInto;
import io.backhoe.value.SqlName;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** Whether the rows of a table can be made what a query yields, stretch by stretch, and be had back. */
record DerivedFit(Session session, TableFacts table, SourceQuery source) {
    /**
     * A row for each place of each index: name, deferrable, whether the place is a column as it is and compared as usual, its
     * name unless the server computes it.
     */
    private static final String UNIQUE_INDEXES = """
            SELECT CAST(CAST(x.indexrelid AS regclass) AS text),
                   NOT x.indimmediate,
                   NOT x.indisexclusion AND a.attnum IS NOT NULL AND c.opcdefault
                       AND x.indcollation[(k.place)] = a.attcollation,
                   a.attname
            FROM pg_index x
            JOIN pg_class i ON i.oid = x.indexrelid
            CROSS JOIN generate_series(0, x.indnkeyatts - 1) AS k (place)
            JOIN pg_opclass c ON c.oid = x.indclass[(k.place)]
            LEFT JOIN pg_attribute a
                ON a.attrelid = x.indrelid AND a.attnum = x.indkey[(k.place)] AND a.attgenerated = ''
            WHERE x.indrelid IN (
                  SELECT CAST(CAST(:table AS regclass) AS oid)
                  UNION SELECT relid FROM pg_partition_tree(CAST(:table AS regclass)))
              AND (x.indisunique OR x.indisexclusion)
              AND x.indislive
              AND NOT i.relispartition
            ORDER BY 1, k.place
            """;

    /** Rows of the table and of the query are walked as one: both have to be ordered alike, and by columns that say where. */
    void refuseUnfit(ColumnFacts dates) {
        for (String column : source.key()) {
            if (!table.column(column).orElseThrow().notNull()) {
                throw refused(
                        "key_not_unique",
                        "Column " + column + ", by which rows are told apart, may be NULL, and such rows cannot be.",
                        "Make it NOT NULL, or name other columns in transform.key.");
            }
        }
        var odd = session.query("""
                        SELECT a.attname
                        FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
                        WHERE a.attrelid = CAST(:table AS regclass) AND a.attnum > 0 AND NOT a.attisdropped
                          AND a.attcollation NOT IN (0, t.typcollation)
                        """, Map.of("table", SqlName.quote(table.name()))).stream()
                .map(row -> row.required(0))
                .filter(source.key()::contains)
                .toList();
        if (!odd.isEmpty()) {
            throw refused(
                    "key_collation",
                    "Column " + odd.get(0)
                            + ", by which rows are told apart, has a collation of its own: the query's rows"
                            + " could be ordered otherwise than the table's.",
                    "Name other columns in transform.key.");
        }
        if (source.into() == RowsInto.REPLACE) {
            refuseToReplace(dates);
        }
    }

    /** What is deleted under one key or date and inserted under another is two rows, to a run and to its undo. */
    private void refuseToReplace(ColumnFacts dates) {
        if (!source.key().contains(dates.name())) {
            throw refused(
                    "key_without_date",
                    "transform.into: replace deletes what the query does not yield for a chunk, and the date "
                            + dates.name()
                            + " is not of the key: a row whose date has changed would be deleted by one chunk"
                            + " and inserted by another, and could not be put back.",
                    "Write transform.into: upsert, or name a key that has the date.");
        }
        refuseOtherIndexes();
    }

    /**
     * All that keep rows apart, also those that cannot be walked, and those of single partitions. What an expression, a condition
     * or a computed column makes of a row may be what another row had; a column that the query does not yield keeps rows apart.
     */
    private void refuseOtherIndexes() {
        var indexes = session.query(UNIQUE_INDEXES, Map.of("table", SqlName.quote(table.name()))).stream()
                .collect(Collectors.groupingBy(row -> row.required(0), LinkedHashMap::new, Collectors.toList()));
        indexes.forEach((name, rows) -> {
            if (rows.get(0).yes(1)) {
                throw refused(
                        "deferrable_key",
                        "The constraint of index " + name
                                + " is deferrable, and where there is such a one, a rollback cannot"
                                + " insert rows again and leave out those whose key is taken by then.",
                        "Make the constraint anew without DEFERRABLE; or write transform.into: upsert, which deletes nothing.");
            }
            var columns = rows.stream()
                    .map(row -> row.text(3))
                    .filter(Objects::nonNull)
                    .collect(Collectors.toSet());
            boolean key = rows.stream().allMatch(row -> row.yes(2)) && columns.equals(Set.copyOf(source.key()));
            if (!key && source.columns().containsAll(columns)) {
                throw refused(
                        "other_unique_index",
                        "Unique index " + name
                                + " is over other columns that the query yields, or over what the server makes"
                                + " of a row: one that takes over such a value from another could not be written before that"
                                + " is deleted.",
                        "Write transform.into: upsert, which sets such rows aside.");
            }
        });
    }

    private BackhoeException refused(String code, String what, String hint) {
        return new BackhoeException(
                ExitCode.REFUSED, code, "Of " + table.name() + ": " + what + " Nothing was changed.", hint);
    }
}
