package io.backhoe.backfill;

import static io.backhoe.backfill.TestDatabase.OPTIONS;
import static org.assertj.core.api.Assertions.assertThat;

import io.backhoe.embedded.Version;
import io.backhoe.run.RunListener;
import io.backhoe.run.StopSignal;
import io.backhoe.value.RunState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The application goes on inserting, updating and deleting the very rows that are being filled. */
class LiveWritersTest {
    @TempDir
    private Path folder = Path.of("");

    private static final int ROWS = 40_000;

    @ParameterizedTest
    @EnumSource(Version.class)
    void whatTheApplicationWritesStaysInTheRunAndInItsUndo(Version version) throws Exception {
        try (var db = TestDatabase.on(version)) {
            db.orders(ROWS);
            db.sql("CREATE TABLE original AS TABLE orders");
            db.sql("CREATE TABLE written (id bigint NOT NULL, what text NOT NULL)");
            try (var application = new Application(db, """
                    WITH w AS (UPDATE orders SET tier = 'live' WHERE id = %1$d AND id %% 3 = 0 RETURNING id),
                         d AS (DELETE FROM orders WHERE id = %1$d AND id %% 3 = 1 RETURNING id),
                         i AS (INSERT INTO orders SELECT id + 1000000, order_date, n, 'new' FROM original
                               WHERE id = %1$d AND id %% 3 = 2 ON CONFLICT DO NOTHING RETURNING id)
                    INSERT INTO written SELECT id, 'update' FROM w UNION ALL SELECT id, 'delete' FROM d
                                        UNION ALL SELECT id, 'insert' FROM i""")) {
                application.started();

                var report =
                        db.backhoe().run(db.plan(TestDatabase.fillTier()), OPTIONS, new StopSignal(), RunListener.NONE);
                assertThat(report.run().state()).isEqualTo(RunState.SUCCEEDED);
                assertNothingIsLost(db);

                var undone = db.backhoe()
                        .rollback(report.run().id(), List.of(), OPTIONS, new StopSignal(), RunListener.NONE);
                application.stop();
                assertThat(undone.restored() + undone.kept()).isEqualTo(report.changed());
            }
            assertNothingIsLost(db);
            assertThat(db.number("""
                            SELECT count(*) FROM orders o JOIN original b USING (id)
                            WHERE o.tier IS DISTINCT FROM b.tier AND o.id NOT IN (SELECT id FROM written)""")).isZero();
            assertThat(db.number("SELECT count(*) FROM written")).isGreaterThan(100);
        }
    }

