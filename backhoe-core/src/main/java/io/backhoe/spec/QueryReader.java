package io.backhoe.spec;

import io.backhoe.database.SqlFragment;
import io.backhoe.value.RowsInto;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads which query yields the rows that belong into the table. */
final class QueryReader {
    static final String GAP_FILL = "gap_fill";
    static final String REQUIRED =
            "is required by strategy.type: gap_fill: a SELECT that yields the rows which belong into the table";

    private static final List<String> OTHERS =
            List.of("set", "from", "on", "missing_when", "function", "command", "per", "timeout");

    private static final Map<String, RowsInto> INTO = into();

    private final Section in;

    QueryReader(Section in) {
        this.in = in;
    }

    /** Whether the file gives a query. */
    static boolean isMeant(@Nullable Section in) {
        if (in == null) {
            return false;
        }
        boolean meant = in.value("query") != null;
        for (String key : List.of("into", "key", "kept")) {
            if (!meant && in.value(key) != null) {
                in.problem(key, "needs transform.query");
            }
        }
        return meant;
    }

    /**
     * @param type of the strategy
     * @param expect the period of which each is to have rows, or null
     */
    Spec.Transform transform(String type, @Nullable ChunkBy expect) {
        String query = in.require("query", Value::text);
        if (query == null) {
            in.problem("query", REQUIRED);
        } else {
            SqlFragment.problem(query).ifPresent(p -> in.problem("query", "the query " + p));
        }
        RowsInto into = in.read("into", v -> v.choice(INTO));
        if (type.equals(GAP_FILL) && in.value("into") != null) {
            in.problem("into", "does not go with strategy.type: gap_fill, which never touches a row that is there");
        } else if (!type.equals(GAP_FILL) && in.value("into") == null) {
            in.problem(
                    "query",
                    "needs transform.into: replace or upsert, where it says what the table is to hold; or"
                            + " strategy.type: gap_fill, which inserts the rows that the table lacks");
        }
        for (String key : OTHERS) {
            in.refuse(key, "does not go with transform.query, which yields whole rows");
        }
        var source = new SourceQuery(query == null ? "" : query, into, columns("key"), columns("columns"), expect);
        return Spec.Transform.of(source, columns("kept"));
    }

    private static Map<String, RowsInto> into() {
        var words = new LinkedHashMap<String, RowsInto>();
        for (RowsInto into : RowsInto.values()) {
            words.put(into.word(), into);
        }
        return words;
    }

    private List<String> columns(String key) {
        return List.copyOf(ColumnName.all(in.items(key)));
    }
}
