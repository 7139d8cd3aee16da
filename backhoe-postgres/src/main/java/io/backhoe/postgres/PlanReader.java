package io.backhoe.postgres;

import io.backhoe.database.QueryPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads what EXPLAIN (FORMAT JSON) says about the table that a statement is about. */
final class PlanReader {
    /** What has to have all of its input before it gives the first row, so that a LIMIT above does not cut it short. */
    private static final Set<String> TAKES_ALL =
            Set.of("Sort", "Hash", "Hash Join", "Merge Join", "Aggregate", "Materialize", "ModifyTable", "CTE Scan");

    record Found(String schema, QueryPlan.Access access) {}

    private final Pattern alias;
    private final Pattern upperEnd;
    private final List<Found> found = new ArrayList<>();

    private PlanReader(String table, String column) {
        // partitions, and the same table in a WITH, are numbered
        this.alias = Pattern.compile(Pattern.quote(table) + "(_[0-9]+)?");
        String name = "(?<![\\w\"])" + Pattern.quote(Identifiers.quote(column)) + "(?![\\w\"])";
        this.upperEnd = Pattern.compile(name + "\\)?(::[\\w \"]+)? (<|=)|ROW\\([^<>=]*" + name + "[^<>=]* <");
    }

    /** Each place where the table is read; a place in an index is bounded when the column has an upper end there. */
    static List<Found> accesses(JsonNode plan, String table, String column) {
        var reader = new PlanReader(table, column);
        reader.walk(plan, false);
        return reader.found;
    }

    private void walk(JsonNode node, boolean cutShort) {
        String how = node.path("Node Type").asString("");
        boolean isAccess = how.endsWith("Scan")
                && node.has("Relation Name")
                && alias.matcher(node.path("Alias").asString("")).matches();
        if (isAccess) {
            found.add(new Found(node.path("Schema").asString(""), access(node, how, cutShort)));
        }
        boolean below = how.equals("Limit") || (cutShort && !TAKES_ALL.contains(how));
        for (JsonNode child : node.path("Plans")) {
            walk(child, below);
        }
    }

    private QueryPlan.Access access(JsonNode node, String how, boolean cutShort) {
        boolean bitmap = how.equals("Bitmap Heap Scan");
        JsonNode byIndex = bitmap ? bitmapIndex(node) : node;
        return new QueryPlan.Access(
                node.path("Relation Name").asString(""),
                how,
                byIndex == null
                        ? null
                        : byIndex.path("Index Name").asStringOpt().orElse(null),
                (cutShort && !bitmap && byIndex != null && byIndex.has("Index Name"))
                        || upperEnd.matcher(conditions(node)).find(),
                cutShort && !bitmap ? 0 : node.path("Plan Rows").asDouble(),
                node.path("Total Cost").asDouble(),
                -1,
                -1);
    }

    private static @Nullable JsonNode bitmapIndex(JsonNode node) {
        for (JsonNode child : node.path("Plans")) {
            if (child.has("Index Name")) {
                return child;
            }
            JsonNode below = bitmapIndex(child);
            if (below != null) {
                return below;
            }
        }
        return null;
    }

    /** The conditions by which indexes are entered, of this node and of the bitmaps beneath it. */
    private static String conditions(JsonNode node) {
        var all = new StringBuilder(node.path("Index Cond").asString(""));
        if (node.path("Node Type").asString("").toLowerCase(Locale.ROOT).startsWith("bitmap")) {
            for (JsonNode child : node.path("Plans")) {
                all.append(' ').append(conditions(child));
            }
        }
        return all.toString();
    }

    /** Rows that an executed statement wrote: what the topmost ModifyTable was given. */
    static long written(JsonNode plan) {
        if (plan.path("Node Type").asString("").equals("ModifyTable")) {
            for (JsonNode child : plan.path("Plans")) {
                if (child.path("Parent Relationship").asString("").equals("Outer")) {
                    return rows(child);
                }
            }
        }
        return 0;
    }

    /** Rows of the table that an executed statement has looked at. */
    static long read(JsonNode node, String table) {
        long read = 0;
        boolean isAccess = node.path("Node Type").asString("").endsWith("Scan")
                && node.has("Relation Name")
                && node.path("Alias").asString("").matches(Pattern.quote(table) + "(_[0-9]+)?");
        if (isAccess) {
            long removed = node.path("Rows Removed by Filter").asLong(0)
                    + node.path("Rows Removed by Index Recheck").asLong(0);
            read += rows(node) + removed * node.path("Actual Loops").asLong(1);
        }
        for (JsonNode child : node.path("Plans")) {
            read += read(child, table);
        }
        return read;
    }

    private static long rows(JsonNode node) {
        return Math.round(
                node.path("Actual Rows").asDouble(0) * node.path("Actual Loops").asDouble(1));
    }
}
