package io.backhoe.backfill;

import static io.backhoe.backfill.TestDatabase.OPTIONS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backhoe.ledger.NewRun;
import io.backhoe.ledger.RunTable;
import io.backhoe.report.RunReport;
import io.backhoe.run.RunListener;
import io.backhoe.run.RunOptions;
import io.backhoe.run.StopSignal;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.Cause;
import io.backhoe.value.ExitCode;
import io.backhoe.value.RunState;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Runs that set the same column of overlapping ranges are never both active. */
class OverlapTest {
    @Test
    void ofFourCoordinatorsThatBeginAtOnceOneRuns() throws Exception {
        try (var db = TestDatabase.create()) {
            var scene = new CrashScene(db, 4_000, 4);
            scene.pace(0.005);
            String whole = scene.spec(2);
            String range = "{ start: 2023-01-01, end: 2023-05-01 }";
            assertThat(whole).contains(range);
            var specs = List.of(
                    whole,
                    whole.replace(range, "{ start: 2023-02-10, end: 2023-03-10 }"),
                    whole.replace(range, "{ start: 2023-03-01, end: 2023-05-01 }"),
                    whole.replace("table: orders", "table: public.orders"));
            var four = new ArrayList<CrashProcess>();
            try {
                for (int i = 0; i < 4; i++) {
                    four.add(CrashProcess.start(db));
                }
                for (int i = 0; i < 4; i++) {
                    byte[] spec = specs.get(i).getBytes(StandardCharsets.UTF_8);
                    four.get(i).order("run " + Base64.getEncoder().encodeToString(spec));
                }
                CrashScene.await(() -> four.stream().filter(p -> !p.isAlive()).count() == 3, "three refusals");
                scene.pace(0);
                var exits = new ArrayList<Integer>();
                for (var process : four) {
                    exits.add(process.exit());
                }
                assertThat(exits).containsExactlyInAnyOrder(0, 8, 8, 8);
                String winner = db.one("SELECT run_id FROM backhoe.run");
                assertThat(four.stream().flatMap(p -> p.said().stream()))
                        .filteredOn(l -> l.startsWith("run_overlaps: Run " + winner + " "))
                        .hasSize(3);
            } finally {
                four.forEach(CrashProcess::close);
            }
            assertThat(db.number("SELECT count(*) FROM orders o JOIN original b USING (id) WHERE o.n > b.n + 1"))
                    .isZero();
        }
    }

    @Test
    void aTableAndItsPartitionAreInEachOthersWayAndTwoPartitionsAreNot() throws Exception {
        try (var db = TestDatabase.create()) {
            db.sql("CREATE TABLE p (id bigint, at date, n integer NOT NULL DEFAULT 0, PRIMARY KEY (id, at))"
                    + " PARTITION BY RANGE (id)");
            db.sql("CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (1000)");
            db.sql("CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (1000) TO (2000)");
            db.sql("INSERT INTO p SELECT i, date '2023-01-01' + i % 60 FROM generate_series(1, 1999) i");
            db.sql("CREATE INDEX ON p (at, id)");
            db.sql("ANALYZE p");

            var parent = begun(db, spec("p"));
            overlaps(db, spec("p1"), parent);
            db.backhoe().cancel(parent.run().id(), "test");
            var child = begun(db, spec("p1"));
            overlaps(db, spec("p"), child);
            assertThat(run(db, spec("p2")).run().state()).isEqualTo(RunState.SUCCEEDED);
        }
    }

    @Test
    void soAreATableAndAChildThatInherits() throws Exception {
        try (var db = TestDatabase.create()) {
            db.sql("CREATE TABLE base (id bigint PRIMARY KEY, at date NOT NULL, n integer NOT NULL DEFAULT 0)");
            db.sql("CREATE TABLE child (PRIMARY KEY (id)) INHERITS (base)");
            db.sql("INSERT INTO child SELECT i, date '2023-01-01' + i % 60 FROM generate_series(1, 500) i");
            db.sql("INSERT INTO base SELECT i, date '2023-01-01' + i % 60 FROM generate_series(1001, 1500) i");
            db.sql("CREATE INDEX ON base (at, id)");
            db.sql("CREATE INDEX ON child (at, id)");
            db.sql("ANALYZE base, child");
            var child = begun(db, spec("child"));
            var session = db.database().open("test", Map.of());
            try (session) {
                var plan = db.plan(spec("child"));
                assertThatThrownBy(() -> NewRun.enter(session, plan, "public.base", new Cause("test", null), false))
                        .hasMessageContaining("Run " + child.run().id());
            }
        }
    }

