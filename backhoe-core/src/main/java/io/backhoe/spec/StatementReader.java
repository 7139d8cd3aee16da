package io.backhoe.spec;

import io.backhoe.database.DmlStatement;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads which statement of SQL does the work. */
final class StatementReader {
    private static final Map<String, Boolean> WHOLE_CHUNKS = Map.of("chunk", true, "batch", false);

    private final Section in;

    StatementReader(Section in) {
        this.in = in;
    }

    /** Null where none does. */
    Spec.@Nullable Function function() {
        Value value = in.value("sql");
        if (value == null || value.isEmpty()) {
            return null;
        }
        in.problemBeside(
                List.of("function", "command", "java", "reads"), "does not go with transform.sql, which does the work");
        boolean wholeChunks = in.readOr(true, "per", v -> v.choice(WHOLE_CHUNKS));
        String text = value.text();
        if (text == null) {
            return null;
        }
        var statement = new DmlStatement(text);
        statement.problems().forEach(value::problem);
        if (!statement.namesRows() && !wholeChunks) {
            value.problem("lacks " + DmlStatement.ROWS + ", which stands for the condition of a batch's rows");
        } else if (!statement.namesRows() && !statement.isBounded()) {
            value.problem("lacks the range: use both :chunk_start and :chunk_end, or " + DmlStatement.ROWS);
        }
        return Spec.Function.of(new Spec.Statement(statement.sql(), wholeChunks));
    }
}
