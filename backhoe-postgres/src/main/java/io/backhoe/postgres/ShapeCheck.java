package io.backhoe.postgres;

import io.backhoe.database.BatchParameters;
import io.backhoe.database.BatchShape;
import io.backhoe.database.BatchSql;
import io.backhoe.database.ColumnFacts;
import io.backhoe.database.DatabaseException;
import io.backhoe.database.ErrorKind;
import io.backhoe.database.Session;
import io.backhoe.database.SqlFragment;
import io.backhoe.database.TableFacts;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Has the server plan a person's SQL, piece by piece, and says which piece does not work. */
final class ShapeCheck {
    /** A range of NULL holds no row, and is planned all the same. */
    static final Map<String, @Nullable String> NO_ROWS = BatchParameters.of(null);

    /** Errors that say nothing about the SQL. */
    private static final Set<ErrorKind> NOT_THE_SQL = Set.of(
            ErrorKind.TRANSIENT,
            ErrorKind.LOCK_TIMEOUT,
            ErrorKind.TIMEOUT,
            ErrorKind.CANCELLED,
            ErrorKind.CONNECTION_LOST,
            ErrorKind.UNKNOWN);

    /** In a SELECT of its own the table may well stand with its schema. */
    private static final Pattern SELECTS = Pattern.compile("\\bselect\\b", Pattern.CASE_INSENSITIVE);

    private final Session session;
    private final TableFacts table;
    private final BatchShape shape;
    private final String target;

    ShapeCheck(Session session, TableFacts table, BatchShape shape) {
        this.session = session;
        this.table = table;
        this.shape = shape;
        this.target = Identifiers.quote(shape.table());
    }

    /** The simplest pieces come first, so that an error is put down to the piece that it is in. */
    void run() {
        SettableColumns.refuseOthers(table, shape);
        boolean writes = mayWrite();
        if (writes) {
            new PartitionRights(session, table, shape).refuseWithout();
        }
        refuseMarks();
        standAlone();
        if (shape.from() != null) {
            plan("from", shape.from(), "SELECT FROM " + target + source());
        }
        condition("on", shape.on());
        condition("where", shape.where());
        shape.missingWhen().forEach((column, predicate) -> condition("missing_when of " + column, predicate));
        shape.set().forEach((column, expression) -> plan("set " + column, expression, set(column, expression, writes)));
        refuseSchemaOnPartitions();
        if (writes) {
            // Together, too: with several columns the expressions stand in a CASE.
            plan("transform", "the parts together", BatchStatements.plainWrite(table, shape));
        }
    }

    /** Who may only read cannot have an UPDATE planned; a cast finds all but what an assignment alone refuses. */
    private String set(String column, String expression, boolean writes) {
        if (writes) {
            return "UPDATE " + target + " SET " + Identifiers.quote(column) + " = (" + expression + "\n)"
                    + (shape.sources() == null ? "" : "\nFROM " + shape.sources() + "\n");
        }
        String type = table.column(column).orElseThrow().type();
        return "SELECT CAST((" + expression + "\n) AS " + type + ") FROM " + target + source();
    }

    private boolean mayWrite() {
        return Rights.ofTable(session, table, shape.set().keySet()).stream().allMatch(Right::held);
    }

    /** A name of the table's own that reads like a mark of ours would be replaced along with it. */
    private void refuseMarks() {
        Stream.concat(
                        Stream.of(table.name().toString()),
                        Stream.of(
                                        shape.key(),
                                        shape.keyset(),
                                        table.columns().stream()
                                                .filter(c -> shape.set().containsKey(c.name()))
                                                .toList())
                                .flatMap(List::stream)
                                .map(ColumnFacts::name))
                .filter(name -> name.contains(BatchSql.RUN) || name.contains(BatchSql.PARTITION))
                .findFirst()
                .ifPresent(name -> {
                    throw new BackhoeException(
                            ExitCode.REFUSED,
                            "name_not_usable",
                            "The name " + name + " of " + table.name() + " holds " + BatchSql.RUN + " or "
                                    + BatchSql.PARTITION + ", which stand for something else in a plan. Nothing was"
                                    + " changed.",
                            "ALTER TABLE ... RENAME gives it another name");
                });
    }

