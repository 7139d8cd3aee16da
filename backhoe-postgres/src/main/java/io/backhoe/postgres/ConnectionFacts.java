package io.backhoe.postgres;

import io.backhoe.database.Row;
import io.backhoe.database.ServerFacts;
import io.backhoe.database.Session;
import io.backhoe.postgres.Observation.Health;
import java.util.List;
import java.util.Map;

/** What a session is connected to, and as whom. */
final class ConnectionFacts {
    private static final String TOPIC = "connection";

    private final PostgresDatabase database;
    private final ServerFacts server;
    private final Row row;

    private ConnectionFacts(PostgresDatabase database, Session session) {
        this.database = database;
        this.server = database.server(session);
        this.row = session.query("""
                SELECT session_user, current_setting('is_superuser') = 'on',
                       host(inet_server_addr()), inet_server_port(),
                       inet_server_addr() IS NULL OR inet_server_addr() << '127.0.0.0/8'
                           OR inet_server_addr() = '::1' OR inet_server_addr() = inet_client_addr(),
                       COALESCE(s.ssl, false), s.version, s.cipher,
                       pg_is_in_recovery()
                FROM (VALUES (pg_backend_pid())) AS own (pid)
                LEFT JOIN pg_stat_ssl s ON s.pid = own.pid
                """, Map.of()).get(0);
    }

    static List<Observation> of(PostgresDatabase database, Session session) {
        var facts = new ConnectionFacts(database, session);
        return List.of(
                facts.version(), facts.place(), facts.user(), facts.encryption(), facts.writes(), facts.pooler());
    }

    private Observation version() {
        return server.major() > PostgresDatabase.NEWEST_TESTED
                ? Observation.attention(
                        TOPIC,
                        "server_version",
                        server.product(),
                        server.product() + ", newer than " + PostgresDatabase.NEWEST_TESTED
                                + ", the newest that was tested",
                        "try it on a copy first")
                : Observation.ok(TOPIC, "server_version", server.product(), server.product());
    }

    private Observation place() {
        String address = row.text(2) == null ? "a socket" : row.required(2) + " port " + row.text(3);
        return Observation.ok(
                TOPIC,
                "database",
                server.database(),
                "database " + server.database() + " at " + address + " (" + database.sources() + ")");
    }

    private Observation user() {
        String loggedIn = row.required(0);
        String text = "as " + server.user()
                + (loggedIn.equals(server.user()) ? "" : ", logged in as " + loggedIn)
                + (row.yes(1) ? ", a superuser: no right is missing, and no row is hidden from it" : "");
        return Observation.ok(TOPIC, "user", server.user(), text);
    }

    private Observation encryption() {
        if (row.yes(5)) {
            String version = row.text(6);
            return Observation.ok(TOPIC, "encryption", version, "encrypted, " + version + " (" + row.text(7) + ")");
        }
        return row.yes(4)
                ? Observation.ok(TOPIC, "encryption", "none", "not encrypted, and never leaves that machine")
                : Observation.attention(
                        TOPIC,
                        "encryption",
                        "none",
                        "not encrypted: values of rows travel in clear",
                        "sslmode=verify-full with sslrootcert in the URL, or PGSSLMODE=require");
    }

    private Observation writes() {
        if (!server.readOnly()) {
            return Observation.ok(TOPIC, "writes", "primary", "the primary, which takes writes");
        }
        return row.yes(8)
                ? new Observation(
                        TOPIC,
                        "writes",
                        Health.REFUSED,
                        "standby",
                        "a standby: it takes no writes",
                        "connect to the primary; with several hosts in the URL add target_session_attrs=primary")
                : new Observation(
                        TOPIC,
                        "writes",
                        Health.REFUSED,
                        "read_only",
                        "default_transaction_read_only is on: no write is taken",
                        "ALTER ROLE " + Identifiers.quote(server.user())
                                + " SET default_transaction_read_only = off; or find who turned it on, and why");
    }

    private Observation pooler() {
        return server.pooled()
                ? new Observation(
                        TOPIC,
                        "pooler",
                        Health.REFUSED,
                        "yes",
                        "a connection pooler stands in between: the lock that keeps two executors apart does not hold"
                                + " through it",
                        "connect to the server itself, its own host and port")
                : Observation.ok(TOPIC, "pooler", "no", "no connection pooler in between");
    }
}
