package io.backhoe.backfill;

import static io.backhoe.backfill.AssessTest.codes;
import static io.backhoe.backfill.AssessTest.finding;
import static org.assertj.core.api.Assertions.assertThat;

import io.backhoe.assess.AssessOptions;
import io.backhoe.embedded.PostgresServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;

/** What vacuum leaves undone, on a server where it does nothing by itself. */
final class VacuumScenes {
    private final PostgresServer server;
    private final Connection connection;

    VacuumScenes(PostgresServer server, Connection connection) {
        this.server = server;
        this.connection = connection;
    }

    void play() throws SQLException {
        deadRows();
        vacuumRunning();
        tooOld();
    }

    private List<String> found() {
        return codes(AssessServerTest.assess(server, "postgres", AssessOptions.DEFAULT));
    }

    private void deadRows() throws SQLException {
        inASessionOfItsOwn("INSERT INTO orders SELECT i, 1, '2020-01-01', 1 FROM generate_series(10001, 12000) i");
        Shops.await(connection, "SELECT n_live_tup > 2000 FROM pg_stat_all_tables WHERE relname = 'orders'");
        assertThat(found()).contains("never_vacuumed").doesNotContain("many_dead_rows");

        inASessionOfItsOwn("UPDATE orders SET n = n + 1 WHERE id > 10000");
        Shops.await(connection, "SELECT n_dead_tup >= 2000 FROM pg_stat_all_tables WHERE relname = 'orders'");
        var dead = finding(AssessServerTest.assess(server, "postgres", AssessOptions.DEFAULT), "many_dead_rows");
        assertThat((Long) dead.evidence().get("dead_rows")).isGreaterThanOrEqualTo(2_000);

        inASessionOfItsOwn("DELETE FROM orders WHERE id > 10000");
        // What is counted after the vacuum would not be gone with it.
        Shops.await(connection, "SELECT n_tup_del >= 2000 FROM pg_stat_all_tables WHERE relname = 'orders'");
        inASessionOfItsOwn("VACUUM ANALYZE orders");
        Shops.await(
                connection,
                "SELECT n_dead_tup = 0 AND last_vacuum IS NOT NULL FROM pg_stat_all_tables WHERE relname = 'orders'");
        assertThat(found()).doesNotContain("never_vacuumed", "many_dead_rows", "vacuum_running");
    }

    /** What a session has done is counted for others when it ends at the latest. */
    private void inASessionOfItsOwn(String sql) throws SQLException {
        try (var session = DriverManager.getConnection(server.jdbcUrl("postgres"));
                var statement = session.createStatement()) {
            statement.execute(sql);
        }
    }

    /** A vacuum that rests after each page, until it is told to end. */
    private void vacuumRunning() throws SQLException {
        try (var session = DriverManager.getConnection(server.jdbcUrl("postgres"));
                var statement = session.createStatement()) {
            statement.execute(
                    "SET vacuum_cost_delay = 100; SET vacuum_cost_limit = 1; SET vacuum_cost_page_hit = 10000;"
                            + " SET vacuum_cost_page_miss = 10000");
            var vacuum = new Thread(() -> {
                try {
                    statement.execute("VACUUM (FREEZE, DISABLE_PAGE_SKIPPING) orders");
                } catch (SQLException e) {
                    // it was told to end
                }
            });
            vacuum.start();
            Shops.await(connection, "SELECT count(*) = 1 FROM pg_stat_progress_vacuum");

            assertThat(found()).contains("vacuum_running");

            statement.cancel();
            join(vacuum);
        }
        assertThat(found()).doesNotContain("vacuum_running");
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void tooOld() throws SQLException {
        assertThat(found()).doesNotContain("wraparound_vacuum_due");
        try (var statement = connection.createStatement()) {
            statement.execute("ALTER TABLE orders SET (autovacuum_freeze_max_age = 100000)");
            // Each block that writes takes a transaction number of its own.
            statement.execute("""
                    CREATE TEMPORARY TABLE burnt (i integer);
                    DO $$
                    BEGIN
                        FOR i IN 1..100100 LOOP
                            BEGIN
                                INSERT INTO burnt VALUES (i);
                            EXCEPTION WHEN division_by_zero THEN
                                RAISE;
                            END;
                        END LOOP;
                    END $$;
                    DROP TABLE burnt""");

            var due = finding(
                    AssessServerTest.assess(server, "postgres", AssessOptions.DEFAULT), "wraparound_vacuum_due");
            assertThat(due.evidence()).containsEntry("freeze_age", 100_000L);

            statement.execute("VACUUM (FREEZE) orders");
            statement.execute("ALTER TABLE orders RESET (autovacuum_freeze_max_age)");
        }
        assertThat(found()).doesNotContain("wraparound_vacuum_due");
    }
}
