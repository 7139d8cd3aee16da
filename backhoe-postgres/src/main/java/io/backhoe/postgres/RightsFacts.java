package io.backhoe.postgres;

import io.backhoe.database.ColumnFacts;
import io.backhoe.database.Row;
import io.backhoe.database.Session;
import io.backhoe.database.TableFacts;
import io.backhoe.postgres.Observation.Health;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.TableName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

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

    static List<Observation> ofTable(PostgresDatabase database, Session session, TableName name, Set<String> columns) {
        TableFacts table;
        try {
            table = database.table(session, name);
        } catch (BackhoeException e) {
            return List.of(new Observation(TOPIC, "table", Health.REFUSED, e.code(), e.getMessage(), e.hint()));
        }
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

    private static Observation line(Right right) {
        String name = right.what().toLowerCase(java.util.Locale.ROOT).replaceFirst(" .*", "");
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
        String grants = missing.stream().limit(5).map(Right::grant).collect(Collectors.joining(" "));
        return new Observation(
                TOPIC,
                "update",
                none ? Health.NOT_PERMITTED : Health.ATTENTION,
                null,
                none
                        ? "lacks UPDATE on every column of " + table.name()
                        : "lacks UPDATE on " + missing.size() + " of " + updates.size() + " columns of " + table.name(),
                "of these, for the column that is to be filled: " + grants + (missing.size() > 5 ? " ..." : ""));
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
