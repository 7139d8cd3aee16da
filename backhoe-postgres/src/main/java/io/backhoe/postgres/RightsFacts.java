package io.backhoe.postgres;

import io.backhoe.database.ColumnFacts;
import io.backhoe.database.DatabaseException;
import io.backhoe.database.Row;
import io.backhoe.database.Session;
import io.backhoe.database.TableFacts;
import io.backhoe.postgres.Observation.Health;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.TableName;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What the session's role may do: keep a ledger, and fill a table. */
final class RightsFacts {
    private static final String TOPIC = "rights";

    private RightsFacts() {}

    static List<Observation> ofLedger(Session session) {
        List<Right> rights = Rights.ofLedger(session);
        if (rights.stream().allMatch(Right::held)) {
            boolean there = rights.stream().noneMatch(right -> right.what().startsWith("CREATE ON DATABASE"));
            return List.of(Observation.ok(
                    TOPIC,
                    "ledger_rights",
                    null,
                    there
                            ? "may keep the ledger (schema backhoe), and make tables of before-images in it"
                            : "may create the ledger (schema backhoe)"));
        }
        var lines = new ArrayList<Observation>();
        for (Right right : rights) {
            if (!right.held()) {
                String otherwise = right.what().startsWith("CREATE ON DATABASE")
                        ? "  (or let a DBA run what backhoe ledger --sql prints)"
                        : "";
                lines.add(new Observation(
                        TOPIC,
                        "ledger_rights",
                        Health.NOT_PERMITTED,
                        right.what(),
                        "lacks " + right.what() + ", for the ledger",
                        right.grant() + otherwise));
            }
        }
        return lines;
    }

    /** To fill the table, and to read what is read for that. */
    static List<Observation> of(PostgresDatabase database, Session session, Intention intention) {
        TableName name = intention.table();
        if (name == null) {
            return List.of();
        }
        var lines = new ArrayList<>(ofTable(database, session, name, intention));
        String reads = intention.reads();
        boolean there = lines.stream()
                .noneMatch(line -> line.name().equals("table") || line.name().equals("usage") && line.cure() != null);
        if (reads != null && there) {
            lines.addAll(ofWhatIsRead(session, reads, Identifiers.quote(name)));
        }
        return lines;
    }

    private static List<Observation> ofWhatIsRead(Session session, String reads, String table) {
        try {
            return ReadRights.of(session, reads, table).stream()
                    .map(RightsFacts::line)
                    .toList();
        } catch (DatabaseException e) {
            return switch (e.kind()) {
                case STATEMENT, BAD_ROW, TIMEOUT, LOCK_TIMEOUT, UNKNOWN ->
                    List.of(new Observation(
                            TOPIC,
                            "reads",
                            Health.ATTENTION,
                            "not_seen",
                            "what the SQL of the file reads could not be looked at: " + e.getMessage(),
                            "backhoe assess says what is wrong with it"));
                default -> throw e;
            };
        }
    }

    private static List<Observation> ofTable(
            PostgresDatabase database, Session session, TableName name, Intention intention) {
        Observation closed = closedSchema(session, name);
        if (closed != null) {
            return List.of(closed);
        }
        TableFacts table;
        try {
            table = database.table(session, name);
        } catch (BackhoeException e) {
            return List.of(new Observation(TOPIC, "table", Health.REFUSED, e.code(), e.getMessage(), e.hint()));
        }
        if (intention.rows() != Intention.Rows.SET) {
            boolean updates = intention.rows() == Intention.Rows.INSERTED_AND_UPDATED;
            var lines = new ArrayList<>(RowRights.ofTable(session, table, updates).stream()
                    .map(RightsFacts::line)
                    .toList());
            lines.add(rowSecurity(session, table));
            return lines;
        }
        Set<String> columns = intention.columns();
        Set<String> all = table.columns().stream()
                .filter(column -> !column.generated())
                .map(ColumnFacts::name)
                .collect(Collectors.toSet());
        var lines = new ArrayList<Observation>();
        List<Right> rights = Rights.ofTable(session, table, columns.isEmpty() ? all : columns);
        List<Right> updates = rights.stream()
                .filter(right -> right.what().startsWith("UPDATE ("))
                .toList();
        rights.stream().filter(right -> !updates.contains(right)).forEach(right -> lines.add(line(right)));
        if (columns.isEmpty()) {
            lines.add(anyColumn(table, updates));
        } else {
            updates.forEach(right -> lines.add(line(right)));
        }
        lines.add(rowSecurity(session, table));
        return lines;
    }