    private static void assertNothingIsLost(TestDatabase db) throws SQLException {
        assertThat(db.number("""
                        SELECT count(*) FROM written w LEFT JOIN orders o USING (id)
                        WHERE (what = 'update' AND o.tier IS DISTINCT FROM 'live'
                               AND NOT EXISTS (SELECT FROM written d WHERE d.id = w.id AND d.what = 'delete'))
                           OR (what = 'delete' AND o.id IS NOT NULL)
                           OR (what = 'insert' AND o.tier IS DISTINCT FROM 'new')""")).isZero();
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void whatTheApplicationAddsAndWhatTheRunAddsAreBothThere(Version version) throws Exception {
        try (var db = TestDatabase.on(version)) {
            db.orders(ROWS);
            db.sql("CREATE TABLE original AS TABLE orders");
            db.sql("CREATE TABLE written (id bigint NOT NULL)");
            try (var application = new Application(db, """
                    WITH w AS (UPDATE orders SET n = n + 1000 WHERE id = %1$d RETURNING id)
                    INSERT INTO written SELECT id FROM w""")) {
                application.started();

                var report =
                        db.backhoe().run(db.plan(TestDatabase.addOne()), OPTIONS, new StopSignal(), RunListener.NONE);
                assertThat(report.run().state()).isEqualTo(RunState.SUCCEEDED);
                assertThat(report.changed()).isEqualTo(ROWS);
                assertThat(db.number(difference("o.n - b.n - 1"))).isZero();

                var undone = db.backhoe()
                        .rollback(report.run().id(), List.of(), OPTIONS, new StopSignal(), RunListener.NONE);
                application.stop();
                assertThat(undone.restored() + undone.kept()).isEqualTo(ROWS);
                assertThat(db.number("""
                                SELECT count(*) FROM orders o JOIN original b USING (id)
                                WHERE o.n - b.n - 1000 * (SELECT count(*) FROM written w WHERE w.id = o.id) = 1""")).isEqualTo(undone.kept());
                assertThat(db.number(difference("o.n - b.n"))).isEqualTo(undone.kept());
                assertThat(db.number(difference("o.n - b.n - 1"))).isEqualTo(ROWS - undone.kept());
            }
            assertThat(db.number("SELECT count(*) FROM written")).isGreaterThan(100);
        }
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void whatTheApplicationAddsAndWhatTheRecordsOfAFileAddAreBothThere(Version version) throws Exception {
        Path file = folder.resolve("fixes.csv");
        Files.writeString(
                file,
                IntStream.rangeClosed(1, ROWS)
                        .mapToObj(i -> i + ",1\n")
                        .collect(Collectors.joining("", "id,plus\n", "")));
        try (var db = TestDatabase.on(version)) {
            db.orders(ROWS);
            db.sql("CREATE TABLE original AS TABLE orders");
            db.sql("CREATE TABLE written (id bigint NOT NULL)");
            String spec = """
                    backfill:
                      name: add_by_file
                      reason: each was counted once too few
                      scope: { table: orders }
                      transform: { set: { n: "orders.n + CAST(csv.plus AS integer)" } }
                      correction: { keys: "%s", expect_rows: %d }
                      strategy: { type: correction, parallelism: 2 }
                    """.formatted(file, ROWS);
            try (var application = new Application(db, """
                    WITH w AS (UPDATE orders SET n = n + 1000 WHERE id = %1$d RETURNING id)
                    INSERT INTO written SELECT id FROM w""")) {
                application.started();

                var report = db.backhoe().run(db.plan(spec), OPTIONS, new StopSignal(), RunListener.NONE);
                assertThat(report.run().state()).isEqualTo(RunState.SUCCEEDED);
                assertThat(report.changed()).isEqualTo(ROWS);
                assertThat(db.number(difference("o.n - b.n - 1"))).isZero();

                var undone = db.backhoe()
                        .rollback(report.run().id(), List.of(), OPTIONS, new StopSignal(), RunListener.NONE);
                application.stop();
                assertThat(undone.restored() + undone.kept()).isEqualTo(ROWS);
                assertThat(db.number(difference("o.n - b.n - 1"))).isEqualTo(ROWS - undone.kept());
            }
        }
    }

    /** How many rows hold something else than the given number plus what the application added. */
    private static String difference(String expression) {
        // One snapshot sees both tables: the application writes to both in one transaction.
        return "SELECT count(*) FROM orders o JOIN original b USING (id)"
                + " LEFT JOIN (SELECT id, count(*) AS times FROM written GROUP BY id) w USING (id) WHERE " + expression
                + " <> 1000 * coalesce(w.times, 0)";
    }

    /** One connection that writes to random rows, a transaction each, until it is stopped. */
    private static final class Application implements AutoCloseable {
        private final AtomicBoolean stop = new AtomicBoolean();
        private final CountDownLatch begun = new CountDownLatch(50);
        private final Future<?> work;
        private final java.util.concurrent.ExecutorService thread = Executors.newSingleThreadExecutor();

        Application(TestDatabase db, String statementFor) {
            var random = new Random(20230101);
            work = thread.submit(() -> {
                try (var connection = db.connect();
                        var statement = connection.createStatement()) {
                    while (!stop.get()) {
                        statement.execute(statementFor.formatted(1 + random.nextInt(ROWS)));
                        begun.countDown();
                    }
                }
                return null;
            });
        }

        void started() throws InterruptedException {
            begun.await();
        }

        void stop() throws Exception {
            stop.set(true);
            work.get();
        }

        @Override
        public void close() throws Exception {
            stop();
            thread.shutdown();
        }
    }
}
