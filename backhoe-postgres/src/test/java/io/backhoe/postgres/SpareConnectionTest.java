package io.backhoe.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backhoe.database.DatabaseException;
import io.backhoe.database.Session;
import io.backhoe.embedded.PostgresServer;
import io.backhoe.embedded.Version;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Session after session over one connection, and none of them meets another. */
@Timeout(60)
class SpareConnectionTest {
    private static final PostgresServer SERVER = PostgresServer.start(Version.CURRENT);

    /** Everything that a session can be set to, but by whom it is labelled. */
    private static final String SETTINGS = "SELECT string_agg(name || '=' || setting, E'\n' ORDER BY name)"
            + " FROM pg_settings WHERE name <> 'application_name' AND name NOT LIKE 'plpgsql.%'";

    private final PostgresDatabase database = at("postgres");

    @AfterAll
    static void stop() {
        SERVER.close();
    }

    private static PostgresDatabase at(String user) {
        return PostgresDatabase.at(SERVER.url("postgres"), user, null, Map.of());
    }

    private Session open() {
        return database.open("backhoe/test", Map.of());
    }

    private static String one(Session session, String query) {
        return session.query(query, Map.of()).get(0).required(0);
    }

    /** What the next session is given, which is then gone. */
    private int processOfNext() {
        try (var next = open()) {
            return next.processId();
        }
    }

    @Test
    void theNextSessionHasTheConnectionAndNothingOfTheOneBefore() {
        try (var watcher = at("postgres").open("backhoe/watcher", Map.of())) {
            String fresh;
            int process;
            try (var first = open()) {
                fresh = one(first, SETTINGS);
                process = first.processId();
                first.execute("SET work_mem = '77MB'");
                first.execute("SET statement_timeout = '7s'");
                first.execute("SET search_path = pg_catalog");
                first.execute("SET my.own = 'mine'");
                first.execute("CREATE TEMP TABLE mine AS SELECT 1 AS n");
                first.execute("CREATE TEMP SEQUENCE numbers");
                first.execute("LISTEN news");
                first.execute("PREPARE mine AS SELECT 1");
                first.execute("DECLARE mine CURSOR WITH HOLD FOR SELECT 1");
                first.query("SELECT pg_advisory_lock(42)", Map.of());
                first.begin(Session.Isolation.REPEATABLE_READ);
                first.execute("CREATE TABLE public.never ()");
            }
            assertThat(one(
                            watcher,
                            "SELECT application_name || ' ' || state FROM pg_stat_activity WHERE pid = " + process))
                    .isEqualTo("backhoe idle");
            assertThat(one(watcher, "SELECT pg_try_advisory_xact_lock(42)")).isEqualTo("t");

            try (var second = database.open("backhoe/second", Map.of())) {
                assertThat(second.processId()).isEqualTo(process);
                assertThat(one(second, SETTINGS)).isEqualTo(fresh);
                assertThat(one(second, "SELECT coalesce(current_setting('my.own', true), '')"))
                        .isEmpty();
                assertThat(one(second, "SELECT current_setting('application_name')"))
                        .isEqualTo("backhoe/second");
                assertThat(one(second, """
                                SELECT (SELECT count(*) FROM pg_prepared_statements WHERE name = 'mine')
                                       + (SELECT count(*) FROM pg_cursors WHERE name = 'mine')
                                       + (SELECT count(*) FROM pg_listening_channels())
                                       + (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid())
                                       + (SELECT count(*) FROM pg_class WHERE relname IN ('mine', 'numbers', 'never'))""")).isEqualTo("0");
            }
        }
    }

    @Test
    void atMostOneIsKeptAndForASecond() {
        int process;
        try (var one = open();
                var other = open()) {
            assertThat(one.processId()).isNotEqualTo(other.processId());
            process = one.processId();
        }
        try (var watcher = at("postgres").open("backhoe/watcher", Map.of())) {
            assertThat(processOfNext()).isEqualTo(process);
            String both = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'backhoe'";
            while (!one(watcher, both).equals("0")) {
                LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
            }
        }
        assertThat(processOfNext()).isNotEqualTo(process);
    }

    @Test
    void oneThatDoesNotAnswerIsNotGiven() {
        int process = processOfNext();
        try (var watcher = at("postgres").open("backhoe/watcher", Map.of())) {
            watcher.query("SELECT pg_terminate_backend(" + process + ", 5000)", Map.of());
        }

        assertThat(processOfNext()).isNotEqualTo(process);
    }

    @Test
    void oneThatSomebodyElseHadInHandIsNotKept() {
        int lent;
        try (var session = open()) {
            lent = session.processId();
            session.begin(Session.Isolation.READ_COMMITTED);
            session.lend();
            session.reclaim();
            session.commit();
        }
        assertThat(processOfNext()).isNotEqualTo(lent);

        int cancelled;
        try (var session = open()) {
            cancelled = session.processId();
            session.cancel();
        }
        assertThat(processOfNext()).isNotEqualTo(cancelled);

        int another;
        try (var session = open()) {
            session.execute("CREATE ROLE somebody");
            another = session.processId();
            session.execute("SET ROLE somebody");
        }
        assertThat(processOfNext()).isNotEqualTo(another);
    }

    @Test
    void whoComesLateDoesNotMeetWhoHasItNext() throws Exception {
        var late = open();
        late.close();
        try (var next = open()) {
            assertThat(next.processId()).isEqualTo(late.processId());
            var work = CompletableFuture.supplyAsync(() -> one(next, "SELECT 'done' FROM pg_sleep(0.5)"));
            while (!work.isDone()) {
                late.cancel();
                late.abandon();
                late.close();
                assertThatThrownBy(() -> late.execute("SELECT 1"))
                        .isInstanceOfSatisfying(
                                DatabaseException.class,
                                e -> assertThat(e.sqlState()).isEqualTo("08003"));
                LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
            }
            assertThat(work.get()).isEqualTo("done");
        }
    }

    /** As Vault does it. DISCARD ALL would leave the next session with the rights of who has logged in. */
    @Test
    void theRoleThatAConnectionBeginsWithStays() {
        try (var session = open()) {
            session.execute("CREATE ROLE owner");
            session.execute("CREATE ROLE leased LOGIN IN ROLE owner");
            session.execute("ALTER ROLE leased SET role = owner");
        }
        var leased = at("leased");
        int process;
        try (var first = leased.open("backhoe/test", Map.of())) {
            process = first.processId();
            assertThat(one(first, "SELECT current_user")).isEqualTo("owner");
        }
        try (var second = leased.open("backhoe/test", Map.of())) {
            assertThat(second.processId()).isEqualTo(process);
            assertThat(one(second, "SELECT current_user")).isEqualTo("owner");
        }
    }
}
