package io.backhoe.notify;

import io.backhoe.database.Lineage;
import io.backhoe.database.Reads;
import io.backhoe.report.KnownRun;
import io.backhoe.value.TableName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The tables of a run as data sets of OpenLineage, with what is told of each. */
final class LineageFacets {
    private static final String STANDARD = "https://openlineage.io/spec/facets/";

    private final KnownRun known;

    LineageFacets(KnownRun known) {
        this.known = known;
    }

    /** A facet of the standard, at the version that is meant, such as {@code 1-2-0/SchemaDatasetFacet}. */
    static Map<String, Object> standard(String version) {
        String name = version.substring(version.indexOf('/') + 1);
        return facet(STANDARD + version + ".json#/$defs/" + name);
    }

    static Map<String, Object> facet(String schemaUrl) {
        var facet = new LinkedHashMap<String, Object>();
        facet.put("_producer", LineageEvent.PRODUCER);
        facet.put("_schemaURL", schemaUrl);
        return facet;
    }

    /** What is read: the table itself, and what its expressions read besides. */
    List<Object> inputs(boolean undo) {
        Set<TableName> tables = new LinkedHashSet<>();
        tables.add(known.table());
        Lineage lineage = undo ? null : known.plan().lineage();
        if (lineage != null) {
            tables.addAll(lineage.tables());
        }
        return tables.stream().map(table -> (Object) dataset(table, Map.of())).toList();
    }

    /** @param rows written so far; null while that is not known */
    List<Object> outputs(boolean undo, @Nullable Long rows) {
        Lineage lineage = undo ? null : known.plan().lineage();
        var output = dataset(known.table(), lineage == null ? Map.of() : Map.of("columnLineage", columns(lineage)));
        if (rows != null) {
            var statistics = standard("1-0-2/OutputStatisticsOutputDatasetFacet");
            statistics.put("rowCount", rows);
            output.put("outputFacets", Map.of("outputStatistics", statistics));
        }
        return List.of(output);
    }

    /** The columns that are set and of which it is not known what they are made of. */
    List<String> untold() {
        var untold = new ArrayList<>(known.plan().spec().requiredTransform().columns());
        if (known.plan().lineage() != null) {
            untold.removeAll(known.plan().lineage().values().keySet());
        }
        return untold;
    }

    private Map<String, Object> dataset(TableName table, Map<String, Object> more) {
        var dataset = name(table);
        var facets = new LinkedHashMap<>(more);
        var columns = known.schemas().columns().get(table);
        if (columns != null) {
            var schema = standard("1-2-0/SchemaDatasetFacet");
            var fields = new ArrayList<Object>();
            columns.forEach((column, type) -> fields.add(Map.of("name", column, "type", type)));
            schema.put("fields", fields);
            facets.put("schema", schema);
        }
        dataset.put("facets", facets);
        return dataset;
    }

    private Map<String, Object> name(TableName table) {
        var name = new LinkedHashMap<String, Object>();
        name.put("namespace", known.schemas().server());
        name.put("name", known.schemas().database() + "." + table.schema() + "." + table.name());
        return name;
    }

    private Map<String, Object> columns(Lineage lineage) {
        var facet = standard("1-2-0/ColumnLineageDatasetFacet");
        var fields = new LinkedHashMap<String, Object>();
        lineage.values().forEach((column, reads) -> fields.put(column, Map.of("inputFields", fields(reads, null))));
        facet.put("fields", fields);
        var whole = new ArrayList<>(fields(lineage.join(), "JOIN"));
        whole.addAll(fields(lineage.filter(), "FILTER"));
        facet.put("dataset", whole);
        return facet;
    }

    /** @param how they decide what becomes of a row without being in it; null where they are */
    private List<Object> fields(Reads reads, @Nullable String how) {
        var fields = new ArrayList<Object>();
        reads.columns()
                .forEach((table, columns) -> columns.forEach(column -> {
                    var field = name(table);
                    field.put("field", column);
                    if (how != null) {
                        field.put("transformations", List.of(Map.of("type", "INDIRECT", "subtype", how)));
                    }
                    fields.add(field);
                }));
        return fields;
    }
}