    /** Asked first, because a table behind it cannot be looked up without an error, which would end the transaction. */
    private static @Nullable Observation closedSchema(Session session, TableName name) {
        String schema = name.schema();
        List<Row> closed = schema == null ? List.of() : session.query("""
                        SELECT quote_ident(nspname), quote_ident(current_user)
                        FROM pg_namespace
                        WHERE nspname = :schema AND NOT has_schema_privilege(oid, 'USAGE')
                        """, Map.of("schema", schema));
        if (closed.isEmpty()) {
            return null;
        }
        String usage = "USAGE ON SCHEMA " + closed.get(0).required(0);
        return new Observation(
                TOPIC,
                "usage",
                Health.NOT_PERMITTED,
                usage,
                "lacks " + usage + "; what may be done with " + name + " is seen after that",
                "GRANT " + usage + " TO " + closed.get(0).required(1) + ";");
    }

    private static Observation line(Right right) {
        String name = right.what().toLowerCase(Locale.ROOT).replaceFirst(" .*", "");
        return right.held()
                ? Observation.ok(TOPIC, name, right.what(), "has " + right.what())
                : new Observation(
                        TOPIC, name, Health.NOT_PERMITTED, right.what(), "lacks " + right.what(), right.grant());
    }

    /** Which column is going to be set is not known: one that may be set is enough for some run. */
    private static Observation anyColumn(TableFacts table, List<Right> updates) {
        List<Right> missing = updates.stream().filter(right -> !right.held()).toList();
        if (missing.isEmpty()) {
            return Observation.ok(TOPIC, "update", null, "has UPDATE on every column of " + table.name());
        }
        boolean none = missing.size() == updates.size();
        String columns = missing.stream()
                .map(right -> right.what().replaceFirst("^UPDATE \\((.*)\\) ON .*$", "$1"))
                .collect(Collectors.joining(", "));
        String role = missing.get(0).grant().replaceFirst("^.* TO ", "");
        return new Observation(
                TOPIC,
                "update",
                none ? Health.NOT_PERMITTED : Health.ATTENTION,
                null,
                none
                        ? "lacks UPDATE on every column of " + table.name()
                        : "lacks UPDATE on " + missing.size() + " of " + updates.size() + " columns of " + table.name(),
                "GRANT UPDATE (" + columns + ") ON " + Identifiers.quote(table.name()) + " TO " + role
                        + "  (the column that is to be filled is enough)");
    }

    private static Observation rowSecurity(Session session, TableFacts table) {
        Row row = session.query("""
                        SELECT row_security_active(CAST(:table AS regclass)), c.relrowsecurity, quote_ident(current_user),
                               quote_ident(pg_get_userbyid(c.relowner))
                        FROM pg_class c
                        WHERE c.oid = CAST(:table AS regclass)
                        """, Map.of("table", Identifiers.quote(table.name())))
                .get(0);
        if (row.yes(0)) {
            return new Observation(
                    TOPIC,
                    "row_security",
                    Health.NOT_PERMITTED,
                    "applies",
                    "row-level security of " + table.name() + " hides rows from " + row.required(2)
                            + ": a run is refused rather than fill a part",
                    "ALTER ROLE " + row.required(2) + " BYPASSRLS;  (or connect as " + row.required(3)
                            + ", the owner, unless security is FORCEd)");
        }
        return Observation.ok(
                TOPIC,
                "row_security",
                row.yes(1) ? "exempt" : "none",
                row.yes(1) ? "row-level security of " + table.name() + " does not hold here" : "no row-level security");
    }
}
