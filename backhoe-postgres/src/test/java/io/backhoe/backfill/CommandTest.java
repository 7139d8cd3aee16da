package io.backhoe.backfill;

import static io.backhoe.backfill.TestDatabase.OPTIONS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.backhoe.Backhoe;
import io.backhoe.plan.Plan;
import io.backhoe.plan.PlanFile;
import io.backhoe.run.RunListener;
import io.backhoe.run.StopSignal;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ChunkState;
import io.backhoe.value.RunState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A program that does the work of each chunk: at least once, in a process group that ends with it. */
class CommandTest {
    private static final String SPEC = """
            backfill:
              name: outside
              scope:
                table: orders
                date_column: order_date
                date_range: { start: 2023-01-01, end: 2023-05-01 }
              transform:
                command: ["/bin/sh", "-c", "%s", "work"]
                columns: [tier]
                timeout: %s
              strategy: { chunk_by: month, parallelism: 2 }
            """;

    @TempDir
    private Path folder = Path.of("");

    private TestDatabase db;

    @BeforeEach
    void orders() throws SQLException {
        db = TestDatabase.create();
        db.orders(1_000);
    }

    @AfterEach
    void drop() throws SQLException {
        db.close();
    }

    @Test
    void isToldItsChunkAndItsLastLineInJsonSaysHowManyRows() throws IOException {
        Plan plan = plan(
                "echo $BACKHOE_CHUNK $BACKHOE_CHUNK_START {{chunk_end}} $BACKHOE_TABLE $BACKHOE_COLUMNS {{ run_id }} $PGAPPNAME;"
                        + " echo '{\\\"rows\\\": 1}'; echo '{\\\"rows\\\": 80, \\\"more\\\": [1]}'; echo thank you >&2",
                "1m");
        var report = backhoe().run(read(plan), OPTIONS, new StopSignal(), RunListener.NONE);

        assertThat(plan.notes()).anySatisfy(note -> assertThat(note).startsWith("At least once"));
        assertThat(report.run().state()).isEqualTo(RunState.SUCCEEDED);
        assertThat(report.changed()).isEqualTo(4 * 80);
        assertThat(said("2023-02")).isEqualTo("""
                2023-02 2023-02-01 2023-03-01 public.orders tier 1 backhoe/1/2023-02
                {"rows": 1}
                {"rows": 80, "more": [1]}
                thank you
                """);
    }

    @Test
    void oneThatFailsFailsItsChunkAndItsWordsGoNoFurther() throws IOException {
        Path mended = folder.resolve("mended");
        Plan plan = plan(
                "[ $BACKHOE_CHUNK != 2023-03 ] || [ -e " + mended
                        + " ] || { echo card 4111; exit 3; }; echo '{\\\"rows\\\": 5}'",
                "1m");
        var report = backhoe().run(plan, OPTIONS, new StopSignal(), RunListener.NONE);

        assertThat(report.run().state()).isEqualTo(RunState.PARTIAL);
        assertThat(report.count(ChunkState.SUCCESS)).isEqualTo(3);
        assertThat(report.chunks().get(2).error())
                .contains(
                        "ended with exit code 3",
                        folder.resolve("run-1/2023-03.log").toString())
                .doesNotContain("4111");
        assertThat(said("2023-03")).isEqualTo("card 4111\n");

        Files.createFile(mended);
        var retried = backhoe().retry(1, OPTIONS, new StopSignal(), RunListener.NONE);
        assertThat(retried.run().state()).isEqualTo(RunState.SUCCEEDED);
    }

    @Test
    void oneThatAsksToBeTriedAgainIs() throws Exception {
        String once = folder.resolve("$BACKHOE_CHUNK").toString();
        Plan plan = plan("[ -e " + once + " ] || { touch " + once + "; exit 75; }; echo '{\\\"rows\\\": 7}'", "1m");
        var report = backhoe().run(plan, OPTIONS, new StopSignal(), RunListener.NONE);

        assertThat(report.run().state()).isEqualTo(RunState.SUCCEEDED);
        assertThat(report.changed()).isEqualTo(4 * 7);
        assertThat(db.number("SELECT count(*) FROM backhoe.attempt WHERE sqlstate = '38000'"))
                .isEqualTo(4);
    }

    @Test
    void oneThatTakesTooLongIsKilledWithAllThatItHasStarted() throws Exception {
        Plan plan = plan("sleep 600 & echo $! > " + folder + "/child; echo $$ > " + folder + "/self; wait", "1s");
        var report = backhoe().run(plan, OPTIONS, new StopSignal(), RunListener.NONE);

        assertThat(report.count(ChunkState.FAILED)).isGreaterThanOrEqualTo(3);
        assertThat(report.chunks().get(0).error()).contains("did not end within 1 s, and was killed");
        assertThat(lives("child")).isFalse();
        assertThat(lives("self")).isFalse();
    }

    @Test
    void oneThatCannotBeStartedSaysSo() {
        var report = backhoe()
                .run(
                        db.plan(SPEC.replace("\"/bin/sh\", \"-c\", \"%s\", \"work\"", "\"/no/such/program\"")
                                .formatted("1m")),
                        OPTIONS,
                        new StopSignal(),
                        RunListener.NONE);

        assertThat(report.chunks().get(0).error()).contains("'/no/such/program' could not be started");
    }

    @Test
    void aStopKillsItWithinFiveSecondsAndAResumeDoesItsChunkAgain() throws Exception {
        Path mended = folder.resolve("mended");
        Plan plan =
                plan("[ -e " + mended + " ] && exit 0; trap '' TERM; echo $$ > " + folder + "/self; sleep 600", "10m");
        var stop = new StopSignal();
        var run = CompletableFuture.supplyAsync(() -> backhoe().run(plan, OPTIONS, stop, RunListener.NONE));
        CrashScene.await(() -> Files.exists(folder.resolve("self")), "the program");

        long asked = System.nanoTime();
        stop.request("SIGTERM");
        var report = run.join();

        assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(Duration.ofSeconds(6));
        assertThat(report.run().state()).isEqualTo(RunState.PAUSED);
        assertThat(lives("self")).isFalse();
        Files.createFile(mended);
        assertThat(backhoe()
                        .resume(1, OPTIONS, new StopSignal(), RunListener.NONE)
                        .run()
                        .state())
                .isEqualTo(RunState.SUCCEEDED);
    }

    @Test
    void cannotBeTakenBack() {
        var report = backhoe().run(plan("true", "1m"), OPTIONS, new StopSignal(), RunListener.NONE);

        var refusal = catchThrowableOfType(
                BackhoeException.class,
                () -> db.backhoe().rollback(report.run().id(), List.of(), OPTIONS, new StopSignal(), RunListener.NONE));

        assertThat(refusal.code()).isEqualTo("not_undoable");
    }

    private boolean lives(String file) throws IOException {
        long pid = Long.parseLong(Files.readString(folder.resolve(file)).strip());
        // One that nobody has waited for yet is a zombie, and does nothing any more.
        Path stat = Path.of("/proc/" + pid + "/stat");
        return Files.exists(stat)
                ? !Files.readString(stat).contains(") Z ")
                : ProcessHandle.of(pid).isPresent();
    }

    private String said(String chunk) throws IOException {
        return Files.readString(folder.resolve("run-1").resolve(chunk + ".log"));
    }

    private Plan plan(String script, String timeout) {
        return db.plan(SPEC.formatted(script, timeout));
    }

    private static Plan read(Plan plan) {
        return PlanFile.read(PlanFile.write(plan), "plan");
    }

    private Backhoe backhoe() {
        return db.backhoe().withCommandLogs(folder);
    }
}
