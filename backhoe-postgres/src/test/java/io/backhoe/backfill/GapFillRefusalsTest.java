package io.backhoe.backfill;

import static io.backhoe.backfill.TestDatabase.OPTIONS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.backhoe.plan.Plan;
import io.backhoe.report.RunReport;
import io.backhoe.run.RunListener;
import io.backhoe.run.StopSignal;
import io.backhoe.spec.InvalidSpec;
import io.backhoe.undo.UndoOptions;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import io.backhoe.value.OnConflict;
import io.backhoe.value.RunState;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What a gap_fill cannot do is said before anything is written, with what mends it. */
class GapFillRefusalsTest {
    private static final String QUERY = "SELECT id, day, amount FROM sent";
    private static final String STRATEGY = "strategy: { type: gap_fill, chunk_by: month, parallelism: 2 }";

    private TestDatabase db;
    private GapScene scene;

    @BeforeEach
    void payments() throws SQLException {
        db = TestDatabase.create();
        scene = new GapScene(db, 5);
    }

    @AfterEach
    void drop() throws SQLException {
        db.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            SELECT id, day, amont FROM sent                 | query_invalid        | column "amont" does not exist
            SELECT id, day, amount AS amont FROM sent       | query_column_unknown | Did you mean amount?
            SELECT id, amount FROM sent                     | query_column_missing | does not yield column day (scope.date_column)
            SELECT day, amount FROM sent                    | query_key_missing    | name in transform.key
            SELECT id, id, day, amount FROM sent            | query_invalid        | yields two columns named id
            SELECT id, day, 'much'::text AS amount FROM sent| query_unfit          | column "amount" is of type numeric
            DELETE FROM sent RETURNING id, day, amount      | query_invalid        | is refused by the server
            SELECT id, day, random() AS amount FROM sent    | query_volatile       | calls random()
            """)
    void aQueryThatDoesNotFitIsRefused(String query, String code, String said) throws SQLException {
        var refusal = refusal(GapScene.spec(QUERY, "\"" + query.replace("\"", "\\\"") + "\""));

        assertThat(refusal.code()).isEqualTo(code);
        assertThat(refusal.getMessage() + refusal.hint()).contains(said);
        assertThat(refusal.getMessage()).contains("Nothing was changed");
        assertThat(db.digest("received")).isEqualTo(db.digest("original"));
    }

    @Test
    void aColumnThatTheServerComputesIsNotInserted() throws SQLException {
        db.sql("ALTER TABLE received ADD twice numeric GENERATED ALWAYS AS (amount * 2) STORED");

        assertThat(refusal(GapScene.spec(QUERY, "SELECT id, day, amount, 1 AS twice FROM sent"))
                        .code())
                .isEqualTo("column_not_settable");
        assertThat(scene.run(GapScene.spec(
                                QUERY, "SELECT id, day, amount, 1 AS twice FROM sent\n    columns: [id, day, amount]"))
                        .changed())
                .isEqualTo(scene.missing());
    }

    @Test
    void withoutAnyKeyARowCouldNotBeTakenBack() throws SQLException {
        db.sql("ALTER TABLE received DROP CONSTRAINT received_pkey");

        assertThat(refusal(GapScene.spec(QUERY, QUERY + "\n    key: [id]")).code())
                .isEqualTo("no_key");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            preserve_existing: false    | never touches a row that is there
            chunk_size: 1000            | chunk_size does not go with transform.query
            chunk_by: key               | its chunks are periods
            expect: every_fortnight     | every_day
            """)
    void whatDoesNotGoWithItIsAProblemOfTheFile(String strategy, String said) {
        String key = strategy.substring(0, strategy.indexOf(':'));
        String others = key.equals("chunk_by") ? "" : ", chunk_by: month";

        assertThat(problems(GapScene.spec(STRATEGY, "strategy: { type: gap_fill" + others + ", " + strategy + " }")))
                .contains(said);
    }

    @Test
    void allThatIsWrongWithAFileIsToldAtOnce() {
        String problems = problems(GapScene.spec(
                QUERY,
                "SELECT 1; SELECT 2\n    set: { amount: \"1\" }\n    from: x\n    timeout: 1m\n    kept: [amount]",
                "date_range:",
                "where: \"true\"\n    date_range:",
                STRATEGY,
                """
                        strategy: { type: gap_fill, expect: every_day, chunk_by: month }
                          rollback: { strategy: restore_from_backup, backup_location: /backups }
                          execution:
                            pre_checks: [capture_baseline_metrics]
                            post_checks: [verify_row_count_unchanged, verify_no_nulls_in_amount]
                        """));

        assertThat(problems)
                .contains("the query has a semicolon")
                .contains(
                        "transform.set: does not go with transform.query",
                        "transform.from: does not",
                        "transform.timeout: does")
                .contains("transform.kept: belongs to a plan")
                .contains("is day with expect: every_day")
                .contains("where does not go with transform.query")
                .contains("restore_from_backup does not go with transform.query")
                .contains("verify_row_count_unchanged does not fit here: rows are inserted")
                .contains("verify_no_nulls_in_amount does not fit here", "capture_baseline_metrics does not fit here");
    }

