package io.backhoe.backfill;

import static io.backhoe.backfill.TestDatabase.OPTIONS;
import static org.assertj.core.api.Assertions.assertThat;

import io.backhoe.run.RunListener;
import io.backhoe.run.StopSignal;
import io.backhoe.value.ExitCode;
import io.backhoe.value.RunState;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A run while its checks are asked: killed, and stopped. */
@Timeout(120)
class VerifyingTest {
    /** Waits for as long as there is a row in {@code gate}. */
    private static final String SLOW = """
            CREATE TABLE gate (shut boolean);
            CREATE FUNCTION wait_at_gate() RETURNS integer LANGUAGE plpgsql AS $$
            BEGIN
                WHILE EXISTS (SELECT FROM public.gate WHERE shut) LOOP PERFORM pg_sleep(0.02); END LOOP;
                RETURN 1;
            END $$""";

    @Test
    void aProcessKilledWhileItVerifiesLeavesARunThatIsVerifiedAgain() throws Exception {
        try (var db = TestDatabase.create()) {
            db.orders(1_000);
            db.sql(SLOW);
            db.sql("INSERT INTO gate VALUES (true)");
            String order = "run " + Base64.getEncoder().encodeToString(spec().getBytes(StandardCharsets.UTF_8));
            try (var process = CrashProcess.ordered(db, order)) {
                db.awaitNumber("SELECT count(*) FROM backhoe.run WHERE state = 'VERIFYING'", 1);
                process.kill();
            }
            assertThat(db.number("SELECT count(*) FROM backhoe.check_result WHERE phase = 'post'"))
                    .isZero();
            db.sql("DELETE FROM gate");

            var report = db.backhoe().resume(1, OPTIONS, new StopSignal(), RunListener.NONE);

            assertThat(report.run().state()).isEqualTo(RunState.SUCCEEDED);
            assertThat(report.changed()).isEqualTo(980);
            assertThat(report.checks()).extracting(c -> c.name()).contains("slow", "verify_no_nulls_in_tier");
            assertThat(db.number("SELECT count(*) FROM backhoe.event WHERE message LIKE 'RUNNING -> VERIFYING%'"))
                    .isEqualTo(2);
        }
    }

    @Test
    void aWishToStopEndsTheChecksAndLeavesTheRunPaused() throws Exception {
        try (var db = TestDatabase.create()) {
            db.orders(1_000);
            db.sql(SLOW);
            db.sql("INSERT INTO gate VALUES (true)");
            var stop = new StopSignal();
            var plan = db.plan(spec());
            var run = CompletableFuture.supplyAsync(() -> db.backhoe().run(plan, OPTIONS, stop, RunListener.NONE));
            db.awaitNumber("SELECT count(*) FROM backhoe.run WHERE state = 'VERIFYING'", 1);

            stop.request("SIGINT");

            var stopped = run.get();
            assertThat(stopped.run().state()).isEqualTo(RunState.PAUSED);
            assertThat(stopped.run().exitCode()).isEqualTo(ExitCode.STOPPED.code());
            assertThat(stopped.run().reason()).isEqualTo("stopped by SIGINT while checks were asked");
            db.awaitNumber("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'backhoe/1/check'", 0);
            db.sql("DELETE FROM gate");
            assertThat(db.backhoe()
                            .resume(1, OPTIONS, new StopSignal(), RunListener.NONE)
                            .run()
                            .state())
                    .isEqualTo(RunState.SUCCEEDED);
        }
    }

    @Test
    void somebodyElseMayPauseItMeanwhile() throws Exception {
        try (var db = TestDatabase.create()) {
            db.orders(1_000);
            db.sql(SLOW);
            db.sql("INSERT INTO gate VALUES (true)");
            var plan = db.plan(spec());
            var run = CompletableFuture.supplyAsync(
                    () -> db.backhoe().run(plan, OPTIONS, new StopSignal(), RunListener.NONE));
            db.awaitNumber("SELECT count(*) FROM backhoe.run WHERE state = 'VERIFYING'", 1);

            var paused = db.backhoe().pause(1, "bob");

            assertThat(paused.run().state()).isEqualTo(RunState.PAUSED);
            assertThat(run.get().run().reason()).isEqualTo("paused by bob while checks were asked");
        }
    }

    private static String spec() {
        return TestDatabase.fillTier()
                .replace(
                        "  strategy:",
                        "  execution:\n    post_checks:\n"
                                + "      - { name: slow, query: SELECT public.wait_at_gate(), expect: 1 }\n"
                                + "      - verify_no_nulls_in_tier\n  strategy:");
    }
}
