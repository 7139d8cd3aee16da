package io.backhoe.backfill;

import static io.backhoe.backfill.TestDatabase.OPTIONS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backhoe.check.Effort;
import io.backhoe.report.RunReport;
import io.backhoe.run.RunListener;
import io.backhoe.run.RunOptions;
import io.backhoe.run.StopSignal;
import io.backhoe.undo.Purgeable;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.Cause;
import io.backhoe.value.ExitCode;
import io.backhoe.value.RunState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Before-images that nobody needs any more. */
class PurgeTest {
    private static final Cause TIDY = new Cause("bob", "the disk is full");

    @Test
    void aPurgedRunRemembersThatItCannotBeTakenBack() throws Exception {
        try (var db = TestDatabase.create()) {
            db.orders(1_000);
            long id = run(db, null).run().id();
            var before = db.backhoe().purgeable(id);
            assertThat(before.rows()).isEqualTo(1_000);
            assertThat(before.bytes()).isEqualTo(db.number("SELECT pg_total_relation_size('backhoe.before_image_1')"));

            db.backhoe().purge(id, TIDY);

            assertThat(db.one("SELECT to_regclass('backhoe.before_image_1')")).isNull();
            String day = db.one("SELECT to_char(purged_at AT TIME ZONE 'UTC', 'YYYY-MM-DD') FROM backhoe.run");
            assertThatThrownBy(() -> db.backhoe().rollback(id, List.of(), OPTIONS, new StopSignal(), RunListener.NONE))
                    .isInstanceOfSatisfying(
                            BackhoeException.class, e -> assertThat(e.code()).isEqualTo("before_images_purged"))
                    .hasMessageContaining("purged on " + day);
            assertThatThrownBy(() -> db.backhoe().conflicts(id, List.of(), c -> {}))
                    .hasMessageContaining("purged on " + day);
            assertThat(db.backhoe().account(id).undoable()).isFalse();
            assertThat(db.one("SELECT who || ', ' || why FROM backhoe.event WHERE message = 'purge'"))
                    .isEqualTo("bob, the disk is full");
            assertThat(db.number("SELECT count(*) FROM orders WHERE n <> id % 100 + 1"))
                    .isZero();
        }
    }

    @Test
    void whatNeedsThemSaysThatTheyWerePurgedAndWhatToDo() throws Exception {
        try (var db = TestDatabase.create()) {
            db.orders(1_000);
            db.sql("ALTER TABLE orders ADD CHECK (id <> 77 OR n = 77)");
            var report = run(db, null);
            assertThat(report.run().state()).isEqualTo(RunState.PARTIAL);
            db.backhoe().purge(1, TIDY);
            String purged = "purged on "
                    + db.one("SELECT to_char(purged_at AT TIME ZONE 'UTC', 'YYYY-MM-DD') FROM backhoe.run");

            assertThatThrownBy(() -> db.backhoe().retry(1, OPTIONS, new StopSignal(), RunListener.NONE))
                    .isInstanceOfSatisfying(BackhoeException.class, e -> {
                        assertThat(e.code()).isEqualTo("before_images_purged");
                        assertThat(e.hint()).contains("backhoe plan --rest-of 1", "backhoe verify 1");
                    })
                    .hasMessageContaining(purged);
            var answers = db.backhoe().verify(1, "verify_values_match_expression", Effort.USUAL);
            assertThat(answers.get(0).evidence()).contains(purged).doesNotContain("does not exist");
            assertThat(db.backhoe().report(1).run().state()).isEqualTo(RunState.PARTIAL);
        }
    }

    @Test
    void purgingTwiceChangesNothing() throws Exception {
        try (var db = TestDatabase.create()) {
            db.orders(100);
            long id = run(db, null).run().id();
            db.backhoe().purge(id, TIDY);
            String once = db.one("SELECT r::text FROM backhoe.run r");

            assertThat(db.backhoe().purgeable(id).there()).isFalse();
            db.backhoe().purge(id, TIDY);

            assertThat(db.one("SELECT r::text FROM backhoe.run r")).isEqualTo(once);
        }
    }

    @Test
    void aRunThatHasNotEndedKeepsThem() throws Exception {
        try (var db = TestDatabase.create()) {
            db.orders(1_000);
            long id = run(db, 2).run().id();

            assertThatThrownBy(() -> db.backhoe().purge(id, TIDY))
                    .isInstanceOfSatisfying(
                            BackhoeException.class, e -> assertThat(e.exit()).isEqualTo(ExitCode.CONFLICT))
                    .hasMessageContaining("PAUSED");
            assertThat(db.backhoe().purgeable(Instant.now().plus(Duration.ofDays(1))))
                    .isEmpty();
            assertThat(db.one("SELECT to_regclass('backhoe.before_image_1')")).isNotNull();
        }
    }

    @Test
    void runsThatEndedBeforeAMomentAreFoundTogether() throws Exception {
        try (var db = TestDatabase.create()) {
            db.orders(100);
            run(db, null);
            run(db, null);
            db.backhoe().purge(2, TIDY);
            run(db, null);
            db.sql("UPDATE backhoe.run SET ended_at = ended_at - interval '40 days' WHERE run_id < 3");

            assertThat(db.backhoe().purgeable(Instant.now().minus(Duration.ofDays(30))))
                    .extracting(p -> p.run().id())
                    .containsExactly(1L);
            assertThat(db.backhoe().purgeable(Instant.now().plus(Duration.ofHours(1))))
                    .extracting(p -> p.run().id())
                    .containsExactly(1L, 3L);
        }
    }

    @Test
    void whoDoesNotOwnThemIsToldWhoDoes() throws Exception {
        try (var db = TestDatabase.create()) {
            db.orders(100);
            Purgeable purgeable = db.backhoe().purgeable(run(db, null).run().id());
            String role = "purger_" + db.one("SELECT current_database()");
            db.sql("CREATE ROLE " + role + "; GRANT USAGE ON SCHEMA backhoe TO " + role
                    + "; GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA backhoe TO " + role);
            try {
                db.sql("DO $$ BEGIN EXECUTE 'ALTER DATABASE ' || current_database() || ' SET role = " + role
                        + "'; END $$");
                assertThatThrownBy(() -> db.backhoe().purge(purgeable.run().id(), TIDY))
                        .isInstanceOfSatisfying(
                                BackhoeException.class,
                                e -> assertThat(e.exit()).isEqualTo(ExitCode.UNREACHABLE))
                        .hasMessageContaining("belong to role " + db.one("SELECT session_user"));
            } finally {
                db.sql("DO $$ BEGIN EXECUTE 'ALTER DATABASE ' || current_database() || ' RESET role'; END $$");
                db.sql("DROP OWNED BY " + role + "; DROP ROLE " + role);
            }
        }
    }

    private static RunReport run(TestDatabase db, @Nullable Integer maxChunks) {
        return db.backhoe()
                .run(
                        db.plan(TestDatabase.addOne()),
                        new RunOptions(1, maxChunks, "test"),
                        new StopSignal(),
                        RunListener.NONE);
    }
}
