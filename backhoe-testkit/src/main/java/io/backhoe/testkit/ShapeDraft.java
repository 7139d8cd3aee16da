package io.backhoe.testkit;

import io.backhoe.database.BatchShape;
import io.backhoe.database.ColumnFacts;
import io.backhoe.database.TableFacts;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Puts a shape together; keeps what is there, and images of what was, unless told otherwise. */
final class ShapeDraft {
    private final TableFacts table;
    private final Map<String, String> set = new LinkedHashMap<>();
    private final Map<String, String> missingWhen = new LinkedHashMap<>();
    private @Nullable String chunkColumn;
    private List<String> keyset;
    private @Nullable String from;
    private @Nullable String on;
    private @Nullable String where;
    private boolean preserveExisting = true;
    private boolean keepImages = true;
    private boolean spread;

    ShapeDraft(TableFacts table) {
        this.table = table;
        this.keyset = table.key();
    }

    TableFacts table() {
        return table;
    }

    ShapeDraft chunks(String column, String... walked) {
        chunkColumn = column;
        keyset = List.of(walked);
        return this;
    }

    ShapeDraft set(String column, String expression) {
        set.put(column, expression);
        return this;
    }

    ShapeDraft missing(String column, String predicate) {
        missingWhen.put(column, predicate);
        return this;
    }

    ShapeDraft from(String tables, String condition) {
        from = tables;
        on = condition;
        return this;
    }

    ShapeDraft where(String condition) {
        where = condition;
        return this;
    }

    ShapeDraft overwriting() {
        preserveExisting = false;
        return this;
    }

    ShapeDraft withoutImages() {
        keepImages = false;
        return this;
    }

    ShapeDraft spread(boolean few) {
        spread = few;
        return this;
    }

    BatchShape shape() {
        String chunk = chunkColumn == null ? keyset.get(0) : chunkColumn;
        return new BatchShape(
                table.name(),
                BatchShape.Chunks.DATES,
                column(chunk),
                keyset.stream().map(this::column).toList(),
                table.key().stream().map(this::column).toList(),
                set,
                from,
                on,
                where,
                preserveExisting,
                missingWhen,
                keepImages,
                false,
                null,
                null,
                spread);
    }

    private ColumnFacts column(String name) {
        return table.column(name).orElseThrow();
    }
}
