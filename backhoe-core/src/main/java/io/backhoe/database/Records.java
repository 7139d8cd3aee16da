package io.backhoe.database;

import io.backhoe.value.SqlName;
import io.backhoe.value.TableName;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A table with a record for each row that is meant, of which a person's SQL speaks as {@value #ALIAS}.
 *
 * @param relation where they are, as it stands in statements
 * @param key by which a record finds its row; the columns are named as those of the table, and are of their types
 * @param columns all of them
 */
public record Records(String relation, List<ColumnFacts> key, List<ColumnFacts> columns) {
    public static final String ALIAS = "csv";

    /** Those of a run, as they stand in the statements of a plan. */
    public static final String TABLE = "backhoe.record_" + BatchSql.RUN;

    /** Those of a session, before there is a run. */
    public static final String SCRATCH = "pg_temp.backhoe_record";

    /** The number of the line of the file that a record begins in; not among {@code columns}. */
    public static final String LINE = "backhoe_line";

    public Records {
        key = List.copyOf(key);
        columns = List.copyOf(columns);
    }

    /** As it stands in a FROM. */
    public String source() {
        return relation + " AS " + ALIAS;
    }

    /** A column of it, as it stands in statements. */
    public static String column(String name) {
        return ALIAS + "." + SqlName.quote(name);
    }

    /** When a record is that of a row. */
    public String match(TableName table) {
        return key.stream()
                .map(c -> column(c.name()) + " = " + SqlName.quote(table.name()) + "." + SqlName.quote(c.name()))
                .collect(Collectors.joining(" AND "));
    }

    /** Reads the lines of those without a row, with how many they are, but no more than so many. */
    public String withoutRow(TableName table, int most) {
        return "SELECT " + column(LINE) + ", count(*) OVER ()\nFROM " + source() + "\nWHERE NOT EXISTS (SELECT FROM "
                + SqlName.quote(table) + " WHERE " + match(table) + ")\nORDER BY 1\nLIMIT " + most;
    }

    /** Of the same columns, without any record, and without a table. */
    Records empty() {
        String values = columns.stream()
                .map(c -> "CAST(NULL AS " + c.type() + ") AS " + SqlName.quote(c.name()))
                .collect(Collectors.joining(", "));
        return new Records("(SELECT " + values + " WHERE false)", key, columns);
    }
}
