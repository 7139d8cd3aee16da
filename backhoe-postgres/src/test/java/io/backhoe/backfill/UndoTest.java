package io.backhoe.backfill;

import static io.backhoe.backfill.TestDatabase.OPTIONS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backhoe.embedded.Version;
import io.backhoe.report.RunReport;
import io.backhoe.run.RunListener;
import io.backhoe.run.RunOptions;
import io.backhoe.run.StopSignal;
import io.backhoe.undo.UndoOptions;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import io.backhoe.value.OnConflict;
import io.backhoe.value.RunState;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Taking back, when the world has moved on since the run. */
class UndoTest {
    @Test
    void whatIsAddedToTheTableSinceDoesNotStandInTheWay() throws Exception {
        try (var db = TestDatabase.create()) {
            db.orders(1_000);
            var report = run(db, TestDatabase.addOne());
            db.sql("ALTER TABLE orders ADD COLUMN later text, ADD CHECK (n > -1), ADD UNIQUE (order_date, n, id)");

            var undone = undo(db, report);

            assertThat(undone.run().state()).isEqualTo(RunState.ROLLED_BACK);
            assertThat(db.number("SELECT count(*) FROM orders WHERE n <> id % 100"))
                    .isZero();
        }
    }

    @Test
    void aColumnThatIsNoLongerWhatItWasIsRefusedByName() throws Exception {
        try (var db = TestDatabase.create()) {
            db.orders(1_000);
            var report = run(db, TestDatabase.addOne());
            db.sql("ALTER TABLE orders ALTER COLUMN n TYPE bigint");

            assertThatThrownBy(() -> undo(db, report))
                    .isInstanceOfSatisfying(
                            BackhoeException.class, e -> assertThat(e.exit()).isEqualTo(ExitCode.DRIFTED))
                    .hasMessageContaining("+ column n bigint");
            assertThat(db.backhoe().report(report.run().id()).run().state()).isEqualTo(RunState.SUCCEEDED);
        }
    }

