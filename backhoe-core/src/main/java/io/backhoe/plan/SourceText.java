package io.backhoe.plan;

import io.backhoe.spec.ColumnName;
import io.backhoe.spec.SourceQuery;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The query of a plan that yields whole rows, as text. */
final class SourceText {
    private SourceText() {}

    /** @param kept the columns whose values are kept for undo */
    static void write(SourceQuery source, List<String> kept, YamlText out) {
        out.block("query", source.sql());
        out.bare("into", source.into() == null ? null : source.into().word());
        out.list("key", names(source.key()));
        out.list("columns", names(source.columns()));
        out.list("kept", names(kept));
    }

    /** As a file has it; null where each row of the query is expected. */
    static @Nullable String expect(SourceQuery source) {
        return source.expect() == null ? null : "every_" + source.expect().word();
    }

    private static List<String> names(List<String> columns) {
        return columns.stream().map(ColumnName::text).toList();
    }
}
