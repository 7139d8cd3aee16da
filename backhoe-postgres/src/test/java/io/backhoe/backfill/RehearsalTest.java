package io.backhoe.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.backhoe.PlanOptions;
import io.backhoe.embedded.Version;
import io.backhoe.plan.Forecast;
import io.backhoe.plan.Plan;
import io.backhoe.plan.PlanFile;
import io.backhoe.run.RunListener;
import io.backhoe.run.StopSignal;
import io.backhoe.spec.SpecFile;
import io.backhoe.spec.SpecOverrides;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import io.backhoe.value.RunState;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A plan that was tried on a few rows knows what it takes, and the table does not know that it was tried. */
class RehearsalTest {
    private static final String CATALOGS = """
            SELECT md5(string_agg(line, '|' ORDER BY line)) FROM (
                SELECT 'class ' || oid || relname || CAST(relkind AS text) || relnatts || relhasindex AS line FROM pg_class
                UNION ALL SELECT 'schema ' || oid || nspname FROM pg_namespace
                UNION ALL SELECT 'type ' || oid || typname FROM pg_type
                UNION ALL SELECT 'function ' || oid || proname FROM pg_proc
                UNION ALL SELECT 'sequence ' || schemaname || sequencename || coalesce(last_value, 0) FROM pg_sequences
                UNION ALL SELECT 'setting ' || setdatabase || setrole || array_to_string(setconfig, ',')
                FROM pg_db_role_setting) AS lines
            """;

    private final List<String> said = new ArrayList<>();

    private Plan rehearsed(TestDatabase db, String spec) {
        var read = SpecFile.read(spec, "test.yaml", SpecOverrides.NONE);
        return db.backhoe().plan(read.spec(), read.warnings(), new PlanOptions(true, said::add));
    }

