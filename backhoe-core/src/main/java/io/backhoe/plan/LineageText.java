package io.backhoe.plan;

import io.backhoe.database.Lineage;
import io.backhoe.database.Reads;
import io.backhoe.spec.ColumnName;
import io.backhoe.spec.Section;
import io.backhoe.spec.Value;
import io.backhoe.value.TableName;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The lineage in a plan file: tables and columns as a spec names them. */
final class LineageText {
    private LineageText() {}

    static void write(Lineage lineage, YamlText out) {
        out.open("lineage");
        if (lineage.values().isEmpty()) {
            out.bare("values", "{}");
        } else {
            out.open("values");
            lineage.values().forEach((column, reads) -> out.bare(ColumnName.text(column), flow(reads)));
            out.close();
        }
        out.bare("join", flow(lineage.join()))
                .bare("filter", flow(lineage.filter()))
                .close();
    }

    private static String flow(Reads reads) {
        var tables = reads.columns().entrySet().stream()
                .map(e -> YamlText.quoted(e.getKey().toString()) + ": "
                        + YamlText.flow(
                                e.getValue().stream().map(ColumnName::text).toList()))
                .toList();
        return tables.isEmpty() ? "{}" : "{ " + String.join(", ", tables) + " }";
    }

    static Lineage read(Section in) {
        var values = new LinkedHashMap<String, Reads>();
        Section columns = in.read("values", Value::section);
        if (columns != null) {
            columns.free().forEach((column, value) -> {
                Section reads = value.section();
                String name = name(columns, column);
                if (reads != null && name != null) {
                    values.put(name, reads(reads));
                }
            });
        }
        return new Lineage(values, below(in, "join"), below(in, "filter"));
    }

    private static Reads below(Section in, String key) {
        Section reads = in.read(key, Value::section);
        return reads == null ? Reads.NOTHING : reads(reads);
    }

    private static Reads reads(Section in) {
        var tables = new LinkedHashMap<TableName, List<String>>();
        in.free().forEach((table, value) -> {
            try {
                tables.put(
                        TableName.parse(table),
                        value.texts().stream().map(ColumnName::parse).toList());
            } catch (IllegalArgumentException e) {
                in.problem(table, String.valueOf(e.getMessage()));
            }
        });
        return new Reads(tables);
    }

    private static @Nullable String name(Section in, String column) {
        try {
            return ColumnName.parse(column);
        } catch (IllegalArgumentException e) {
            in.problem(column, String.valueOf(e.getMessage()));
            return null;
        }
    }
}
