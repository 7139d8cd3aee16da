package io.backhoe.postgres;

import io.backhoe.database.BatchShape;
import io.backhoe.database.Row;
import io.backhoe.database.Session;
import io.backhoe.database.TableFacts;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import io.backhoe.value.TableName;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Rights on a table as a whole are none on its partitions by their own names, which batches use where they are chunks. */
final class PartitionRights {
    private final Session session;
    private final TableFacts table;
    private final BatchShape shape;
    private final Map<String, String> names;

    PartitionRights(Session session, TableFacts table, BatchShape shape) {
        this.session = session;
        this.table = table;
        this.shape = shape;
        this.names = Map.of("table", Identifiers.quote(table.name()));
    }

    void refuseWithout() {
        if (shape.chunks() != BatchShape.Chunks.PARTITIONS) {
            return;
        }
        String update = shape.set().keySet().stream()
                .map(column -> "has_column_privilege(c.oid, '" + column.replace("'", "''") + "', 'UPDATE')")
                .collect(Collectors.joining(" AND "));
        var closed =
                partitions("NOT (has_table_privilege(c.oid, 'SELECT') AND has_schema_privilege(n.oid, 'USAGE') AND "
                        + update + ")");
        if (!closed.isEmpty()) {
            throw new BackhoeException(
                    ExitCode.UNREACHABLE,
                    "rights_missing",
                    "With a partition for a chunk, partitions of " + table.name()
                            + " are written to by their own names, and the role may not: " + list(closed)
                            + ". Nothing was changed.",
                    "Write strategy.chunk_by: key, which needs rights on " + table.name()
                            + " alone; or have the owner GRANT SELECT, UPDATE on the partitions.");
        }
    }

    private List<TableName> partitions(String condition) {
        List<Row> rows = session.query("""
                SELECT n.nspname, c.relname
                FROM pg_partition_tree(CAST(:table AS regclass)) AS tree
                JOIN pg_class c ON c.oid = tree.relid
                JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE tree.isleaf AND tree.relid <> CAST(:table AS regclass) AND (%s)
                ORDER BY 1, 2
                """.formatted(condition), names);
        return rows.stream()
                .map(row -> new TableName(row.required(0), row.required(1)))
                .toList();
    }

    private static String list(List<TableName> partitions) {
        String some = partitions.stream().limit(3).map(TableName::toString).collect(Collectors.joining(", "));
        return partitions.size() > 3 ? some + " and " + (partitions.size() - 3) + " more" : some;
    }
}
