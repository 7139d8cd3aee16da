package io.backhoe.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backhoe.assess.AssessOptions;
import io.backhoe.assess.GapMap;
import io.backhoe.check.Effort;
import io.backhoe.embedded.Version;
import io.backhoe.ledger.CheckRecord;
import io.backhoe.ledger.ChunkRecord;
import io.backhoe.report.MarkdownReport;
import io.backhoe.report.RunReport;
import io.backhoe.run.RunListener;
import io.backhoe.run.StopSignal;
import io.backhoe.spec.Spec;
import io.backhoe.spec.SpecFile;
import io.backhoe.spec.SpecOverrides;
import io.backhoe.undo.Conflict;
import io.backhoe.undo.UndoOptions;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.CheckVerdict;
import io.backhoe.value.ChunkState;
import io.backhoe.value.ExitCode;
import io.backhoe.value.OnConflict;
import io.backhoe.value.RunState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rows that a table lacks are inserted, and nothing that is there is touched. */
class GapFillTest {
    private static final int PER_DAY = 20;

    private TestDatabase db;
    private GapScene scene;

    @BeforeEach
    void payments() throws SQLException {
        db = TestDatabase.create();
        scene = new GapScene(db, PER_DAY);
    }

    @AfterEach
    void drop() throws SQLException {
        db.close();
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void insertsWhatIsMissingAndTakesExactlyThatBack(Version version) throws Exception {
        try (var own = TestDatabase.on(version)) {
            var payments = new GapScene(own, PER_DAY);
            String versions = versions(own);
            var plan = payments.plan(GapScene.SPEC);

            assertThat(plan.sql().write()).contains("ON CONFLICT (id) DO NOTHING");
            assertThat(plan.notes())
                    .anySatisfy(note -> assertThat(note)
                            .startsWith("Gap map: the query yields 1,820 rows, of which the table lacks 890: "
                                    + "2024-02 (580 of 580), 2024-03 (310 of 620)"));
            var report = payments.run(GapScene.SPEC);

            assertThat(report.run().state()).isEqualTo(RunState.SUCCEEDED);
            assertThat(report.changed()).isEqualTo(payments.missing()).isEqualTo(890);
            assertThat(report.examined()).isEqualTo(91 * PER_DAY);
            assertThat(own.number("SELECT count(*) FROM sent s JOIN received r USING (id)"
                            + " WHERE r.day = s.day AND r.amount = s.amount"))
                    .isEqualTo(91 * PER_DAY);
            assertThat(versions(own)).as("rows that were there").isEqualTo(versions);
            assertThat(check(report, "verify_no_gaps").evidence())
                    .isEqualTo("none of 1,820 rows that the query yields is missing; this run inserted 890 rows");

            var undone = payments.undo(report, UndoOptions.ALL);
            assertThat(undone.run().state()).isEqualTo(RunState.ROLLED_BACK);
            assertThat(undone.restored()).isEqualTo(890);
            assertThat(own.digest("received")).isEqualTo(own.digest("original"));
            assertThat(versions(own)).isEqualTo(versions);
        }
    }

    private static String versions(TestDatabase db) throws SQLException {
        return db.one(
                "SELECT md5(string_agg(xmin::text || ctid::text, ',' ORDER BY id)) FROM received WHERE note = 'there'");
    }

    @Test
    void aSecondRunFindsNothingToDo() {
        scene.run(GapScene.SPEC);
        var again = scene.run(GapScene.SPEC);

        assertThat(again.run().state()).isEqualTo(RunState.SUCCEEDED);
        assertThat(again.changed()).isZero();
    }

    @Test
    void whatSomebodyChangedSinceStaysAndWhatIsGoneIsAsItWas() throws Exception {
        var report = scene.run(GapScene.SPEC);
        // Also in a column that the run left to its default.
        db.sql("UPDATE received SET note = 'mine' WHERE day = '2024-02-03'");
        db.sql("UPDATE received SET amount = amount + 1 WHERE day = '2024-02-04'");
        db.sql("DELETE FROM received WHERE day = '2024-02-05'");

        var conflicts = new ArrayList<Conflict>();
        assertThat(db.backhoe().conflicts(report.run().id(), List.of(), conflicts::add))
                .isEqualTo(2 * PER_DAY);
        assertThat(conflicts).allSatisfy(conflict -> {
            assertThat(conflict.there()).isTrue();
            assertThat(conflict.values().get(0).before()).isNull();
        });
        var undone = scene.undo(report, UndoOptions.ALL);

        assertThat(undone.run().state()).isEqualTo(RunState.ROLLBACK_PARTIAL);
        assertThat(undone.kept()).isEqualTo(2 * PER_DAY);
        assertThat(undone.restored()).isEqualTo(890 - 2 * PER_DAY);
        assertThat(db.number("SELECT count(*) FROM received WHERE note <> 'there'"))
                .isEqualTo(2 * PER_DAY);
        assertThat(db.number("SELECT count(*) FROM received WHERE note = 'mine'"))
                .isEqualTo(PER_DAY);

        var overwritten = scene.undo(report, new UndoOptions(List.of(), OnConflict.OVERWRITE));
        assertThat(overwritten.run().state()).isEqualTo(RunState.ROLLED_BACK);
        assertThat(db.digest("received")).isEqualTo(db.digest("original"));
    }

    @Test
    void aRowThatOthersReferToIsKept() throws Exception {
        var report = scene.run(GapScene.SPEC);
        db.sql("CREATE TABLE refunds (payment bigint REFERENCES received (id))");
        db.sql("INSERT INTO refunds SELECT id FROM received WHERE day = '2024-02-07' AND id % 10 = 0");

        var undone = scene.undo(report, UndoOptions.ALL);

        assertThat(undone.run().state()).isEqualTo(RunState.ROLLBACK_PARTIAL);
        assertThat(undone.kept()).isEqualTo(2);
        assertThat(undone.restored()).isEqualTo(888);
        assertThat(db.number("SELECT count(*) FROM refunds JOIN received ON id = payment"))
                .isEqualTo(2);
    }

    @Test
    void nothingIsTakenBackWhereThatWouldTakeOthersRowsWithIt() throws Exception {
        var report = scene.run(GapScene.SPEC);
        db.sql("CREATE TABLE refunds (payment bigint REFERENCES received (id) ON DELETE CASCADE)");

        assertThatThrownBy(() -> scene.undo(report, UndoOptions.ALL))
                .isInstanceOfSatisfying(BackhoeException.class, e -> {
                    assertThat(e.code()).isEqualTo("undo_would_cascade");
                    assertThat(e.exit()).isEqualTo(ExitCode.REFUSED);
                    assertThat(e.hint()).contains("ON DELETE NO ACTION");
                })
                .hasMessageContaining("refunds_payment_fkey of refunds")
                .hasMessageContaining("Nothing was changed");
        assertThat(scene.plan(GapScene.SPEC).notes())
                .anySatisfy(
                        note -> assertThat(note).contains("refunds_payment_fkey of refunds", "cannot be rolled back"));
    }

    @Test
    void whatTheServerRefusesIsSetAsideAndTheGapMapSaysWhy() throws Exception {
        db.sql("ALTER TABLE received ADD CHECK (amount <> 1250)");

        var report = scene.run(GapScene.SPEC);

        assertThat(report.run().state()).isEqualTo(RunState.FAILED);
        assertThat(report.changed()).isEqualTo(889);
        assertThat(report.quarantined()).isEqualTo(1);
        var check = check(report, "verify_no_gaps");
        assertThat(check.verdict()).isEqualTo(CheckVerdict.FAILS);
        assertThat(check.evidence())
                .isEqualTo("the table lacks 1 row of 1,820 rows that the query yields: 2024-02 (1 of 580); the server"
                        + " refused 1 row with SQLSTATE 23514, which were set aside");
        assertThat(db.one(String.valueOf(check.sql()).replaceAll(";$", ""))).isEqualTo("580");
    }

    @Test
    void onlyPeriodsWithoutAnyRowAreFilledWhereEachIsExpectedToHaveSome() throws Exception {
        String spec = GapScene.spec("type: gap_fill, chunk_by: month", "type: gap_fill, expect: every_day");
        db.sql("DELETE FROM received WHERE day = '2024-01-05'");
        db.sql("DELETE FROM sent WHERE day = '2024-01-05'");
        var plan = scene.plan(spec);
        assertThat(plan.chunks()).hasSize(30);
        assertThat(plan.chunks().get(1).id()).isEqualTo("2024-02-01");
        assertThat(plan.notes()).anySatisfy(note -> assertThat(note).startsWith("Of 91 periods (day) 30 have no rows"));
        // Somebody is faster with one row of a day that was empty when it was planned.
        db.sql("INSERT INTO received SELECT id, day, 7, 'live' FROM sent WHERE day = '2024-02-10' ORDER BY id LIMIT 1");

        var report = db.backhoe().run(plan, TestDatabase.OPTIONS, new StopSignal(), RunListener.NONE);

        assertThat(report.changed()).isEqualTo(29 * PER_DAY - 1);
        assertThat(db.number("SELECT count(*) FROM received WHERE note = 'live' AND amount = 7"))
                .isEqualTo(1);
        assertThat(db.number("SELECT count(*) FROM received WHERE day >= '2024-03-01'"))
                .isEqualTo(31 * PER_DAY / 2);
        assertThat(report.count(ChunkState.SKIPPED)).isEqualTo(1);
        assertThat(check(report, "verify_no_gaps").evidence())
                .isEqualTo("no row at all is there in 2024-01-05: the query yields none");

        db.sql("INSERT INTO received VALUES (-1, '2024-01-05', 1, 'live')");
        assertThat(verify(report).verdict()).isEqualTo(CheckVerdict.HOLDS);
        assertThatThrownBy(() -> scene.plan(spec))
                .isInstanceOfSatisfying(
                        BackhoeException.class, e -> assertThat(e.code()).isEqualTo("nothing_missing"))
                .hasMessageContaining("Every day of the scope has rows");
    }

    @Test
    void withoutAUniqueIndexOthersAreKeptOutForABatch() throws Exception {
        db.sql("CREATE TABLE visits (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, day date NOT NULL,"
                + " shop integer NOT NULL, visitors integer)");
        db.sql("CREATE INDEX ON visits (day, shop)");
        db.sql("INSERT INTO visits (day, shop, visitors) SELECT date '2024-01-01' + i, s, 5"
                + " FROM generate_series(0, 30) i, generate_series(1, 3) s");
        String before = db.digest("visits");
        String spec = GapScene.spec(
                "table: received",
                "table: visits",
                "SELECT id, day, amount FROM sent",
                "SELECT day, s AS shop, 9 AS visitors FROM (SELECT DISTINCT day FROM sent) d, (VALUES (1), (2), (3),"
                        + " (3), (NULL)) v (s)\n    key: [day, shop]");
        var plan = scene.plan(spec);

        assertThat(plan.sql().lock()).isEqualTo("LOCK TABLE public.visits IN SHARE ROW EXCLUSIVE MODE");
        assertThat(plan.notes()).anySatisfy(note -> assertThat(note).startsWith("No unique index is over (day, shop)"));
        var report = scene.run(spec);

        assertThat(report.changed()).isEqualTo(60 * 3);
        assertThat(db.number("SELECT count(*) - count(DISTINCT (day, shop)) FROM visits"))
                .isZero();
        assertThat(check(report, "verify_no_gaps").evidence())
                .isEqualTo(
                        "91 rows of the query cannot be told from others, because a column of the key is NULL, and are"
                                + " never inserted");
        scene.undo(report, UndoOptions.ALL);
        assertThat(db.digest("visits")).isEqualTo(before);
    }

    @Test
    void rowsOutsideOfTheScopeAreNeverInserted() throws Exception {
        db.sql("INSERT INTO sent SELECT 100000 + i, date '2024-04-01' + i, 1 FROM generate_series(-200, 200) i"
                + " WHERE i < -91 OR i >= 0");

        var report = scene.run(GapScene.SPEC);

        assertThat(report.changed()).isEqualTo(890);
        assertThat(db.number("SELECT count(*) FROM received WHERE id >= 99000")).isZero();
    }

    @Test
    void aQueryThatTheRangeDoesNotReachIntoIsTold() throws Exception {
        try (var own = TestDatabase.create()) {
            var large = new GapScene(own, 2_000);
            String weeks = GapScene.spec("chunk_by: month", "chunk_by: week");
            String numbered = weeks.replace(
                    "amount FROM sent", "amount FROM (SELECT *, row_number() OVER (ORDER BY id) AS n FROM sent) s");

            assertThat(large.plan(numbered).notes())
                    .anySatisfy(
                            note -> assertThat(note).startsWith("The range of a chunk does not reach into the query"));
            assertThat(large.plan(weeks).notes())
                    .noneSatisfy(note -> assertThat(note).startsWith("The range of a chunk"));
        }
    }

    @Test
    void theExampleFillsAndCanBeTakenBack() throws Exception {
        db.sql("CREATE SCHEMA shop");
        db.sql("CREATE TABLE bank_statement (reference text PRIMARY KEY, booked_on date, amount numeric, kind text)");
        db.sql("INSERT INTO bank_statement SELECT 'r' || i, date '2023-12-25' + i % 100, i, 'incoming'"
                + " FROM generate_series(1, 1000) i");
        db.sql(
                "CREATE TABLE shop.payments (id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,"
                        + " reference text NOT NULL UNIQUE, day date NOT NULL, amount numeric(12,2), imported_at timestamptz DEFAULT now())");
        db.sql("INSERT INTO shop.payments (reference, day, amount) SELECT reference, booked_on, 0 FROM bank_statement"
                + " WHERE booked_on < '2024-02-10'");
        String before = db.digest("shop.payments");

        var report = scene.run(Files.readString(Path.of("..", "examples", "gap_fill", "payments.yaml")));

        assertThat(report.run().state()).isEqualTo(RunState.SUCCEEDED);
        assertThat(report.changed())
                .isEqualTo(db.number(
                        "SELECT count(*) FROM bank_statement WHERE booked_on BETWEEN '2024-02-10' AND '2024-03-31'"));
        scene.undo(report, UndoOptions.ALL);
        assertThat(db.digest("shop.payments")).isEqualTo(before);
    }

    @Test
    void assessShowsWhereRowsAreMissing() throws Exception {
        var assessment = db.backhoe().assess(read(GapScene.SPEC), AssessOptions.DEFAULT);
        GapMap gaps = assessment.gaps();

        assertThat(assessment.blockersAndDoubts()).isEmpty();
        assertThat(gaps).isNotNull();
        assertThat(gaps.total()).isEqualTo(1_820);
        assertThat(gaps.missing()).isEqualTo(890);

        var days = db.backhoe()
                .assess(
                        read(GapScene.spec("type: gap_fill, chunk_by: month", "type: gap_fill, expect: every_day")),
                        AssessOptions.DEFAULT)
                .gaps();
        assertThat(days).isNotNull();
        assertThat(days.total()).isEqualTo(91);
        assertThat(days.missing()).isEqualTo(29);

        var broken = db.backhoe()
                .assess(read(GapScene.spec("amount FROM sent", "amount AS amont FROM sent")), AssessOptions.DEFAULT);
        assertThat(broken.blockersAndDoubts())
                .anySatisfy(f -> assertThat(f.code()).isEqualTo("query_column_unknown"));
    }

    @Test
    void theReportSetsWhatWasMissingBesideWhatWasInserted() throws Exception {
        var report = scene.run(GapScene.SPEC);
        var account = db.backhoe().account(report.run().id());

        String page = MarkdownReport.write(account, "");

        assertThat(page)
                .contains("## Gaps", "         J F M A M J J A S O N D  J F M A M J J A S O N D")
                .contains("2024     . # 5                    . . .\n")
                .containsPattern("2024-02 \\| +580 \\| +580 \\| +580 \\| +0 \\| +0");
    }

    @Test
    void rowsOfOneKeyAreMissingOnce() {
        var report = scene.run(GapScene.spec("amount FROM sent", "amount FROM sent, (VALUES (1), (2)) twice (n)"));

        assertThat(report.changed()).isEqualTo(890);
        assertThat(check(report, "verify_no_gaps").evidence())
                .isEqualTo("none of 1,820 rows that the query yields is missing; this run inserted 890 rows");
        assertThat(MarkdownReport.write(db.backhoe().account(report.run().id()), ""))
                .contains("2024     . # 5                    . . .\n")
                .containsPattern("2024-02 \\| +580 \\| +580 \\| +580 \\| +0 \\| +0");
    }

    @Test
    void theReportDrawsDaysByMonthAndWhatIsNoPeriodInItsOrder() {
        var days = scene.run(GapScene.spec("chunk_by: month", "chunk_by: day"));
        assertThat(MarkdownReport.write(db.backhoe().account(days.run().id()), ""))
                .contains("a sign for each period")
                .contains("2024-02  #############################    .............................\n")
                .contains("2024-03  5555555555555555555555555555555  ...............................\n");

        var weeks = scene.run(GapScene.spec("chunk_by: month", "chunk_by: week"));
        assertThat(MarkdownReport.write(db.backhoe().account(weeks.run().id()), ""))
                .contains("a sign for each chunk in its order", "before  .............");
    }

    @Test
    void oneEmptyWeekAMonthIsNoMonth() throws Exception {
        db.sql("DELETE FROM received");
        db.sql("INSERT INTO received SELECT -i, date '2024-01-01' + i, 1, 'x' FROM generate_series(0, 90) i"
                + " WHERE i / 7 NOT IN (1, 10)");

        var weeks = scene.run(GapScene.spec("chunk_by: month", "expect: every_week"));

        assertThat(weeks.chunks()).extracting(ChunkRecord::id).containsExactly("2024-W02", "2024-W11");
        assertThat(MarkdownReport.write(db.backhoe().account(weeks.run().id()), ""))
                .contains("a sign for each chunk in its order", "before  ##", "after   ..");
    }

    private static Spec read(String spec) {
        return SpecFile.read(spec, "test.yaml", SpecOverrides.NONE).spec();
    }

    private static CheckRecord check(RunReport report, String name) {
        return report.checks().stream()
                .filter(c -> c.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private CheckRecord verify(RunReport report) {
        return db.backhoe()
                .verify(report.run().id(), "verify_no_gaps", Effort.USUAL)
                .get(0);
    }
}
