package io.backhoe.assess;

import io.backhoe.database.ColumnFacts;
import io.backhoe.database.Database;
import io.backhoe.database.Session;
import io.backhoe.database.SourceShape;
import io.backhoe.database.TableFacts;
import io.backhoe.spec.SourceQuery;
import io.backhoe.spec.Spec;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import io.backhoe.value.Spelling;
import io.backhoe.value.SqlName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which columns of a table a query fills, and by which of them its rows are told apart. */
public final class QueryColumns {
    private final TableFacts table;
    private final SourceQuery source;

    private QueryColumns(TableFacts table, SourceQuery source) {
        this.table = table;
        this.source = source;
    }

    /**
     * Completes what a spec leaves to the plan.
     *
     * @param dates the column that chunks are ranges of
     * @throws BackhoeException when the query and the table do not fit together
     */
    public static Spec.Transform resolve(
            Database database, Session session, SourceQuery source, TableFacts table, ColumnFacts dates) {
        var columns = new QueryColumns(table, source);
        var written = columns.written(database.columns(session, source.sql()));
        columns.refuseWithout(written, dates.name(), "scope.date_column", "by which the rows are put into chunks");
        return Spec.Transform.of(
                new SourceQuery(source.sql(), source.into(), columns.key(written), written, source.expect()),
                columns.kept());
    }

    /** As statements are made of it; null where rows that are there are changed. */
    public static @Nullable SourceShape shape(Spec.Transform transform, TableFacts table) {
        SourceQuery source = transform.source();
        return source == null
                ? null
                : new SourceShape(source.sql(), source.into(), table.columns(source.key()), source.columns());
    }

    /** The columns that order the walk over the query's rows: by date, then by what tells them apart. */
    public static List<String> keyset(SourceQuery source, ColumnFacts dates) {
        var keyset = new ArrayList<String>();
        keyset.add(dates.name());
        source.key().stream().filter(column -> !column.equals(dates.name())).forEach(keyset::add);
        return keyset;
    }

    private List<String> written(List<String> yielded) {
        var names = new HashSet<String>();
        for (String column : yielded) {
            if (!names.add(column)) {
                throw refused(
                        "query_invalid", "yields two columns named " + column + ".", "Give one another name: AS.");
            }
        }
        for (String column : source.columns()) {
            if (!names.contains(column)) {
                throw refused(
                        "query_column_missing",
                        "does not yield column " + column + ", which transform.columns names.",
                        "It yields " + list(yielded) + ".");
            }
        }
        var written = source.columns().isEmpty() ? yielded : source.columns();
        written.forEach(this::refuseUnfit);
        return written;
    }

    private void refuseUnfit(String name) {
        ColumnFacts column = table.column(name).orElseThrow(() -> {
            String near = Spelling.nearest(
                    name, table.columns().stream().map(ColumnFacts::name).toList());
            return refused(
                    "query_column_unknown",
                    "yields column " + name + ", and table " + table.name() + " has none of that name.",
                    (near == null ? "" : "Did you mean " + near + "? ") + "Its columns are "
                            + list(table.columns().stream()
                                    .map(ColumnFacts::name)
                                    .toList()) + ". Name it by AS, or leave it out with transform.columns.");
        });
        if (column.generated()) {
            throw refused(
                    "column_not_settable",
                    "yields column " + name + ", which the server computes in table " + table.name() + ".",
                    "Leave it out of the query, or name the others in transform.columns.");
        }
    }

    private List<String> key(List<String> written) {
        if (source.key().isEmpty()) {
            for (String column : table.key()) {
                if (!written.contains(column)) {
                    throw refused(
                            "query_key_missing",
                            "does not yield " + column + ", a column of the key of " + table.name()
                                    + ", so that nothing tells which of its rows are there.",
                            "Yield it; or name in transform.key the columns that tell its rows apart.");
                }
            }
            return table.key();
        }
        source.key().forEach(column -> refuseWithout(written, column, "transform.key", "by which rows are told apart"));
        return source.key();
    }

    /** What a row holds besides its key and what the server computes: by these it is told whether somebody changed it. */
    private List<String> kept() {
        return table.columns().stream()
                .filter(column -> !column.generated() && !table.key().contains(column.name()))
                .map(ColumnFacts::name)
                .toList();
    }

    private void refuseWithout(List<String> written, String column, String named, String what) {
        if (!written.contains(column)) {
            throw refused(
                    "query_column_missing",
                    "does not yield column " + column + " (" + named + "), " + what + ".",
                    "It yields " + list(written) + ".");
        }
    }

    private static String list(List<String> names) {
        return String.join(", ", names.stream().map(SqlName::quote).toList());
    }

    private static BackhoeException refused(String code, String what, String hint) {
        return new BackhoeException(ExitCode.USAGE, code, "transform.query " + what + " Nothing was changed.", hint);
    }
}