    @Test
    void anotherNameOfTheTableIsNoWayAround() throws Exception {
        try (var db = TestDatabase.create()) {
            db.orders(1_000);
            var first = begun(db, TestDatabase.addOne());
            overlaps(db, TestDatabase.addOne().replace("table: orders", "table: public.orders"), first);
            db.sql("ALTER TABLE orders RENAME TO renamed");
            overlaps(db, TestDatabase.addOne().replace("table: orders", "table: renamed"), first);
        }
    }

    @Test
    void rangesOfDifferentColumnsMayMeet() throws Exception {
        try (var db = TestDatabase.create()) {
            db.orders(1_000);
            db.sql("ALTER TABLE orders ADD COLUMN shipped date NOT NULL DEFAULT '2030-01-01'");
            db.sql("CREATE INDEX ON orders (shipped, id)");
            var first = begun(db, TestDatabase.addOne());
            overlaps(
                    db,
                    TestDatabase.addOne()
                            .replace("date_column: order_date", "date_column: shipped")
                            .replace(
                                    "{ start: 2023-01-01, end: 2024-01-01 }", "{ start: 2030-01-01, end: 2030-02-01 }"),
                    first);
        }
    }

    @Test
    void calendarsAreAsFarApartAsTimeZonesAre() throws Exception {
        try (var db = TestDatabase.create()) {
            db.orders(1_000);
            // Both cover 2023-02-01 from 10:00 to 12:00 in UTC.
            var first = begun(db, dated("{ start: 2023-01-25, end: 2023-02-01 }", "Etc/GMT+12"));
            overlaps(db, dated("{ start: 2023-02-02, end: 2023-02-10 }", "Pacific/Kiritimati"), first);
        }
    }

    private static String dated(String range, String zone) {
        return TestDatabase.addOne()
                .replace("{ start: 2023-01-01, end: 2024-01-01 }", range + "\n    timezone: " + zone)
                .replace("chunk_by: month", "chunk_by: day");
    }

    @Test
    void aRunThatHadEndedLooksAgainInTheTransactionInWhichItBeginsToWork() throws Exception {
        try (var db = TestDatabase.create()) {
            db.orders(1_000);
            var ended = run(db, TestDatabase.addOne());
            var second = begun(db, TestDatabase.addOne());
            try (var session = db.database().open("test", Map.of())) {
                var run = RunTable.find(session, ended.run().id()).orElseThrow();
                assertThatThrownBy(() -> RunTable.move(session, run, RunState.ROLLING_BACK, () -> {}))
                        .hasMessageContaining("Run " + second.run().id());
                assertThat(RunTable.find(session, run.id()).orElseThrow().state())
                        .isEqualTo(RunState.SUCCEEDED);
            }
        }
    }

    @Test
    void aRunWhoseProcessDiedBeforeItBeganSaysHowToFreeItsRange() throws Exception {
        try (var db = TestDatabase.create()) {
            db.orders(1_000);
            db.backhoe().makeLedger();
            long left;
            try (var session = db.database().open("test", Map.of())) {
                left = NewRun.enter(
                        session,
                        db.plan(TestDatabase.addOne()),
                        "public.orders",
                        new Cause("a dead process", null),
                        false);
            }
            assertThatThrownBy(() -> run(db, TestDatabase.addOne()))
                    .isInstanceOf(BackhoeException.class)
                    .hasMessageContaining("no process executes it")
                    .hasMessageContaining("backhoe cancel " + left + " frees its range");

            db.backhoe().cancel(left, "test");
            assertThat(run(db, TestDatabase.addOne()).run().state()).isEqualTo(RunState.SUCCEEDED);
        }
    }

    private static String spec(String table) {
        return """
                backfill:
                  name: add_one
                  scope:
                    table: %s
                    date_column: at
                    date_range: { start: 2023-01-01, end: 2023-03-02 }
                  transform:
                    set: { n: "n + 1" }
                  strategy: { chunk_by: month, parallelism: 1, preserve_existing: false }
                """.formatted(table);
    }

    /** PAUSED after its first chunk. */
    private static RunReport begun(TestDatabase db, String spec) {
        var report = db.backhoe().run(db.plan(spec), new RunOptions(1, 1, "test"), new StopSignal(), RunListener.NONE);
        assertThat(report.run().state()).isEqualTo(RunState.PAUSED);
        return report;
    }

    private static RunReport run(TestDatabase db, String spec) {
        return db.backhoe().run(db.plan(spec), OPTIONS, new StopSignal(), RunListener.NONE);
    }

    private static void overlaps(TestDatabase db, String spec, RunReport other) {
        assertThatThrownBy(() -> run(db, spec))
                .isInstanceOfSatisfying(
                        BackhoeException.class, e -> assertThat(e.exit()).isEqualTo(ExitCode.CONFLICT))
                .hasMessageContaining("Run " + other.run().id() + " ");
    }
}
