package io.backhoe.spec;

import io.backhoe.value.Spelling;
import io.backhoe.value.SqlName;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads what to do with a row, from the file and from the flags. */
final class TransformReader {
    private static final Map<String, Spec.Function.Per> PER =
            Map.of("batch", Spec.Function.Per.BATCH, "chunk", Spec.Function.Per.CHUNK);

    private final @Nullable Section in;
    private final SpecOverrides overrides;
    private final Problems problems;
    private final List<String> warnings;

    /** @param in null when the file says nothing of it */
    TransformReader(@Nullable Section in, SpecOverrides overrides, Problems problems, List<String> warnings) {
        this.in = in;
        this.overrides = overrides;
        this.problems = problems;
        this.warnings = warnings;
    }

    /**
     * Null when neither file nor flags say what to do.
     *
     * @param type of the strategy
     * @param expect the period of which each is to have rows, or null
     */
    Spec.@Nullable Transform transform(String type, @Nullable ChunkBy expect) {
        if (type.equals(QueryReader.GAP_FILL) || QueryReader.isMeant(in)) {
            return query(type, expect);
        }
        Spec.Function function = function();
        Map<String, String> set = function == null ? set() : columns();
        String from = in == null ? null : in.read("from", Value::text);
        String on = in == null ? null : in.read("on", Value::text);
        from = overridden("--from-clause", overrides.fromClause(), from);
        on = overridden("--on", overrides.on(), on);
        Map<String, String> missingWhen = missingWhen(set);
        if (in == null && set.isEmpty() && from == null && on == null) {
            return null;
        }
        if (function != null) {
            refuseBeside(key(function));
            return Spec.Transform.calling(function, List.copyOf(set.keySet()), missingWhen);
        }
        if (set.isEmpty() && !said("set")) {
            problem("set", "is required: which column is set to what; or give --set");
        }
        if (from != null && on == null) {
            problem("from", "needs transform.on: without it every row is joined with every row");
        }
        if (on != null && from == null) {
            problem("on", "needs transform.from: which table is joined");
        }
        return new Spec.Transform(set, from, on, missingWhen);
    }

    private static String key(Spec.Function function) {
        if (function.statement() != null) {
            return "transform.sql";
        } else if (function.command() != null) {
            return "transform.command";
        }
        return function.rows() != null ? "transform.java" : "transform.function";
    }

    private Spec.@Nullable Transform query(String type, @Nullable ChunkBy expect) {
        if (!overrides.set().isEmpty() || overrides.fromClause() != null || overrides.on() != null) {
            problems.addFlag(
                    "--set", "and --from-clause and --on do not go with transform.query, which yields the rows", null);
        }
        if (in == null) {
            problem("query", QueryReader.REQUIRED);
            return null;
        }
        return new QueryReader(in).transform(type, expect);
    }

    private Spec.@Nullable Function function() {
        if (in == null) {
            return null;
        }
        Spec.Function statement = new StatementReader(in).function();
        if (statement != null) {
            return statement;
        }
        String name = in.read("function", Value::label);
        Spec.Function.Per per = in.read("per", v -> v.choice(PER));
        Spec.Function java = new RowsReader(in).function();
        Spec.Function command = new CommandReader(in).function();
        if (java != null) {
            return java;
        }
        if (command != null) {
            in.problemBeside(
                    List.of("function", "per"),
                    "does not go with transform.command, which does the work of each "
                            + command.per().word());
            return command;
        }
        if (name == null && !said("function") && !said("command") && !said("java")) {
            in.problemBeside(
                    List.of("columns", "per", "reads"),
                    "needs transform.function or another key that says what does the work");
        }
        return name == null ? null : new Spec.Function(name, per == null ? Spec.Function.Per.BATCH : per);
    }

    /** The columns that a function writes, each set to itself. */
    private Map<String, String> columns() {
        var columns = new LinkedHashMap<String, String>();
        List<Value> items = in == null ? null : in.read("columns", Value::items);
        ColumnName.all(items == null ? List.of() : items).forEach(column -> columns.put(column, SqlName.quote(column)));
        if (columns.isEmpty() && (items == null || items.isEmpty())) {
            problem("columns", "is required: which columns the function or the command writes");
        }
        return columns;
    }

    private void refuseBeside(String work) {
        for (String key : List.of("set", "from", "on")) {
            if (said(key)) {
                problem(key, "does not go with " + work + ", which does the work");
            }
        }
        if (!overrides.set().isEmpty() || overrides.fromClause() != null || overrides.on() != null) {
            problems.addFlag(
                    "--set", "and --from-clause and --on do not go with " + work + ", which does the work", null);
        }
    }

    /** Whether the file says something here, if only something that could not be read. */
    private boolean said(String key) {
        Value value = in == null ? null : in.value(key);
        return value != null && !value.isEmpty();
    }

    private Map<String, String> set() {
        var set = new LinkedHashMap<String, String>();
        Section section = in == null ? null : in.read("set", Value::section);
        if (section != null) {
            section.free().forEach((key, value) -> put(set, key, value));
        }
        overrides.set().forEach((column, expression) -> {
            if (set.put(column, expression) != null) {
                warnings.add("--set replaces what the file says for column " + ColumnName.text(column));
            }
        });
        return set;
    }

    private Map<String, String> missingWhen(Map<String, String> set) {
        var missing = new LinkedHashMap<String, String>();
        Value value = in == null ? null : in.value("missing_when");
        if (value == null) {
            return missing;
        }
        if (value.isSection()) {
            Section section = value.section();
            if (section != null) {
                section.free().forEach((key, predicate) -> put(missing, key, predicate));
            }
            for (String column : missing.keySet()) {
                if (!set.containsKey(column)) {
                    value.problem(
                            "column " + ColumnName.text(column) + " is not set by this backfill",
                            Spelling.nearest(column, set.keySet()));
                }
            }
            return missing;
        }
        String predicate = value.text();
        if (predicate != null && set.size() == 1) {
            missing.put(set.keySet().iterator().next(), predicate);
        } else if (predicate != null && set.size() > 1) {
            value.problem("more than one column is set; write a predicate for each: missing_when: { "
                    + ColumnName.text(set.keySet().iterator().next()) + ": \"...\" }");
        }
        return missing;
    }

    /** Columns that differ only in how they are written are one column. */
    private static void put(Map<String, String> into, String key, Value value) {
        String column;
        try {
            column = ColumnName.parse(key);
        } catch (IllegalArgumentException e) {
            value.problem(String.valueOf(e.getMessage()));
            return;
        }
        if (value.isNothing()) {
            value.problem("is empty; for the SQL value write \"NULL\" in quotes");
            return;
        }
        String text = value.text();
        if (text != null && into.put(column, text) != null) {
            value.problem("column " + ColumnName.text(column) + " was already given");
        }
    }

    private @Nullable String overridden(String flag, @Nullable String said, @Nullable String written) {
        if (said == null) {
            return written;
        }
        if (said.isBlank()) {
            problems.addFlag(flag, "is empty", null);
        }
        return said;
    }

    private void problem(String key, String message) {
        if (in != null) {
            in.problem(key, message);
        } else {
            problems.addFlag("transform." + key, message, null);
        }
    }
}
