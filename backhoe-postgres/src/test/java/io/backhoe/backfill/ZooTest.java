package io.backhoe.backfill;

import static io.backhoe.backfill.TestDatabase.OPTIONS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backhoe.Backhoe;
import io.backhoe.PlanOptions;
import io.backhoe.embedded.Version;
import io.backhoe.plan.Plan;
import io.backhoe.plan.PlanFile;
import io.backhoe.run.RunListener;
import io.backhoe.run.StopSignal;
import io.backhoe.spec.SpecFile;
import io.backhoe.spec.SpecOverrides;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.RunState;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every odd kind of table is planned with a rehearsal, run, compared with what one UPDATE by hand would have made of it,
 * and taken back to what it was. Whoever does it is killed in its first batch, and another goes on: on the one server before the
 * batch commits, on the other after.
 */
class ZooTest {
    static Stream<Animal> names() {
        return OddNames.all();
    }

    static Stream<Animal> types() {
        return OddTypes.all();
    }

    static Stream<Animal> keys() {
        return OddKeys.all();
    }

    static Stream<Animal> shapes() {
        return OddShapes.all();
    }

    @ParameterizedTest
    @MethodSource({"names", "types", "keys", "shapes"})
    void isFilledOnceAndTakenBack(Animal animal) throws Exception {
        filledOnceAndTakenBack(animal, Version.CURRENT);
    }

    @ParameterizedTest
    @MethodSource({"types", "shapes"})
    void isFilledOnceAndTakenBackOnTheOldestServer(Animal animal) throws Exception {
        filledOnceAndTakenBack(animal, Version.OLDEST);
    }

    private static void filledOnceAndTakenBack(Animal animal, Version version) throws SQLException {
        try (var db = TestDatabase.withLedger(version)) {
            db.sql("SET TimeZone = 'UTC'");
            db.sql(animal.sql());
            String before = digest(db, animal);
            db.sql("BEGIN; " + animal.update());
            String wanted = digest(db, animal);
            db.sql("ROLLBACK");
            long inScope = db.number("SELECT count(*) FROM " + animal.table() + " WHERE " + animal.inScope());
            db.sql("ANALYZE");

            Plan plan = plan(db, animal);
            assertThat(digest(db, animal)).as("after the rehearsal").isEqualTo(before);
            assertThat(PlanFile.read(PlanFile.write(plan), "written")).isEqualTo(plan);

            var kind = version == Version.CURRENT ? FaultKind.DEAD_BEFORE : FaultKind.DEAD_AFTER;
            long run = killed(db, kind, backhoe -> backhoe.run(plan, OPTIONS, new StopSignal(), RunListener.NONE));
            var whole = db.backhoe().resume(run, OPTIONS, new StopSignal(), RunListener.NONE);

            assertThat(whole.run().state()).isEqualTo(RunState.SUCCEEDED);
            assertThat(whole.changed()).isEqualTo(inScope);
            assertThat(digest(db, animal)).as("after the run").isEqualTo(wanted);

            killed(db, kind, backhoe -> backhoe.rollback(run, List.of(), OPTIONS, new StopSignal(), RunListener.NONE));
            var undone = db.backhoe().resume(run, OPTIONS, new StopSignal(), RunListener.NONE);
            assertThat(undone.run().state()).isEqualTo(RunState.ROLLED_BACK);
            assertThat(undone.restored()).isEqualTo(inScope);
            assertThat(digest(db, animal)).as("after the rollback").isEqualTo(before);
        }
    }

    /** @return the run */
    private static long killed(TestDatabase db, FaultKind kind, Consumer<Backhoe> work) throws SQLException {
        var faulty = FaultDatabase.atBatch(db.database(), kind, 1);
        assertThatThrownBy(() -> work.accept(new Backhoe(faulty)))
                .isInstanceOfSatisfying(
                        BackhoeException.class, e -> assertThat(e.code()).isEqualTo("dead"));
        assertThat(faulty.where()).matches("backhoe/[0-9]+/.*: COMMIT");
        return db.number("SELECT max(run_id) FROM backhoe.run");
    }

    private static Plan plan(TestDatabase db, Animal animal) {
        var read = SpecFile.read(animal.yaml(), "zoo.yaml", SpecOverrides.NONE);
        return db.backhoe().plan(read.spec(), read.warnings(), new PlanOptions(true, text -> {}));
    }

    private static String digest(TestDatabase db, Animal animal) throws SQLException {
        return db.one(
                "SELECT md5(coalesce(string_agg(CAST(r.* AS text), '|' ORDER BY CAST(r.* AS text) COLLATE \"C\"), ''))"
                        + " FROM " + animal.table() + " AS r");
    }
}
