package io.backhoe.cli;

import io.backhoe.spec.SourceQuery;
import io.backhoe.value.RowsInto;
import java.util.List;

/** What a query that yields whole rows is for, as a reviewer reads it. */
final class SourceLines {
    private SourceLines() {}

    static List<String> of(SourceQuery source) {
        return List.of(
                "  query    " + source.sql().strip().replaceAll("\\s+", " "),
                (source.into() == null ? "  inserts  " : "  writes   ")
                        + String.join(", ", source.columns())
                        + (source.expect() == null
                                ? ""
                                : ", into each " + source.expect().word() + " that has no rows"),
                "  key      " + String.join(", ", source.key()));
    }

    /** What becomes of rows that are there. */
    static String present(SourceQuery source) {
        if (source.into() == null) {
            return "a row that is there is never touched";
        }
        return source.into() == RowsInto.REPLACE
                ? "what the query does not yield is deleted, what differs is updated"
                : "what differs is updated, nothing is deleted";
    }
}