    private static Forecast forecast(Plan plan) {
        return Objects.requireNonNull(plan.forecast());
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void leavesNothingBehindButDeadVersions(Version version) throws Exception {
        try (var db = TestDatabase.on(version)) {
            db.orders(20_000);
            db.sql("CREATE SEQUENCE numbers");
            for (String spec : List.of(TestDatabase.fillTier(), TestDatabase.addOne())) {
                String rows = db.digest("orders");
                String catalogs = db.one(CATALOGS);

                Plan plan = rehearsed(db, spec);

                assertThat(db.digest("orders")).isEqualTo(rows);
                assertThat(db.one(CATALOGS)).isEqualTo(catalogs);
                // A little more the second time: what was rolled back is still in the way.
                assertThat(forecast(plan).rehearsedRows()).isBetween(600L, 660L);
            }
            assertThat(said)
                    .hasSize(2)
                    .allSatisfy(
                            line -> assertThat(line).matches("rehearsing 3 batches of 2[0-9]{2} rows; rolled back"));
            assertThat(db.number("SELECT count(*) FROM pg_locks WHERE relation = CAST('orders' AS regclass)"
                            + " AND pid <> pg_backend_pid()"))
                    .isZero();
        }
    }

    @Test
    void leavesNothingBehindWhereThereIsALedger() throws Exception {
        try (var db = TestDatabase.create()) {
            db.orders(20_000);
            db.backhoe().makeLedger();
            String rows = db.digest("orders");
            String catalogs = db.one(CATALOGS);

            Plan plan = rehearsed(db, TestDatabase.fillTier());

            assertThat(forecast(plan).rehearsed()).isTrue();
            assertThat(db.digest("orders")).isEqualTo(rows);
            assertThat(db.one(CATALOGS)).isEqualTo(catalogs);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"chunk_by: key", "chunk_by: year"})
    void oneLargeChunkIsTriedInItsThirdsAndNotAtItsBeginning(String how) throws Exception {
        try (var db = TestDatabase.create()) {
            db.orders(200_000);
            // Before the middle nothing is missing, and the column's statistics know of none of that.
            db.sql("UPDATE orders SET tier = CASE WHEN id <= 99000 THEN 'kept' END");
            db.sql("VACUUM orders");

            var forecast = forecast(rehearsed(db, TestDatabase.fillTier().replace("chunk_by: month", how)));

            assertThat(forecast.rehearsedRows()).isEqualTo(1_500);
            assertThat(forecast.rowsChanged().holds(101_000))
                    .as(forecast.toString())
                    .isTrue();
        }
    }

    @Test
    void saysBeforehandThatADeadlineCannotBeMet() throws Exception {
        try (var db = TestDatabase.create()) {
            db.orders(20_000);
            var now = LocalDateTime.now(ZoneOffset.UTC).truncatedTo(ChronoUnit.MINUTES);
            var opens = now.plusHours(6).toLocalTime();
            String spec = TestDatabase.fillTier() + "  run_between: \"" + opens + "-" + opens.plusMinutes(1) + "\"\n";

            assertThat(rehearsed(db, spec + "  deadline: 2020-01-01 06:00\n").notes())
                    .contains("deadline 2020-01-01T06:00 UTC has passed already.");
            assertThat(rehearsed(db, spec + deadline(now.plusHours(3))).notes())
                    .anyMatch(note -> note.contains("cannot be met, even if it begins now: 0 s are left for work"));
            assertThat(rehearsed(db, spec + deadline(now.plusHours(9))).notes())
                    .noneMatch(note -> note.contains("cannot be met"))
                    .anyMatch(
                            note -> note.matches("deadline .*: [\\d,]+ rows/s are needed, [\\d,]+ to [\\d,]+ rows/s are"
                                    + " forecast when nothing holds it back, if it begins now."));
        }
    }

    private static String deadline(LocalDateTime time) {
        return "  deadline: \"" + time.toString().replace('T', ' ') + " UTC\"\n";
    }

    @Test
    void doesNotWaitForAnotherThatIsInTheMiddleOfItsOwn() throws Exception {
        try (var db = TestDatabase.create();
                var other = db.connect();
                var statement = other.createStatement()) {
            db.orders(20_000);
            other.setAutoCommit(false);
            statement.execute("CREATE SCHEMA backhoe");

            Plan plan = rehearsed(db, TestDatabase.fillTier());

            assertThat(forecast(plan).rehearsed()).isTrue();
            assertThat(plan.notes()).noneMatch(note -> note.contains("was not rehearsed"));
            other.rollback();
        }
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void forecastsTheRowsThatTheRunThenChanges(Version version) throws Exception {
        try (var db = TestDatabase.on(version)) {
            db.orders(20_000);
            Plan plan = rehearsed(db, TestDatabase.fillTier());
            var forecast = forecast(plan);

            var report = db.backhoe().run(plan, TestDatabase.OPTIONS, new StopSignal(), RunListener.NONE);

            assertThat(report.run().state()).isEqualTo(RunState.SUCCEEDED);
            assertThat((double) forecast.rowsExamined()).isCloseTo(20_000, within(2_000.0));
            assertThat(forecast.rowsChanged().holds(19_600)).as("%s", forecast).isTrue();
            long images = db.number("SELECT pg_relation_size('backhoe.before_image_1')");
            assertThat((double) forecast.imageBytes()).isCloseTo(images, within(0.25 * images));
        }
    }

    @Test
    void isKeptInThePlanFileWithHowTheServerWouldExecuteIt() throws Exception {
        try (var db = TestDatabase.create()) {
            db.orders(20_000);
            Plan plan = rehearsed(db, TestDatabase.addOne());

            Plan read = PlanFile.read(PlanFile.write(plan), "p.yaml");

            assertThat(read).isEqualTo(plan);
            assertThat(read.hash()).isEqualTo(db.plan(TestDatabase.addOne()).hash());
            assertThat(read.explain()).containsKeys("boundary", "write");
            assertThat(read.explain().get("write"))
                    .contains("orders_by_date", ":upto_1")
                    .doesNotContain("2023-");
        }
    }

    @Test
    void isLeftOutWhereTriggersFire() throws Exception {
        try (var db = TestDatabase.create()) {
            db.orders(2_000);
            db.sql("CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'");
            db.sql("CREATE TRIGGER touch BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION f()");

            var forecast = forecast(rehearsed(db, TestDatabase.fillTier()));

            assertThat(forecast.rehearsed()).isFalse();
            assertThat(forecast.notRehearsed()).contains("triggers fire for each row (touch)");
            assertThat(said).singleElement().asString().startsWith("not rehearsed: triggers");
        }
    }

    @Test
    void isLeftOutWhereASequenceWouldMove() throws Exception {
        try (var db = TestDatabase.create()) {
            db.orders(2_000);
            db.sql("CREATE SEQUENCE numbers");
            String spec = TestDatabase.fillTier().replace("'t' || n", "'t' || nextval('numbers')");

            var forecast = forecast(rehearsed(db, spec));

            assertThat(forecast.notRehearsed()).contains("nextval()");
            assertThat(db.one("SELECT last_value FROM pg_sequences WHERE sequencename = 'numbers'"))
                    .isNull();
        }
    }

    @Test
    void aRowThatCannotBeChangedIsANoteAndNotACrash() throws Exception {
        try (var db = TestDatabase.create()) {
            db.orders(12_000);
            db.sql("ALTER TABLE orders ADD COLUMN divisor integer NOT NULL DEFAULT 1");
            db.sql("UPDATE orders SET divisor = 0 WHERE id % 100 = 0");

            Plan plan = rehearsed(db, TestDatabase.addOne().replace("n + 1", "n + 10 / divisor"));

            assertThat(plan.notes())
                    .anySatisfy(note -> assertThat(note).contains("SQLSTATE 22012", "a row that cannot be changed"));
            assertThat(forecast(plan).rehearsed()).isTrue();
        }
    }

    @Test
    void refusesWhenNoRowCanBeChanged() throws Exception {
        try (var db = TestDatabase.create()) {
            db.orders(12_000);
            db.sql("ALTER TABLE orders ADD CONSTRAINT small CHECK (n < 100)");
            String before = db.digest("orders");

            assertThatThrownBy(() -> rehearsed(db, TestDatabase.addOne().replace("n + 1", "n + 1000")))
                    .isInstanceOfSatisfying(BackhoeException.class, e -> {
                        assertThat(e.exit()).isEqualTo(ExitCode.REFUSED);
                        assertThat(e.code()).isEqualTo("rehearsal_failed");
                        assertThat(e.getMessage()).contains("SQLSTATE 23514").doesNotContain("Failing row");
                    });
            assertThat(db.digest("orders")).isEqualTo(before);
        }
    }

    @Test
    void refusesAJoinThatFindsSeveralRows() throws Exception {
        String spec = TestDatabase.addOne()
                .replace(
                        "set: { n: \"n + 1\" }",
                        "set: { n: \"twice.n\", m: \"twice.n\" }\n    from: twice\n    \"on\": \"twice.id = orders.id\"");
        try (var db = TestDatabase.on(Version.OLDEST)) {
            db.orders(12_000);
            db.sql("ALTER TABLE orders ADD COLUMN m integer");
            db.sql("CREATE TABLE twice AS SELECT id, 7 AS n FROM orders UNION ALL SELECT id, 8 FROM orders");
            db.sql("CREATE INDEX ON twice (id)");
            db.sql("ANALYZE twice");

            assertThatThrownBy(() -> rehearsed(db, spec))
                    .isInstanceOfSatisfying(
                            BackhoeException.class, e -> assertThat(e.code()).isEqualTo("match_not_unique"));
        }
    }

    @Test
    void doesNotWaitForRowsThatOthersHold() throws Exception {
        try (var db = TestDatabase.create();
                var other = db.connect();
                var statement = other.createStatement()) {
            db.orders(20_000);
            other.setAutoCommit(false);
            statement.execute("SELECT FROM orders FOR UPDATE");

            Plan plan = rehearsed(db, TestDatabase.fillTier());

            assertThat(forecast(plan).notRehearsed()).isEqualTo("no batch could be tried");
            assertThat(plan.notes())
                    .filteredOn(n -> n.contains("others held what it needs"))
                    .hasSize(3);
            other.rollback();
        }
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void triesStretchesOfKeysAndPartitionsToo(Version version) throws Exception {
        try (var db = TestDatabase.on(version)) {
            db.sql("CREATE TABLE t (id bigint NOT NULL, day date NOT NULL, n integer NOT NULL, PRIMARY KEY (id, day))"
                    + " PARTITION BY RANGE (day)");
            db.sql("CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM ('2023-01-01') TO ('2023-07-01')");
            db.sql("CREATE TABLE t_2 PARTITION OF t FOR VALUES FROM ('2023-07-01') TO ('2024-01-01')");
            db.sql("INSERT INTO t SELECT i, date '2023-01-01' + i % 365, 1 FROM generate_series(1, 20000) i");
            db.sql("ANALYZE t");
            String rows = db.digest("t");
            for (String chunks : List.of("chunk_by: partition", "chunk_by: key, chunk_size: 4_000")) {
                var forecast = forecast(rehearsed(db, """
                        backfill:
                          name: add_one
                          scope: { table: t }
                          transform: { set: { n: "n + 1" } }
                          strategy: { %s, preserve_existing: false }
                        """.formatted(chunks)));

                assertThat(forecast.rehearsed()).as("%s", forecast).isTrue();
                assertThat(forecast.rowsChanged().holds(20_000))
                        .as("%s", forecast)
                        .isTrue();
            }
            assertThat(db.digest("t")).isEqualTo(rows);
        }
    }
}