    /** A batch on one partition knows the table by its bare name alone. Asked of SQL that holds for the whole table. */
    private void refuseSchemaOnPartitions() {
        if (shape.chunks() != BatchShape.Chunks.PARTITIONS) {
            return;
        }
        String qualified = part(Objects.requireNonNull(table.name().schema())) + "\\s*\\.\\s*"
                + part(table.name().name()) + "\\s*\\.";
        var pattern = Pattern.compile("(?<![\\w.\"'])" + qualified, Pattern.CASE_INSENSITIVE);
        var pieces = new LinkedHashMap<String, @Nullable String>();
        pieces.put("on", shape.on());
        pieces.put("where", shape.where());
        shape.missingWhen().forEach((column, predicate) -> pieces.put("missing_when of " + column, predicate));
        shape.set().forEach((column, expression) -> pieces.put("set " + column, expression));
        pieces.forEach((piece, fragment) -> {
            if (fragment != null
                    && pattern.matcher(fragment).find()
                    && !SELECTS.matcher(fragment).find()) {
                String bare = Identifiers.quote(table.name().name());
                throw invalid(
                        piece,
                        fragment,
                        "names the table with its schema, which a batch on one partition cannot: write " + bare
                                + ".column in place of " + Identifiers.quote(table.name()) + ".column",
                        null);
            }
        });
    }

    private static String part(String name) {
        return "(?:" + Pattern.quote(name) + "|\"" + Pattern.quote(name) + "\")";
    }

    private void standAlone() {
        check("from", shape.from());
        check("on", shape.on());
        check("where", shape.where());
        shape.missingWhen().forEach((column, predicate) -> check("missing_when of " + column, predicate));
        shape.set().forEach((column, expression) -> check("set " + column, expression));
    }

    private void check(String piece, @Nullable String fragment) {
        Optional<String> problem = fragment == null ? Optional.empty() : SqlFragment.problem(fragment);
        if (problem.isPresent()) {
            throw invalid(piece, fragment, problem.get(), null);
        }
    }

    private void condition(String piece, @Nullable String predicate) {
        if (predicate != null) {
            plan(piece, predicate, "SELECT FROM " + target + source() + " WHERE (" + predicate + "\n)");
        }
    }

    private String source() {
        return shape.sources() == null ? "" : ", " + shape.sources() + "\n";
    }

    private void plan(String piece, String fragment, String sql) {
        session.begin(Session.Isolation.READ_ONLY);
        try {
            session.query("EXPLAIN " + sql, NO_ROWS);
        } catch (DatabaseException e) {
            // in this read-only transaction 25006 is the fault of an expression that writes, not of a standby
            if (NOT_THE_SQL.contains(e.kind()) && !e.sqlState().equals("25006")) {
                throw e;
            } else if (ErrorClassifier.rowSecurity(e.getCause())) {
                session.rollback();
                throw hidden(piece, e);
            } else if (e.kind() == ErrorKind.PERMISSION) {
                throw denied(piece, sql, e);
            }
            throw invalid(piece, fragment, "is refused by the server: " + e.getMessage(), e);
        } finally {
            session.rollback();
        }
    }

    private BackhoeException denied(String piece, String sql, DatabaseException error) {
        var grants = sql.startsWith("SELECT") ? grants(sql) : List.<String>of();
        return new BackhoeException(
                ExitCode.UNREACHABLE,
                "permission_denied",
                "No permission for what '" + piece + "' reads or writes on " + table.name() + ": " + error.getMessage(),
                grants.isEmpty()
                        ? "ask for SELECT on the tables that it reads, and UPDATE on the columns that it sets"
                        : String.join(" ", grants),
                error);
    }

    private List<String> grants(String select) {
        session.rollback();
        session.begin(Session.Isolation.READ_ONLY);
        return ReadRights.missing(session, select, "");
    }

    /** We ask the server to fail rather than to leave out rows that a policy hides from us. */
    private BackhoeException hidden(String piece, DatabaseException error) {
        boolean here = !session.query(
                        """
                        SELECT
                        FROM pg_class AS c
                        JOIN pg_namespace AS n ON n.oid = c.relnamespace
                        WHERE n.nspname = :schema AND c.relname = :table AND row_security_active(c.oid)
                        """,
                        Map.of(
                                "schema",
                                Objects.requireNonNull(table.name().schema()),
                                "table",
                                table.name().name()))
                .isEmpty();
        String where = here ? table.name().toString() : "a table that '" + piece + "' reads";
        return new BackhoeException(
                ExitCode.UNREACHABLE,
                "row_security",
                "Row-level security applies to this role on " + where + ": rows may be hidden from it. "
                        + error.getMessage(),
                "run as the table's owner, or as a role with BYPASSRLS",
                error);
    }

    private BackhoeException invalid(
            String piece, @Nullable String fragment, String why, @Nullable DatabaseException cause) {
        String hint = "mend '" + piece + "': " + fragment;
        return new BackhoeException(
                ExitCode.USAGE,
                "expression_invalid",
                "The SQL of '" + piece + "' for " + table.name() + " " + why,
                cause == null || cause.detail() == null ? hint : hint + "\n" + cause.detail(),
                cause);
    }
}
