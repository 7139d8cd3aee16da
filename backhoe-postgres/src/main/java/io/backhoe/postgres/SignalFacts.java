package io.backhoe.postgres;

import io.backhoe.database.Row;
import io.backhoe.database.Session;
import java.util.List;
import java.util.Map;

/** What can be seen from here of the harm that a run may do to others. */
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
                notSeen(
                        "disk_free",
                        "free disk cannot be seen: a server does not tell it to its clients",
                        "look at it on the server (df), and compare with what the plan expects to write"),
                notSeen(
                        "cpus",
                        "the number of CPUs cannot be seen: a server does not tell it to its clients",
                        "keep --parallelism below it"));
    }

    private Observation activity() {
        return row.yes(0)
                ? Observation.ok(TOPIC, "activity", "seen", "what other sessions do and wait for can be seen")
                : notSeen("activity", "what other sessions do and wait for cannot be seen", grant);
    }

    private Observation replicas() {
        long replicas = row.number(3);
        if (row.yes(0)) {
            String text = replicas == 0
                    ? "no replica is attached"
                    : replicas == 1
                            ? "the lag of 1 replica can be seen"
                            : "the lag of " + replicas + " replicas can be seen";
            return Observation.ok(TOPIC, "replica_lag", Long.toString(replicas), text);
        }
        return notSeen("replica_lag", "the lag of replicas cannot be seen (" + replicas + " attached)", grant);
    }

    private Observation archive() {
        if (row.required(2).equals("off")) {
            return Observation.ok(TOPIC, "wal_archive", "off", "no WAL is archived here (archive_mode is off)");
        }
        return row.yes(1)
                ? Observation.ok(TOPIC, "wal_archive", "seen", "how much WAL waits to be archived can be seen")
                : notSeen("wal_archive", "how much WAL waits to be archived cannot be seen", grant);
    }

    private Observation slots() {
        long slots = row.number(4);
        return Observation.ok(
                TOPIC,
                "replication_slots",
                Long.toString(slots),
                slots == 0
                        ? "no replication slot"
                        : "what " + slots + (slots == 1 ? " slot holds" : " slots hold") + " can be seen");
    }

    private Observation wal() {
        return row.yes(5)
                ? Observation.ok(TOPIC, "wal_written", "seen", "how much WAL is written can be seen")
                : notSeen("wal_written", "how much WAL is written cannot be seen", grant);
    }

    private static Observation notSeen(String name, String text, String cure) {
        return Observation.attention(TOPIC, name, "not_seen", text, cure);
    }
}
