package io.backhoe.postgres;

import io.backhoe.database.Row;
import io.backhoe.database.Session;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Settings of server and role that a run meets. Of the timeouts: what a session begins with, before ours are pinned. */
final class SettingFacts {
    private static final String TOPIC = "settings";

    /** A worker a session, one for requests and one that begins the run. */
    private static final long FEW = 4;

    private static final long SHORT_TRANSACTION_MILLIS = 60_000;

    private final Map<String, String> settings = new HashMap<>();
    private final Session session;

    private SettingFacts(Session session) {
        this.session = session;
        session.query("SELECT name, reset_val FROM pg_settings WHERE reset_val IS NOT NULL", Map.of())
                .forEach(row -> settings.put(row.required(0), row.required(1)));
    }

    static List<Observation> of(Session session) {
        var facts = new SettingFacts(session);
        var lines = new ArrayList<Observation>();
        lines.add(facts.connections());
        lines.addAll(facts.timeouts());
        lines.addAll(facts.durability());
        lines.add(facts.synchronousStandbys());
        lines.add(facts.autovacuum());
        return lines;
    }

    private Observation connections() {
        Row row = session.query("""
                SELECT CAST(current_setting('max_connections') AS integer),
                       (SELECT sum(numbackends) FROM pg_stat_database),
                       CAST(current_setting('superuser_reserved_connections') AS integer)
                           + CAST(coalesce(current_setting('reserved_connections', true), '0') AS integer),
                       r.rolconnlimit, d.datconnlimit, quote_ident(r.rolname), quote_ident(d.datname)
                FROM pg_roles r
                JOIN pg_database d ON d.datname = current_database()
                WHERE r.rolname = session_user
                """, Map.of()).get(0);
        if (row.number(3) >= 0 && row.number(3) < FEW) {
            return tooFew(
                    row.number(3),
                    "role " + row.required(5) + " may have " + row.number(3) + " connections",
                    "ALTER ROLE " + row.required(5) + " CONNECTION LIMIT 20;");
        } else if (row.number(4) >= 0 && row.number(4) < FEW) {
            return tooFew(
                    row.number(4),
                    "database " + row.required(6) + " takes " + row.number(4) + " connections",
                    "ALTER DATABASE " + row.required(6) + " CONNECTION LIMIT 100;");
        }
        long free = Math.max(0, row.number(0) - row.number(2) - row.number(1));
        String text = free + " of " + row.number(0) + " connections are free for ordinary roles";
        return free >= FEW
                ? Observation.ok(TOPIC, "connections", Long.toString(free), text)
                : tooFew(free, text, "close idle sessions, or raise max_connections (needs a restart)");
    }

    private static Observation tooFew(long connections, String text, String cure) {
        return Observation.attention(
                TOPIC,
                "connections",
                Long.toString(connections),
                text + "; a run needs one for each worker and two more",
                cure);
    }

    private List<Observation> timeouts() {
        var lines = new ArrayList<Observation>();
        lines.add(pinned("statement_timeout"));
        lines.add(pinned("idle_in_transaction_session_timeout"));
        String transaction = settings.get("transaction_timeout");
        if (transaction != null) {
            long millis = Long.parseLong(transaction);
            lines.add(
                    millis == 0 || millis >= SHORT_TRANSACTION_MILLIS
                            ? Observation.ok(TOPIC, "transaction_timeout", transaction, timeout("transaction_timeout"))
                            : Observation.attention(
                                    TOPIC,
                                    "transaction_timeout",
                                    transaction,
                                    timeout("transaction_timeout") + " ends every transaction that takes longer,"
                                            + " planning and batches too",
                                    "ALTER ROLE ... SET transaction_timeout = 0; for the role that runs backfills"));
        }
        return lines;
    }

    private Observation pinned(String name) {
        return Observation.ok(
                TOPIC, name, settings.get(name), timeout(name) + (isOff(name) ? "" : "; a run sets its own"));
    }

    private boolean isOff(String name) {
        return "0".equals(settings.get(name));
    }

    private String timeout(String name) {
        return name + (isOff(name) ? " is off" : " is " + settings.get(name) + " ms");
    }

    private List<Observation> durability() {
        var lines = new ArrayList<Observation>();
        for (String name : List.of("fsync", "full_page_writes")) {
            @Nullable String value = settings.get(name);
            lines.add(
                    "on".equals(value)
                            ? Observation.ok(TOPIC, name, value, name + " is on")
                            : Observation.attention(
                                    TOPIC,
                                    name,
                                    value,
                                    name + " is off: when the machine crashes, data and ledger may be damaged",
                                    "ALTER SYSTEM SET " + name + " = on; SELECT pg_reload_conf();"));
        }
        String level = settings.get("wal_level");
        lines.add(Observation.ok(TOPIC, "wal_level", level, "wal_level is " + level));
        return lines;
    }

    private Observation synchronousStandbys() {
        String names = settings.getOrDefault("synchronous_standby_names", "");
        return names.isEmpty()
                ? Observation.ok(TOPIC, "synchronous_standby_names", "", "no commit waits for a standby")
                : Observation.attention(
                        TOPIC,
                        "synchronous_standby_names",
                        names,
                        "commits wait for standbys (" + names + "); batches do not (synchronous_commit is off in them),"
                                + " changes of state do",
                        "see that these standbys are up before a run");
    }

    private Observation autovacuum() {
        return "on".equals(settings.get("autovacuum"))
                ? Observation.ok(TOPIC, "autovacuum", "on", "autovacuum is on")
                : Observation.attention(
                        TOPIC,
                        "autovacuum",
                        "off",
                        "autovacuum is off: the old versions of the rows that a run writes stay in the table",
                        "ALTER SYSTEM SET autovacuum = on; SELECT pg_reload_conf();  (or VACUUM the table after the run)");
    }
}
