package io.backhoe.value;

import java.util.Locale;

/** What becomes of rows that are there, where a query says what a table is to hold. */
public enum RowsInto {
    /** Those of a chunk that the query does not yield are deleted; those that differ are updated. */
    REPLACE,
    /** Those that differ are updated; the others stay. */
    UPSERT;

    /** As a file has it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