    @ParameterizedTest
    @EnumSource(OnConflict.class)
    void aColumnThatIsGoneIsRefusedWhateverBecomesOfConflicts(OnConflict onConflict) throws Exception {
        try (var db = TestDatabase.create()) {
            db.orders(1_000);
            var report = run(db, TestDatabase.addOne());
            db.sql("ALTER TABLE orders DROP COLUMN n");

            assertThatThrownBy(() -> db.backhoe()
                            .rollback(
                                    report.run().id(),
                                    new UndoOptions(List.of(), onConflict),
                                    OPTIONS,
                                    new StopSignal(),
                                    RunListener.NONE))
                    .isInstanceOfSatisfying(
                            BackhoeException.class, e -> assertThat(e.exit()).isEqualTo(ExitCode.DRIFTED))
                    .hasMessageContaining("- column n integer");
            assertThat(db.backhoe().report(report.run().id()).run().state()).isEqualTo(RunState.SUCCEEDED);
        }
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void whatATriggerMadeOfAValueIsTakenBackToo(Version version) throws Exception {
        try (var db = TestDatabase.on(version)) {
            db.orders(1_000);
            db.sql("""
                    CREATE FUNCTION twice() RETURNS trigger LANGUAGE plpgsql AS $$
                    BEGIN NEW.n := NEW.n * 2; RETURN NEW; END $$""");
            db.sql(
                    "CREATE TRIGGER twice BEFORE UPDATE OF n ON orders FOR EACH ROW WHEN (NEW.n > OLD.n) EXECUTE FUNCTION twice()");
            var report = run(db, TestDatabase.addOne());
            assertThat(report.changed()).isEqualTo(1_000);
            assertThat(db.number("SELECT count(*) FROM orders WHERE n <> 2 * (id % 100 + 1)"))
                    .isZero();

            var undone = undo(db, report);

            assertThat(undone.kept()).isZero();
            assertThat(db.number("SELECT count(*) FROM orders WHERE n <> id % 100"))
                    .isZero();
        }
    }

    @Test
    void anotherRunThatWaitsInTheSameRangeComesFirst() throws Exception {
        try (var db = TestDatabase.create()) {
            db.orders(1_000);
            var first = run(db, TestDatabase.addOne());
            var second = db.backhoe()
                    .run(
                            db.plan(TestDatabase.addOne()),
                            new RunOptions(1, 2, "test"),
                            new StopSignal(),
                            RunListener.NONE);

            assertThatThrownBy(() -> undo(db, first))
                    .isInstanceOfSatisfying(
                            BackhoeException.class, e -> assertThat(e.exit()).isEqualTo(ExitCode.CONFLICT))
                    .hasMessageContaining("Run " + second.run().id());

            undo(db, second);
            assertThat(undo(db, first).run().state()).isEqualTo(RunState.ROLLED_BACK);
            assertThat(db.number("SELECT count(*) FROM orders WHERE n <> id % 100"))
                    .isZero();
        }
    }

    @Test
    void aRunMayWaitBesideOneOfTheNextMonth() throws Exception {
        try (var db = TestDatabase.create()) {
            db.orders(1_000);
            String january = TestDatabase.addOne().replace("end: 2024-01-01", "end: 2023-02-01");
            String february = TestDatabase.addOne()
                    .replace("{ start: 2023-01-01, end: 2024-01-01 }", "{ start: 2023-02-01, end: 2023-03-01 }");
            var plan = db.plan(january.replace("chunk_by: month", "chunk_by: day"));
            var waiting = db.backhoe().run(plan, new RunOptions(1, 1, "test"), new StopSignal(), RunListener.NONE);
            assertThat(waiting.run().state()).isEqualTo(RunState.PAUSED);

            assertThat(run(db, february).run().state()).isEqualTo(RunState.SUCCEEDED);
        }
    }

    @Test
    void aRequestThatNobodyAnsweredIsNotObeyedByTheNextExecutor() throws Exception {
        try (var db = TestDatabase.create()) {
            db.orders(1_000);
            var waiting = db.backhoe()
                    .run(
                            db.plan(TestDatabase.addOne()),
                            new RunOptions(1, 2, "test"),
                            new StopSignal(),
                            RunListener.NONE);
            db.sql("INSERT INTO backhoe.request (run_id, verb, requested_by, at) VALUES ("
                    + waiting.run().id() + ", 'cancel', 'bob', now() - interval '3 days')");

            var resumed = db.backhoe().resume(waiting.run().id(), OPTIONS, new StopSignal(), RunListener.NONE);

            assertThat(resumed.run().state()).isEqualTo(RunState.SUCCEEDED);
            assertThat(db.one("SELECT outcome FROM backhoe.request")).isEqualTo("superseded");
        }
    }

    @Test
    void aStatementTimeoutOfTheRoleDoesNotReachTheIndexThatUndoNeeds() throws Exception {
        try (var db = TestDatabase.create()) {
            db.orders(100_000);
            db.sql(
                    "DO $$ BEGIN EXECUTE 'ALTER DATABASE ' || current_database() || ' SET statement_timeout = ''30ms'''; END $$");
            var report = run(db, TestDatabase.addOne());
            assertThat(report.run().state()).isEqualTo(RunState.SUCCEEDED);

            assertThat(undo(db, report).run().state()).isEqualTo(RunState.ROLLED_BACK);
        }
    }

    @Test
    void aChunkWhoseBeforeImagesAreGoneIsNotTakenBack() throws Exception {
        try (var db = TestDatabase.create()) {
            db.orders(1_200);
            var report = run(db, TestDatabase.addOne());
            long written = report.chunks().get(1).changed();
            db.sql("DELETE FROM backhoe.before_image_1 WHERE chunk = 2 OR chunk = 3 AND key_1 % 2 = 0");
            var lost = db.backhoe().lostImages(1, List.of());
            assertThat(lost).containsOnlyKeys("2023-02", "2023-03").containsEntry("2023-02", written);
            long gone = lost.get("2023-02") + lost.get("2023-03");

            var undone = undo(db, report);

            assertThat(undone.run().state()).isEqualTo(RunState.ROLLBACK_PARTIAL);
            assertThat(undone.run().exitCode()).isEqualTo(ExitCode.PARTIAL.code());
            assertThat(undone.run().reason())
                    .isEqualTo("2 chunks could not be taken back, " + gone + " rows of these not restored");
            assertThat(undone.restored()).isEqualTo(1_200 - gone);
            assertThat(undone.chunks().get(1).error())
                    .isEqualTo("before-images of " + written + " of " + written
                            + " rows are gone: these rows stay as the run wrote them");
            assertThat(db.number("SELECT count(*) FROM orders WHERE n <> id % 100"))
                    .isEqualTo(gone);
            assertThat(undo(db, report).run().reason()).isEqualTo(undone.run().reason());
        }
    }

    @Test
    void aRoleThatDoesNotOwnTheBeforeImagesIsRefusedBeforeAnythingChanges() throws Exception {
        try (var db = TestDatabase.create()) {
            db.orders(1_000);
            var report = run(db, TestDatabase.addOne());
            String role = "undoer_" + db.one("SELECT current_database()");
            String owner = db.one("SELECT current_user");
            db.sql("CREATE ROLE " + role + "; GRANT USAGE, CREATE ON SCHEMA backhoe TO " + role
                    + "; GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA backhoe, public TO " + role);
            try {
                db.sql("DO $$ BEGIN EXECUTE 'ALTER DATABASE ' || current_database() || ' SET role = " + role
                        + "'; END $$");
                assertThatThrownBy(() -> undo(db, report)).isInstanceOfSatisfying(BackhoeException.class, e -> {
                    assertThat(e.exit()).isEqualTo(ExitCode.UNREACHABLE);
                    assertThat(e.code()).isEqualTo("images_not_owned");
                    assertThat(e.hint()).contains("Type it again as " + owner, "GRANT " + owner + " TO " + role + ";");
                });
            } finally {
                db.sql("DO $$ BEGIN EXECUTE 'ALTER DATABASE ' || current_database() || ' RESET role'; END $$");
                db.sql("DROP OWNED BY " + role + "; DROP ROLE " + role);
            }
            assertThat(db.backhoe().report(1).run().state()).isEqualTo(RunState.SUCCEEDED);
            assertThat(undo(db, report).run().state()).isEqualTo(RunState.ROLLED_BACK);
        }
    }

    private static RunReport run(TestDatabase db, String spec) {
        return db.backhoe().run(db.plan(spec), OPTIONS, new StopSignal(), RunListener.NONE);
    }

    private static RunReport undo(TestDatabase db, RunReport report) {
        return db.backhoe().rollback(report.run().id(), List.of(), OPTIONS, new StopSignal(), RunListener.NONE);
    }
}
