package io.backhoe.backfill;

import static io.backhoe.backfill.TestDatabase.OPTIONS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backhoe.embedded.Version;
import io.backhoe.plan.Plan;
import io.backhoe.plan.PlanFile;
import io.backhoe.plan.PlannedChunk;
import io.backhoe.report.RunReport;
import io.backhoe.run.RunListener;
import io.backhoe.run.RunOptions;
import io.backhoe.run.StopSignal;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ChunkState;
import io.backhoe.value.ExitCode;
import io.backhoe.value.Key;
import io.backhoe.value.RunState;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every kind of chunk adds one to each row of its scope exactly once, stopped and resumed, and is taken back whole. */
class ChunkKindsTest {
    private static String addOne(String scope, String strategy) {
        return """
                backfill:
                  name: add_one
                  scope: { table: t%s }
                  transform:
                    set: { n: "n + 1" }
                  strategy: { %s, parallelism: 3, preserve_existing: false }
                """.formatted(scope, strategy);
    }

    private static final String YEAR = ", date_range: { start: 2023-01-01, end: 2024-01-01 }";

    /** Runs in two goes, checks that each row in scope got one, takes it back, and checks that nothing is left. */
    private static RunReport eachRowOnce(TestDatabase db, Plan plan, String inScope) throws SQLException {
        String before = db.one("SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM t");
        long total = db.number("SELECT sum(n) FROM t");
        long scope = db.number("SELECT count(*) FROM t WHERE " + inScope);
        assertThat(PlanFile.read(PlanFile.write(plan), "written").hash()).isEqualTo(plan.hash());

        var first = db.backhoe().run(plan, new RunOptions(1, 1, "test"), new StopSignal(), RunListener.NONE);
        var report = db.backhoe().resume(first.run().id(), OPTIONS, new StopSignal(), RunListener.NONE);

        assertThat(report.run().state()).isEqualTo(RunState.SUCCEEDED);
        assertThat(report.changed()).isEqualTo(scope);
        assertThat(db.number("SELECT sum(n) FROM t") - total).isEqualTo(scope);
        assertThat(db.number("SELECT count(*) FROM backhoe.before_image_"
                        + report.run().id() + " WHERE new_1 <> old_1 + 1"))
                .isZero();

        var undone = db.backhoe().rollback(report.run().id(), List.of(), OPTIONS, new StopSignal(), RunListener.NONE);
        assertThat(undone.run().state()).isEqualTo(RunState.ROLLED_BACK);
        assertThat(db.one("SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM t"))
                .isEqualTo(before);
        return report;
    }

