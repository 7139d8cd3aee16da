package io.backhoe.spec;

import io.backhoe.database.SqlFragment;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads which query yields the rows that belong into the table. */
final class QueryReader {
    static final String GAP_FILL = "gap_fill";
    static final String REQUIRED =
            "is required by strategy.type: gap_fill: a SELECT that yields the rows which belong into the table";

    private static final List<String> OTHERS =
            List.of("set", "from", "on", "missing_when", "function", "command", "per", "timeout");

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
        for (String key : List.of("key", "kept")) {
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
        if (!type.equals(GAP_FILL)) {
            in.problem("query", "needs strategy.type: gap_fill, which inserts the rows that the table lacks");
        }
        for (String key : OTHERS) {
            in.refuse(key, "does not go with transform.query, which yields whole rows");
        }
        var source = new SourceQuery(query == null ? "" : query, columns("key"), columns("columns"), expect);
        return Spec.Transform.of(source, columns("kept"));
    }

    private List<String> columns(String key) {
        Set<String> columns = new LinkedHashSet<>();
        for (Value item : in.items(key)) {
            String text = item.text();
            try {
                if (text != null && !columns.add(ColumnName.parse(text))) {
                    item.problem("column " + text + " was already given");
                }
            } catch (IllegalArgumentException e) {
                item.problem(String.valueOf(e.getMessage()));
            }
        }
        return List.copyOf(columns);
    }
}