    @Test
    void aQueryIsRequiredAndBelongsToNothingElse() {
        assertThat(problems(GapScene.spec("query: " + QUERY, "key: [id]"))).contains("transform.query", "is required");
        assertThat(problems(GapScene.spec(STRATEGY, "strategy: { chunk_by: month }")))
                .contains("needs transform.into");
        assertThat(problems(TestDatabase.fillTier()
                        .replace("strategy:", "execution: { post_checks: [verify_no_gaps] }\n  strategy:")))
                .contains("verify_no_gaps does not fit here: no query says which rows there should be");
    }

    @Test
    void aColumnThatCameSinceIsNotDeletedUnasked() throws SQLException {
        var report = scene.run(GapScene.spec());
        db.sql("ALTER TABLE received ADD COLUMN \"checked by\" text");
        db.sql("UPDATE received SET \"checked by\" = 'somebody' WHERE note = 'inserted'");
        long rows = db.number("SELECT count(*) FROM received");

        var refusal = refusal(() -> scene.undo(report, UndoOptions.ALL));

        assertThat(refusal.code()).isEqualTo("column_came_since");
        assertThat(refusal.exit()).isEqualTo(ExitCode.DRIFTED);
        assertThat(refusal.getMessage()).contains("a column that the run did not know: \"checked by\"");
        assertThat(refusal.hint()).contains("--on-conflict overwrite");
        assertThat(db.number("SELECT count(*) FROM received")).isEqualTo(rows);
        assertThat(db.backhoe().report(1).run().state()).isEqualTo(RunState.SUCCEEDED);
        var overwritten = scene.undo(report, new UndoOptions(List.of(), OnConflict.OVERWRITE));
        assertThat(overwritten.run().state()).isEqualTo(RunState.ROLLED_BACK);
        assertThat(db.number("SELECT count(*) FROM received")).isEqualTo(rows - report.changed());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ALTER note TYPE varchar(100), ALTER note SET NOT NULL, ALTER note DROP DEFAULT, ALTER amount TYPE numeric(14,2)
            ALTER note TYPE character(100), ALTER amount TYPE numeric, ALTER amount DROP NOT NULL, ALTER seen TYPE bigint
            """)
    void aColumnThatStillComparesKeepsNothingFromBeingTakenBack(String change) throws SQLException {
        db.sql("ALTER TABLE received ADD seen integer DEFAULT 7");
        db.sql("DROP TABLE original; CREATE TABLE original AS TABLE received");
        var report = scene.run(GapScene.spec());
        db.sql("ALTER TABLE received " + change);
        db.sql("UPDATE received SET note = 'mine' WHERE day = '2024-02-03'");

        var undone = scene.undo(report, UndoOptions.ALL);

        assertThat(undone.kept()).as("changed by somebody").isEqualTo(5);
        assertThat(undone.restored()).isEqualTo(report.changed() - 5);
        var all = scene.undo(report, new UndoOptions(List.of(), OnConflict.OVERWRITE));
        assertThat(all.run().state()).isEqualTo(RunState.ROLLED_BACK);
        assertThat(db.number("SELECT count(*) FROM received")).isEqualTo(db.number("SELECT count(*) FROM original"));
        assertThat(db.number("SELECT count(*) FROM received WHERE note <> 'there'"))
                .isZero();
    }

    @Test
    void aColumnThatNoLongerComparesIsToldWithAWayOn() throws SQLException {
        var report = scene.run(GapScene.spec());
        long rows = db.number("SELECT count(*) FROM received");
        var changes = List.of(
                List.of("RENAME note TO remark", "- column note text", "RENAME remark TO note"),
                List.of(
                        "ALTER note DROP DEFAULT, ALTER note TYPE json USING to_json(note)",
                        "+ column note json",
                        "ALTER note TYPE text USING note #>> '{}'"),
                List.of(
                        "ALTER amount TYPE numeric(14,4)",
                        "+ column amount numeric(14,4)",
                        "ALTER amount TYPE numeric(12,2)"),
                List.of("ALTER id TYPE numeric", "+ column id numeric", "ALTER id TYPE bigint"),
                List.of("DROP CONSTRAINT received_pkey", "- key (id)", "ADD CONSTRAINT received_pkey PRIMARY KEY (id)"),
                List.of("DROP amount", "- column amount numeric(12,2)", "ADD amount numeric(12,2) NOT NULL DEFAULT 0"));

        for (List<String> change : changes) {
            db.sql("ALTER TABLE received " + change.get(0));
            var refusal = refusal(() -> scene.undo(report, UndoOptions.ALL));
            assertThat(refusal.code()).as(change.get(0)).isEqualTo("table_drifted");
            assertThat(refusal.exit()).isEqualTo(ExitCode.DRIFTED);
            assertThat(refusal.getMessage()).contains(change.get(1), "nothing was taken back");
            assertThat(refusal.hint()).contains("ALTER TABLE public.received ...", "delete by hand");
            db.sql("ALTER TABLE received " + change.get(2));
        }
        assertThat(db.number("SELECT count(*) FROM received")).isEqualTo(rows);
        scene.undo(report, new UndoOptions(List.of(), OnConflict.OVERWRITE));
        assertThat(db.number("SELECT count(*) FROM received")).isEqualTo(rows - report.changed());
    }

    @ParameterizedTest
    @EnumSource(
            value = OnConflict.class,
            names = {"SKIP", "OVERWRITE"})
    void triggersThatInsertingOrDeletingFiresAreDriftWhereTheyCameSince(OnConflict onConflict) throws SQLException {
        db.sql("CREATE FUNCTION acts() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'");
        var plan = scene.plan(GapScene.spec());
        db.sql("CREATE TRIGGER acts AFTER INSERT ON received FOR EACH ROW EXECUTE FUNCTION acts()");

        var drifted = refusal(() -> run(plan));

        assertThat(drifted.exit()).isEqualTo(ExitCode.DRIFTED);
        assertThat(drifted.getMessage())
                .contains("+ insert trigger CREATE TRIGGER acts AFTER INSERT", "or the plan is from before");
        db.sql("DROP TRIGGER acts ON received");
        var report = run(plan);
        assertThat(report.run().state()).isEqualTo(RunState.SUCCEEDED);
        db.sql("CREATE TRIGGER unasked AFTER INSERT ON received FOR EACH ROW EXECUTE FUNCTION acts()");
        db.sql("CREATE TRIGGER acts AFTER DELETE ON received FOR EACH ROW EXECUTE FUNCTION acts()");
        var kept = refusal(() -> scene.undo(report, UndoOptions.ALL));
        assertThat(kept.exit()).isEqualTo(ExitCode.DRIFTED);
        assertThat(kept.getMessage())
                .contains("+ delete trigger CREATE TRIGGER acts AFTER DELETE", "nothing was taken back")
                .doesNotContain("unasked");
        if (onConflict == OnConflict.SKIP) {
            db.sql("ALTER TABLE received DISABLE TRIGGER acts");
        }
        assertThat(scene.undo(report, new UndoOptions(List.of(), onConflict))
                        .run()
                        .state())
                .as("disabled, or wanted all the same")
                .isEqualTo(RunState.ROLLED_BACK);
    }

    @Test
    void whereRowsAreOnlyUpdatedSuchTriggersAreNoPartOfThePlan() throws SQLException {
        db.orders(100);
        var before = db.plan(TestDatabase.fillTier());
        db.sql("CREATE FUNCTION acts() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'");
        db.sql("CREATE TRIGGER acts AFTER INSERT OR DELETE ON orders FOR EACH ROW EXECUTE FUNCTION acts()");

        assertThat(db.plan(TestDatabase.fillTier()).hash()).isEqualTo(before.hash());
        assertThat(run(before).run().state()).isEqualTo(RunState.SUCCEEDED);
    }

    private RunReport run(Plan plan) {
        return db.backhoe().run(plan, OPTIONS, new StopSignal(), RunListener.NONE);
    }

    private static BackhoeException refusal(ThrowingCallable work) {
        return Objects.requireNonNull(catchThrowableOfType(BackhoeException.class, work));
    }

    private BackhoeException refusal(String spec) {
        return catchThrowableOfType(BackhoeException.class, () -> db.plan(spec));
    }

    private String problems(String spec) {
        return String.valueOf(
                catchThrowableOfType(InvalidSpec.class, () -> db.plan(spec)).getMessage());
    }
}