    private static List<String> ids(Plan plan) {
        return plan.chunks().stream().map(PlannedChunk::id).toList();
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void stretchesOfANumericKeyNeedNoDate(Version version) throws Exception {
        try (var db = TestDatabase.on(version)) {
            db.sql("CREATE TABLE t AS SELECT CAST(i AS numeric) / 10 AS id, 0 AS n FROM generate_series(1, 20000) i");
            db.sql("ALTER TABLE t ADD PRIMARY KEY (id)");
            db.sql("ANALYZE t");

            Plan plan = db.plan(addOne("", "chunk_by: key, chunk_size: 2_000"));

            assertThat(ids(plan)).hasSize(10).startsWith("key-01", "key-02").endsWith("key-10");
            assertThat(plan.spec().scope().start()).isNull();
            var report = eachRowOnce(db, plan, "true");
            assertThat(report.chunks()).allSatisfy(c -> assertThat(c.changed()).isBetween(1_500L, 2_500L));
        }
    }

    @Test
    void stretchesOfAKeyMayHaveADateAsACondition() throws Exception {
        try (var db = TestDatabase.create()) {
            db.sql("""
                    CREATE TABLE t AS SELECT gen_random_uuid() AS id, date '2022-12-01' + i % 500 AS day, 0 AS n
                    FROM generate_series(1, 20000) i
                    """);
            db.sql("ALTER TABLE t ADD PRIMARY KEY (id)");
            db.sql("ANALYZE t");

            Plan plan = db.plan(addOne(YEAR, "chunk_by: auto, chunk_size: 5_000"));

            assertThat(plan.notes())
                    .anyMatch(n ->
                            n.startsWith("strategy.chunk_by: auto is key here: no index that can be walked begins"));
            assertThat(ids(plan)).containsExactly("key-1", "key-2", "key-3", "key-4");
            var report = eachRowOnce(db, plan, "day >= '2023-01-01' AND day < '2024-01-01'");
            assertThat(report.examined()).isEqualTo(20_000);
        }
    }

    @Test
    void textIsOrderedByTheServerWhereJavaWouldOrderItOtherwise() throws Exception {
        try (var db = TestDatabase.create()) {
            db.sql("CREATE COLLATION backwards (provider = icu, locale = 'en-u-kf-upper-kn-true')");
            db.sql("CREATE TABLE t (id text COLLATE backwards PRIMARY KEY, n integer NOT NULL DEFAULT 0)");
            db.sql("""
                    INSERT INTO t (id)
                    SELECT CASE i % 6 WHEN 0 THEN 'a' || i WHEN 1 THEN 'A' || i WHEN 2 THEN 'é' || i
                                      WHEN 3 THEN '"' || i || '\\' WHEN 4 THEN i || ', {x}' ELSE chr(9) || i || E'\\n''Ω' END
                    FROM generate_series(1, 6000) i
                    """);
            db.sql("ANALYZE t");

            Plan plan = db.plan(addOne("", "chunk_by: key, chunk_size: 75"));

            assertThat(plan.chunks()).hasSize(80);
            var keys = new ArrayList<String>();
            plan.chunks().forEach(c -> {
                Key upTo = c.extent().keys().upTo();
                if (upTo != null) {
                    keys.add(upTo.values().get(0));
                }
            });
            assertThat(keys)
                    .as("in the server's order, not in Java's")
                    .isNotEqualTo(keys.stream().sorted().toList());
            eachRowOnce(db, plan, "true");
        }
    }

    @Test
    void theFirstColumnsOfACompositeKeyMayBeEqual() throws Exception {
        try (var db = TestDatabase.create()) {
            db.sql("""
                    CREATE TABLE t (tenant text, number integer, "Ünï \"\"q\"\"" uuid DEFAULT gen_random_uuid(),
                                    n integer NOT NULL DEFAULT 0, PRIMARY KEY (tenant, number, "Ünï \"\"q\"\""))
                    """);
            db.sql("INSERT INTO t (tenant, number) SELECT 'one', i / 2000 FROM generate_series(0, 9999) i");
            db.sql("ANALYZE t");

            Plan plan = db.plan(addOne("", "chunk_by: key, chunk_size: 1_000"));

            assertThat(plan.chunks()).hasSize(10);
            eachRowOnce(db, plan, "true");
        }
    }

    @Test
    void aMonthThatIsTooLargeIsSplitAndOnesThatAreNotStayWhole() throws Exception {
        try (var db = TestDatabase.create()) {
            db.sql("CREATE TABLE t (id bigint PRIMARY KEY, at timestamptz NOT NULL, n integer NOT NULL DEFAULT 0)");
            db.sql("""
                    INSERT INTO t SELECT i, timestamptz '2023-01-01 00:00+00'
                        + CASE WHEN i <= 10000 THEN interval '10 months' + i * interval '3 minutes'
                               ELSE (i - 10000) * interval '3 hours' END
                    FROM generate_series(1, 12000) i
                    """);
            db.sql("CREATE INDEX ON t (at, id)");
            db.sql("ANALYZE t");

            Plan plan = db.plan(addOne(YEAR, "chunk_by: month, chunk_size: ~2_000 rows"));

            assertThat(ids(plan))
                    .startsWith("2023-01", "2023-02")
                    .contains("2023-11.p1", "2023-11.p5")
                    .endsWith("2023-12");
            var report = eachRowOnce(db, plan, "true");
            assertThat(report.chunks().stream().filter(c -> c.id().startsWith("2023-11.p")))
                    .allSatisfy(c -> assertThat(c.changed()).isBetween(1_200L, 3_000L));
        }
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void aPartitionIsAChunk(Version version) throws Exception {
        try (var db = TestDatabase.on(version)) {
            db.sql("CREATE TABLE t (id bigint, part integer, n integer NOT NULL DEFAULT 0, PRIMARY KEY (id))"
                    + " PARTITION BY HASH (id)");
            for (int i = 0; i < 4; i++) {
                db.sql("CREATE TABLE \"T Part " + i + "\" PARTITION OF t FOR VALUES WITH (MODULUS 4, REMAINDER " + i
                        + ")");
            }
            db.sql("INSERT INTO t (id, part) SELECT i, i % 7 FROM generate_series(1, 8000) i");
            db.sql("ANALYZE t");

            Plan plan = db.plan(addOne("", "chunk_by: auto"));

            assertThat(plan.notes()).anyMatch(n -> n.contains("auto is partition here"));
            assertThat(ids(plan)).containsExactly("T Part 0", "T Part 1", "T Part 2", "T Part 3");
            eachRowOnce(db, plan, "true");
        }
    }

    @Test
    void aBatchOnAPartitionCannotNameTheTableWithItsSchemaAndSaysWhatToWrite() throws Exception {
        try (var db = TestDatabase.create()) {
            db.sql("CREATE TABLE t (id bigint, n integer NOT NULL DEFAULT 0, PRIMARY KEY (id)) PARTITION BY HASH (id)");
            db.sql("CREATE TABLE p PARTITION OF t FOR VALUES WITH (MODULUS 1, REMAINDER 0)");
            String spec = addOne("", "chunk_by: partition");

            assertThatThrownBy(() -> db.plan(spec.replace("n + 1", "public.t.n + 1")))
                    .isInstanceOfSatisfying(
                            BackhoeException.class, e -> assertThat(e.code()).isEqualTo("expression_invalid"))
                    .hasMessageContaining("'set n'")
                    .hasMessageContaining("write t.column in place of public.t.column");
            assertThat(db.plan(spec.replace("n + 1", "t.n + 1")).chunks()).hasSize(1);
        }
    }

    @Test
    void anIndexThatIsPassedOverIsNamedInThePlan() throws Exception {
        try (var db = TestDatabase.create()) {
            db.sql("CREATE TABLE t (id bigint PRIMARY KEY, day date NOT NULL, n integer NOT NULL DEFAULT 0)");
            db.sql("CREATE INDEX down ON t (day DESC NULLS LAST)");

            assertThat(db.plan(addOne(YEAR, "chunk_by: year")).notes())
                    .anyMatch(n -> n.startsWith("Index down begins with day and cannot be walked"));
            db.sql("CREATE INDEX up ON t (day)");
            assertThat(db.plan(addOne(YEAR, "chunk_by: year")).notes()).noneMatch(n -> n.contains("Index down"));
        }
    }

    @Test
    void onlyPartitionsThatTheScopeTouchesAreChunksAndANewOneIsDrift() throws Exception {
        try (var db = TestDatabase.create()) {
            db.sql("CREATE TABLE t (id bigint, day date, n integer NOT NULL DEFAULT 0, PRIMARY KEY (day, id))"
                    + " PARTITION BY RANGE (day)");
            for (int year = 2021; year <= 2025; year++) {
                db.sql("CREATE TABLE t" + year + " PARTITION OF t FOR VALUES FROM ('" + year + "-01-01') TO ('"
                        + (year + 1) + "-01-01')");
            }
            db.sql("INSERT INTO t (id, day) SELECT i, date '2021-01-01' + i % 1800 FROM generate_series(1, 9000) i");
            db.sql("ANALYZE t");

            Plan plan = db.plan(addOne(
                    ", date_range: { start: 2022-03-01, end: 2024-02-01 }", "chunk_by: partition, chunk_size: 600"));

            assertThat(ids(plan))
                    .containsExactly(
                            "t2022.p1",
                            "t2022.p2",
                            "t2022.p3",
                            "t2023.p1",
                            "t2023.p2",
                            "t2023.p3",
                            "t2023.p4",
                            "t2024");
            eachRowOnce(db, plan, "day >= '2022-03-01' AND day < '2024-02-01'");

            db.sql("CREATE TABLE t2026 PARTITION OF t FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')");
            assertThatThrownBy(() -> db.backhoe().verify(plan)).isInstanceOfSatisfying(BackhoeException.class, e -> {
                assertThat(e.exit()).isEqualTo(ExitCode.DRIFTED);
                assertThat(e.getMessage()).contains("+ partition public.t2026 FOR VALUES");
            });
        }
    }

    @Test
    void hoursTileADayOnWhichTheClocksChange() throws Exception {
        try (var db = TestDatabase.create()) {
            db.sql("CREATE TABLE t (id bigint PRIMARY KEY, at timestamptz NOT NULL, n integer NOT NULL DEFAULT 0)");
            db.sql("""
                    INSERT INTO t SELECT i, timestamptz '2023-03-25 12:00+00' + i * interval '10 minutes'
                    FROM generate_series(1, 300) i
                    """);
            db.sql("CREATE INDEX ON t (at, id)");
            String spring = ", timezone: Europe/Stockholm, date_range: { start: 2023-03-26, end: 2023-03-27 }";

            Plan plan = db.plan(addOne(spring, "chunk_by: hour"));

            assertThat(ids(plan)).hasSize(23).doesNotContain("2023-03-26T02").contains("2023-03-26T03");
            eachRowOnce(db, plan, "at >= '2023-03-25 23:00Z' AND at < '2023-03-26 22:00Z'");
            String autumn = ", timezone: Europe/Stockholm, date_range: { start: 2023-10-29, end: 2023-10-30 }";
            Plan twice = db.plan(addOne(autumn, "chunk_by: hour"));
            assertThat(ids(twice)).hasSize(24);
            var two = Objects.requireNonNull(twice.chunks().get(2).extent().dates());
            assertThat(two.start()).isEqualTo("2023-10-29 00:00:00+00");
            assertThat(two.end()).isEqualTo("2023-10-29 02:00:00+00");
        }
    }

    @Test
    void aChunkWithoutRowsIsSkippedAndSaysWhy() throws Exception {
        try (var db = TestDatabase.create()) {
            db.sql("CREATE TABLE t (id bigint PRIMARY KEY, day date NOT NULL, n integer NOT NULL DEFAULT 0)");
            db.sql("INSERT INTO t VALUES (1, '2023-02-03'), (2, '2023-05-01')");
            db.sql("CREATE INDEX ON t (day, id)");

            var report = eachRowOnce(db, db.plan(addOne(YEAR, "chunk_by: quarter")), "true");

            assertThat(report.count(ChunkState.SUCCESS)).isEqualTo(2);
            assertThat(report.chunks().get(3).state()).isEqualTo(ChunkState.SKIPPED);
            assertThat(report.chunks().get(3).reason()).isEqualTo("empty");
        }
    }

    @Test
    void anEmptyTableByKeyIsOneChunkThatIsSkipped() throws Exception {
        try (var db = TestDatabase.create()) {
            db.sql("CREATE TABLE t (id bigint PRIMARY KEY, n integer)");

            var report =
                    db.backhoe().run(db.plan(addOne("", "chunk_by: key")), OPTIONS, new StopSignal(), RunListener.NONE);

            assertThat(report.run().state()).isEqualTo(RunState.SUCCEEDED);
            assertThat(report.chunks()).hasSize(1).allMatch(c -> c.state() == ChunkState.SKIPPED);
        }
    }

    @Test
    void autoTakesTheLongestPeriodThatIsNotTooLarge() throws Exception {
        try (var db = TestDatabase.create()) {
            db.orders(20_000);
            db.sql("ALTER TABLE orders RENAME TO t");

            Plan months = db.plan(addOne(YEAR, "chunk_by: auto, chunk_size: 2_000"));
            Plan days = db.plan(addOne(YEAR, "chunk_by: auto, chunk_size: 100"));

            assertThat(months.chunks()).hasSize(12);
            assertThat(months.notes()).anyMatch(n -> n.contains("auto is month here: 12 chunks, the largest of about"));
            assertThat(days.chunks()).hasSizeGreaterThanOrEqualTo(365);
            assertThat(days.spec().strategy().chunkBy().word()).isEqualTo("day");
        }
    }

    @Test
    void anHourOfADateIsRefused() throws Exception {
        try (var db = TestDatabase.create()) {
            db.sql("CREATE TABLE t (id bigint PRIMARY KEY, day date NOT NULL, n integer)");

            assertThatThrownBy(() -> db.plan(addOne(YEAR, "chunk_by: hour")))
                    .isInstanceOfSatisfying(BackhoeException.class, e -> {
                        assertThat(e.code()).isEqualTo("hour_of_a_date");
                        assertThat(e.exit()).isEqualTo(ExitCode.USAGE);
                    });
            assertThatThrownBy(() -> db.plan(addOne("", "chunk_by: partition")))
                    .isInstanceOfSatisfying(
                            BackhoeException.class, e -> assertThat(e.code()).isEqualTo("not_partitioned"));
        }
    }

    @Test
    void tenYearsByTheHourArePlannedWithEstimates() throws Exception {
        try (var db = TestDatabase.create()) {
            db.orders(5_000);
            db.sql("ALTER TABLE orders RENAME TO t");

            Plan plan = db.plan(addOne(
                    ", date_range: { start: 2015-01-01, end: 2025-01-01 }, date_column: order_date", "chunk_by: hour"));

            assertThat(plan.chunks()).hasSize(87_672);
            assertThat(plan.chunks().stream()
                            .filter(c -> c.id().startsWith("2023"))
                            .mapToLong(PlannedChunk::estimatedRows)
                            .sum())
                    .isBetween(4_000L, 20_000L);
            assertThat(IntStream.range(1, plan.chunks().size()))
                    .allMatch(i -> Objects.requireNonNull(
                                    plan.chunks().get(i - 1).extent().dates())
                            .end()
                            .equals(Objects.requireNonNull(
                                            plan.chunks().get(i).extent().dates())
                                    .start()));
        }
    }
}
