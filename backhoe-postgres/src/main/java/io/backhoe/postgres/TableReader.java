package io.backhoe.postgres;

import io.backhoe.database.ColumnFacts;
import io.backhoe.database.ColumnWidths;
import io.backhoe.database.IndexFacts;
import io.backhoe.database.Row;
import io.backhoe.database.Session;
import io.backhoe.database.TableFacts;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads from the catalogs what is true of a table. */
final class TableReader {
    private final Session session;
    private final TableLookup.Found table;
    private final Map<String, String> oid;

    private TableReader(Session session, TableLookup.Found table) {
        this.session = session;
        this.table = table;
        this.oid = Map.of("oid", table.oid());
    }

    static TableFacts read(PostgresSession session, TableLookup.Found table) {
        return CatalogView.read(session, () -> new TableReader(session, table).facts());
    }

    private TableFacts facts() {
        List<Column> columns = columns();
        List<Index> indexes = indexes();
        List<String> key = key(indexes);
        var fingerprint = new ArrayList<String>();
        columns.forEach(column -> fingerprint.add(column.line()));
        if (!key.isEmpty()) {
            fingerprint.add("key " + list(key));
        }
        indexes.forEach(index -> fingerprint.add(index.line()));
        fingerprint.addAll(definitions());
        return new TableFacts(
                table.name(),
                columns.stream().map(Column::facts).toList(),
                indexes.stream().map(Index::facts).toList(),
                key,
                triggers(),
                estimatedRows(),
                fingerprint);
    }

    private record Column(ColumnFacts facts, String line) {}

    private List<Column> columns() {
        return session.query(CatalogSql.COLUMNS, oid).stream()
                .map(row -> new Column(
                        new ColumnFacts(
                                row.required(0),
                                row.required(1),
                                kind(row.required(1)),
                                row.yes(2),
                                row.yes(3),
                                row.text(5)),
                        row.required(4)))
                .toList();
    }

    static ColumnWidths widths(Session session, TableFacts table) {
        var oid = TableLookup.find(session, table.name()).oid();
        return new ColumnWidths(session.query(CatalogSql.WIDTHS, Map.of("oid", oid)).stream()
                .collect(Collectors.toMap(row -> row.required(0), row -> (int) row.number(1))));
    }

    static long mostOfOneValue(Session session, TableFacts table, String column) {
        if (table.estimatedRows() < 0) {
            return -1;
        }
        var oid = TableLookup.find(session, table.name()).oid();
        return session.query(CatalogSql.MOST_FREQUENT, Map.of("oid", oid, "column", column)).stream()
                .map(row -> Math.round(Double.parseDouble(row.required(0)) * table.estimatedRows()))
                .findFirst()
                .orElse(-1L);
    }

    private static ColumnFacts.Kind kind(String type) {
        if (type.equals("date")) {
            return ColumnFacts.Kind.DATE;
        } else if (type.startsWith("timestamp") && type.endsWith("without time zone")) {
            return ColumnFacts.Kind.TIMESTAMP;
        } else if (type.startsWith("timestamp") && type.endsWith("with time zone")) {
            return ColumnFacts.Kind.TIMESTAMPTZ;
        }
        return ColumnFacts.Kind.OTHER;
    }

    /** @param identifies whether it holds at every moment, over columns that are never null */
    private record Index(IndexFacts facts, boolean identifies) {
        String line() {
            String unique = facts.unique() ? "unique index " : "index ";
            return unique + Identifiers.quote(facts.name()) + " " + list(facts.columns());
        }
    }

    private List<Index> indexes() {
        var indexes = new ArrayList<Index>();
        @Nullable Row first = null;
        var columns = new ArrayList<String>();
        boolean notNull = true;
        for (Row row : session.query(CatalogSql.INDEX_COLUMNS, oid)) {
            if (first != null && !first.required(0).equals(row.required(0))) {
                indexes.add(index(first, columns, notNull));
                columns.clear();
                notNull = true;
                first = row;
            } else if (first == null) {
                first = row;
            }
            columns.add(row.required(4));
            notNull &= row.yes(5);
        }
        if (first != null) {
            indexes.add(index(first, columns, notNull));
        }
        return indexes;
    }

    private static Index index(Row row, List<String> columns, boolean notNull) {
        // A constraint that is checked at the end of a transaction keeps no two rows apart before.
        boolean unique = row.yes(1) && row.yes(3);
        boolean primary = row.yes(2);
        return new Index(new IndexFacts(row.required(0), columns, unique, primary), primary || (unique && notNull));
    }

    private static List<String> key(List<Index> indexes) {
        return indexes.stream()
                .filter(Index::identifies)
                .map(Index::facts)
                .min(Comparator.comparing((IndexFacts index) -> !index.primary())
                        .thenComparing(index -> index.columns().size())
                        .thenComparing(IndexFacts::name))
                .map(IndexFacts::columns)
                .orElse(List.of());
    }

    private List<String> triggers() {
        return texts(CatalogSql.TRIGGERS);
    }

    private List<String> definitions() {
        return texts(CatalogSql.DEFINITIONS);
    }

    private long estimatedRows() {
        return session.query(CatalogSql.ESTIMATED_ROWS, oid).get(0).number(0);
    }

    private List<String> texts(String sql) {
        return session.query(sql, oid).stream()
                .map(row -> Objects.requireNonNull(row.text(0)))
                .toList();
    }

    private static String list(List<String> columns) {
        return "(" + String.join(", ", columns.stream().map(Identifiers::quote).toList()) + ")";
    }
}
