package io.backhoe.postgres;

import io.backhoe.database.Row;
import io.backhoe.database.Session;
import java.util.List;
import java.util.Map;

/** What can be seen here of the harm that a run may do to others. */
final class SignalFacts {
    private static final String TOPIC = "signals";

    private final Row row;
    private final String grant;

    private SignalFacts(Session session) {
        this.row = session.query("""
                SELECT pg_has_role(current_user, 'pg_read_all_stats', 'USAGE'),
                       has_function_privilege('pg_catalog.pg_ls_archive_statusdir()', 'EXECUTE'),
                       current_setting('archive_mode'),
                       (SELECT count(*) FROM pg_stat_replication),
                       (SELECT count(*) FROM pg_replication_slots),
                       has_table_privilege('pg_catalog.pg_stat_wal', 'SELECT'),
                       quote_ident(current_user)
                """, Map.of()).get(0);
        this.grant = "GRANT pg_monitor TO " + row.required(6) + ";";
    }

    static List<Observation> of(Session session) {
        var facts = new SignalFacts(session);
        return List.of(
                facts.activity(),
                facts.replicas(),
                facts.archive(),
                facts.slots(),
                facts.wal(),
                notWatched(
                        "disk_free",
                        "free disk is not watched: a server does not tell it to its clients",
                        "look at it on the server (df), and compare with what the plan expects to write"),
                notWatched(
                        "cpus",
                        "the number of CPUs is not known: a server does not tell it to its clients",
                        "keep --parallelism below it"));
    }

    private Observation activity() {
        return row.yes(0)
                ? Observation.ok(TOPIC, "activity", "watched", "sees what other sessions do and wait for")
                : notWatched("activity", "what other sessions do and wait for is not seen", grant);
    }

    private Observation replicas() {
        long replicas = row.number(3);
        if (row.yes(0)) {
            String text = replicas == 0
                    ? "no replica is attached"
                    : replicas == 1 ? "sees the lag of 1 replica" : "sees the lag of " + replicas + " replicas";
            return Observation.ok(TOPIC, "replica_lag", Long.toString(replicas), text);
        }
        return notWatched("replica_lag", "the lag of replicas is not seen (" + replicas + " attached)", grant);
    }

    private Observation archive() {
        if (row.required(2).equals("off")) {
            return Observation.ok(TOPIC, "wal_archive", "off", "no WAL is archived here (archive_mode is off)");
        }
        return row.yes(1)
                ? Observation.ok(TOPIC, "wal_archive", "watched", "sees how much WAL waits to be archived")
                : notWatched("wal_archive", "how much WAL waits to be archived is not seen", grant);
    }

    private Observation slots() {
        long slots = row.number(4);
        return Observation.ok(
                TOPIC,
                "replication_slots",
                Long.toString(slots),
                slots == 0
                        ? "no replication slot"
                        : "sees what " + slots + (slots == 1 ? " slot holds" : " slots hold"));
    }

    private Observation wal() {
        return row.yes(5)
                ? Observation.ok(TOPIC, "wal_written", "watched", "sees how much WAL is written")
                : notWatched("wal_written", "how much WAL is written is not seen", grant);
    }

    private static Observation notWatched(String name, String text, String cure) {
        return Observation.attention(TOPIC, name, "not_watched", text, cure);
    }
}
