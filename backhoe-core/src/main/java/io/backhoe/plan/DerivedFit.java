package io.backhoe.plan;

import io.backhoe.database.ColumnFacts;
import io.backhoe.database.IndexFacts;
import io.backhoe.database.Session;
import io.backhoe.database.SetOff;
import io.backhoe.database.TableFacts;
import io.backhoe.spec.SourceQuery;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import io.backhoe.value.RowsInto;
import io.backhoe.value.SqlName;
import io.backhoe.value.TableName;
import java.util.Map;
import java.util.Set;

/** Whether the rows of a table can be made what a query yields, stretch by stretch, and be had back. */
record DerivedFit(Session session, TableFacts table, SourceQuery source) {
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
        for (IndexFacts index : table.indexes()) {
            if (index.unique()
                    && !Set.copyOf(index.columns()).equals(Set.copyOf(source.key()))
                    && source.columns().containsAll(index.columns())) {
                throw refused(
                        "other_unique_index",
                        "Unique index " + index.name() + " is over other columns that the query yields: a row that"
                                + " takes over such a value from another could not be written before that is deleted.",
                        "Write transform.into: upsert, which sets such rows aside.");
            }
        }
    }

    private BackhoeException refused(String code, String what, String hint) {
        return new BackhoeException(
                ExitCode.REFUSED, code, "Of " + table.name() + ": " + what + " Nothing was changed.", hint);
    }

    /** Also when it is run: such a foreign key is another table's, and no drift of this one. */
    static void refuseCascade(SetOff follows, TableName table, SourceQuery source) {
        if (!follows.cascades().isEmpty() && source.into() == RowsInto.REPLACE) {
            throw new BackhoeException(
                    ExitCode.REFUSED,
                    "replace_would_cascade",
                    "transform.into: replace deletes rows of " + table
                            + ", and with them rows of other tables would be deleted or changed: "
                            + String.join(", ", follows.cascades()) + ". Nothing was changed.",
                    "Write transform.into: upsert, which deletes nothing.");
        }
    }
}
