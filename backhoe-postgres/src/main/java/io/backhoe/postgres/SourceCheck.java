package io.backhoe.postgres;

import io.backhoe.database.BatchShape;
import io.backhoe.database.DatabaseException;
import io.backhoe.database.ErrorKind;
import io.backhoe.database.Session;
import io.backhoe.database.SqlFragment;
import io.backhoe.database.TableFacts;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Has the server plan a query that yields whole rows, alone and on their way into the table. Executes nothing. */
final class SourceCheck {
    private final Session session;
    private final TableFacts table;
    private final BatchShape shape;
    private final String query;

    SourceCheck(Session session, TableFacts table, BatchShape shape) {
        this.session = session;
        this.table = table;
        this.shape = shape;
        this.query = Objects.requireNonNull(shape.source()).sql();
    }

    /** By name, in order. In parentheses, so that only a SELECT, and only one, is one. */
    static List<String> columns(PostgresSession session, String query) {
        SqlFragment.problem(query).ifPresent(problem -> {
            throw invalid(query, problem, null);
        });
        session.begin(Session.Isolation.READ_ONLY);
        try {
            return session.columns("SELECT * FROM (" + query + "\n) AS backhoe_query");
        } catch (DatabaseException e) {
            throw refusal(query, e);
        } finally {
            session.rollback();
        }
    }

    void run() {
        plan("SELECT FROM (" + query + "\n) AS backhoe_query", true);
        var rows = new SourceSql(shape, Objects.requireNonNull(shape.source()));
        if (shape.source().into() != null) {
            plan(new DerivedStatements(table, shape, shape.source()).boundary(), true);
        }
        plan(KeyConditions.counted(rows.ordered(), rows.rows(), rows.range()), true);
        if (RowRights.ofTable(session, table, false).stream().allMatch(Right::held)) {
            plan(new InsertStatements(table, shape, shape.source()).insert(), false);
        }
    }

    private void plan(String sql, boolean ofTheQuery) {
        var values = new HashMap<>(ShapeCheck.NO_ROWS);
        values.put("batch_rows", null);
        session.begin(Session.Isolation.READ_ONLY);
        try {
            session.query("EXPLAIN " + sql, values);
        } catch (DatabaseException e) {
            throw ofTheQuery || e.kind() != ErrorKind.STATEMENT ? refusal(query, e) : unfit(e);
        } finally {
            session.rollback();
        }
    }

    private BackhoeException unfit(DatabaseException error) {
        return new BackhoeException(
                ExitCode.USAGE,
                "query_unfit",
                "The rows of transform.query do not fit into " + table.name() + ": " + error.getMessage()
                        + ". Nothing was changed.",
                "Cast the column that is named to the type that the table has.",
                error);
    }

    private static RuntimeException refusal(String query, DatabaseException error) {
        return switch (error.kind()) {
            case PERMISSION ->
                new BackhoeException(
                        ExitCode.UNREACHABLE,
                        "permission_denied",
                        "No permission for what transform.query reads: " + error.getMessage()
                                + ". Nothing was changed.",
                        "Ask for SELECT on the tables that it reads.",
                        error);
            case STATEMENT, BAD_ROW -> invalid(query, "is refused by the server: " + error.getMessage(), error);
            // in a read-only transaction 25006 is the fault of a query that writes
            case UNKNOWN ->
                error.sqlState().equals("25006")
                        ? invalid(query, "writes, and may only read: " + error.getMessage(), error)
                        : error;
            default -> error;
        };
    }

    private static BackhoeException invalid(String query, String why, @Nullable DatabaseException cause) {
        String hint = "Mend transform.query: " + query.strip();
        return new BackhoeException(
                ExitCode.USAGE,
                "query_invalid",
                "transform.query " + why + ". Nothing was changed.",
                cause == null || cause.detail() == null ? hint : hint + "\n" + cause.detail(),
                cause);
    }
}
