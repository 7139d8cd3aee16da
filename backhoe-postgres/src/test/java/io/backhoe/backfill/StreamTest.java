package io.backhoe.backfill;

import static io.backhoe.backfill.TestDatabase.OPTIONS;
import static org.assertj.core.api.Assertions.assertThat;

import io.backhoe.Backhoe;
import io.backhoe.embedded.Version;
import io.backhoe.plan.Plan;
import io.backhoe.plan.PlanFile;
import io.backhoe.report.RunReport;
import io.backhoe.run.RunListener;
import io.backhoe.run.StopSignal;
import io.backhoe.spec.BackfillSpec;
import io.backhoe.value.ChunkState;
import io.backhoe.value.RunState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A program that is given rows as lines of JSON, and answers in such. */
class StreamTest {
    private static final int ROWS = 2_000;

    /** Answers what a fragment of shell makes of the row: it knows $key, $id and $n, and says the rest of the line. */
    private static final String LOOP = """
            while IFS= read -r line; do
              case $line in
                *'"end":'*) ;;
                *)
                  key=${line#*'"key":'}; key=${key%%%%\\}*}\\}
                  id=${key#*:}; id=${id%%\\}}
                  n=${line##*:}; n=${n%%%%\\}*}
                  %s
                  ;;
              esac
            done
            """;

    private static final String ADD_ONE = answering("echo \"{\\\"key\\\":$key,\\\"set\\\":{\\\"n\\\":$((n+1))}}\"");

    @TempDir
    private Path folder = Path.of("");

    private TestDatabase db;

    @BeforeEach
    void orders() throws SQLException {
        db = TestDatabase.create();
        db.orders(ROWS);
    }

    @AfterEach
    void drop() throws SQLException {
        db.close();
    }

    private static String answering(String script) {
        return LOOP.formatted(script);
    }

    private Backhoe backhoe() {
        return db.backhoe().withCommandLogs(folder);
    }

    private static BackfillSpec spec(String script, String... columns) {
        return BackfillSpec.named("streamed")
                .table("orders")
                .dates("order_date", LocalDate.of(2023, 1, 1), LocalDate.of(2024, 1, 1))
                .preserveExisting(false)
                .stream(List.of("/bin/sh", "-c", script), List.of("n"), columns);
    }

    private RunReport run(BackfillSpec spec) {
        Plan plan = db.backhoe().plan(spec.build());
        return backhoe().run(PlanFile.read(PlanFile.write(plan), "plan"), OPTIONS, new StopSignal(), RunListener.NONE);
    }

    @Test
    void killedAgainAndAgainItIsAppliedOnceToEachRowAndTakenBackToTheByte() throws Exception {
        long seed = Long.getLong("backhoe.crash.seed", System.nanoTime());
        System.out.println("StreamTest: -Dbackhoe.crash.seed=" + seed);
        try (var crashes = TestDatabase.on(Version.CURRENT)) {
            Path script = Files.writeString(folder.resolve("add_one.sh"), ADD_ONE);
            var scene = new CrashScene(crashes, 10_000, 2).streamingTo(script);
            try (var storm = new CrashStorm(scene, new Random(seed))) {
                scene.pace(0.0005);
                storm.kill(3, () -> scene.runId() == 0 ? scene.orderToRun(2) : "resume " + scene.runId());
                scene.pace(0);
                storm.finish("resume " + scene.runId());
                scene.everyRowHasOneMore();

                storm.finish("rollback " + scene.runId());
                scene.everythingIsAsBefore();
            }
        }
    }

    @Test
    void eachWorkerHasOneProgramForAllItsBatchesAndItsSecondStreamGoesIntoAFile() throws Exception {
        String before = db.digest("orders");
        var report = run(spec("echo started for $BACKHOE_NAME as $PGAPPNAME >&2\n" + ADD_ONE, "n")
                .parallelism(2));

        assertThat(report.run().state()).isEqualTo(RunState.SUCCEEDED);
        assertThat(report.changed()).isEqualTo(ROWS);
        assertThat(db.number("SELECT count(*) FROM orders WHERE n <> id % 100 + 1"))
                .isZero();
        assertThat(logs())
                .hasSizeBetween(1, 2)
                .allSatisfy(log -> assertThat(log).isEqualTo("started for streamed as backhoe/1/command\n"));
        assertThat(backhoe()
                        .rollback(1, List.of(), OPTIONS, new StopSignal(), RunListener.NONE)
                        .restored())
                .isEqualTo(ROWS);
        assertThat(db.digest("orders")).isEqualTo(before);
    }

    @Test
    void aRowMayBeSkippedAndOneThatCannotBeDoneIsSetAside() throws Exception {
        var report = run(spec(
                answering("if [ $id = 7 ]; then echo \"{\\\"key\\\":$key,\\\"error\\\":\\\"card 4111\\\"}\";"
                        + " elif [ $n -lt 50 ]; then echo \"{\\\"key\\\":$key,\\\"skip\\\":true}\";"
                        + " else echo \"{\\\"key\\\":$key,\\\"set\\\":{\\\"tier\\\":\\\"t$n\\\"}}\"; fi"),
                "tier",
                "n"));

        assertThat(report.run().state()).isEqualTo(RunState.PARTIAL);
        assertThat(db.number("SELECT count(*) FROM orders WHERE tier LIKE 't%' AND tier = 't' || n"))
                .isEqualTo(ROWS / 2)
                .isEqualTo(report.changed());
        assertThat(db.one("SELECT row_key || message FROM backhoe.quarantine"))
                .contains("7", "says of 1 of 1 rows that they cannot be done")
                .doesNotContain("4111");
        assertThat(String.join("", logs())).contains("card 4111");
    }

    @Test
    void aLiveWriteMeanwhileIsComputedAnew() throws Exception {
        Path wait = folder.resolve("seen");
        var spec = spec(
                answering("if [ ! -e " + wait + " ]; then touch " + wait + "; while [ ! -e " + wait
                        + ".go ]; do :; done; fi; echo \"{\\\"key\\\":$key,\\\"set\\\":{\\\"tier\\\":\\\"n$n\\\"}}\""),
                "tier");
        var running = CompletableFuture.supplyAsync(() -> run(spec.parallelism(1)));
        CrashScene.await(() -> Files.exists(wait), "the program");
        db.sql("UPDATE orders SET n = 1000 WHERE id <= 40");
        Files.createFile(folder.resolve("seen.go"));

        assertThat(running.join().run().state()).isEqualTo(RunState.SUCCEEDED);
        assertThat(db.number("SELECT count(*) FROM orders WHERE tier = 'n' || n"))
                .isEqualTo(ROWS);
    }

    @Test
    void oneThatDiesIsStartedAnewAndItsBatchDoneAgain() throws Exception {
        Path once = folder.resolve("once");
        var report = run(spec(
                answering("[ -e " + once + " ] || { touch " + once + "; exit 3; };"
                        + " echo \"{\\\"key\\\":$key,\\\"set\\\":{\\\"n\\\":$((n+1))}}\""),
                "n"));

        assertThat(report.run().state()).isEqualTo(RunState.SUCCEEDED);
        assertThat(db.number("SELECT count(*) FROM orders WHERE n <> id % 100 + 1"))
                .isZero();
        assertThat(db.one("SELECT string_agg(message, ' ') FROM backhoe.attempt"))
                .containsPattern(
                        "ended in the middle of a batch \\(exit code 3\\): it was asked for [0-9,]+ rows, and had"
                                + " answered 0 of them");
    }

    @Test
    void oneThatAnswersForMoreRowsThanItWasAskedIsTold() {
        var report = run(
                spec(answering("printf '%s\\n%s\\n' \"{\\\"key\\\":$key,\\\"skip\\\":true}\" '{\"skip\":true}'"), "n")
                        .where("id = 7"));

        assertThat(report.chunks())
                .anySatisfy(
                        c -> assertThat(String.valueOf(c.error()))
                                .contains(
                                        "answered more than it was asked: it was asked for 1 rows, and had answered 1 of them"));
    }

    @Test
    void halfOfASurrogatePairSetsItsRowAside() throws Exception {
        var report = run(spec(
                answering("t=ok; [ $id != 7 ] || t='\\ud83d';"
                        + " printf '%s\\n' \"{\\\"key\\\":$key,\\\"set\\\":{\\\"tier\\\":\\\"$t\\\"}}\""),
                "tier"));

        assertThat(report.run().state()).isEqualTo(RunState.PARTIAL);
        assertThat(db.number("SELECT count(*) FROM orders WHERE tier = 'ok'")).isEqualTo(ROWS - 1);
        assertThat(db.one("SELECT row_key || message FROM backhoe.quarantine"))
                .contains("7", "half of a surrogate pair");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                echo hello                                                       | said a line on its output that is not JSON
                echo 7                                                           | said a line on its output that is no JSON object
                echo "{\\"key\\":{\\"id\\":0},\\"skip\\":true}"                  | answered for a key that is not of this batch
                echo "{\\"key\\":{\\"id\\":0},\\"skip\\":true}"                  | rows, and had answered 0 of them
                for i in 1 2; do echo "{\\"key\\":$key,\\"skip\\":true}"; done   | rows, and had answered 1 of them
                echo "{\\"key\\":$key}"                                          | neither or several of set, skip and error
                echo "{\\"key\\":$key,\\"skip\\":true}{}"                        | said a line on its output that is not JSON
                echo "{\\"key\\":$key,\\"set\\":{\\"id\\":1}}"                   | sets the column 'id', which is not among transform.columns
                """)
    void whatIsNoAnswerFailsTheChunkAndChangesNothing(String script, String why) throws Exception {
        String before = db.digest("orders");

        var report = run(spec(answering(script), "n"));

        assertThat(report.count(ChunkState.FAILED)).isGreaterThanOrEqualTo(3);
        assertThat(report.count(ChunkState.SUCCESS)).isZero();
        assertThat(report.chunks())
                .anySatisfy(c -> assertThat(String.valueOf(c.error())).contains(why));
        assertThat(db.digest("orders")).isEqualTo(before);
    }

    @Test
    void oneThatCannotBeStartedSaysSo() {
        var report = run(spec(ADD_ONE, "n").stream(List.of("/no/such/program"), List.of("n"), "n"));

        assertThat(report.chunks().get(0).error()).contains("'/no/such/program' could not be started (exit code 127)");
    }

    @Test
    void aStopKillsOneThatDoesNotAnswerAndAResumeGoesOn() throws Exception {
        Path mended = folder.resolve("mended");
        Plan plan = db.backhoe()
                .plan(spec(
                                "[ -e " + mended + " ] || { trap '' TERM; echo $$ > " + folder + "/self; sleep 600; }\n"
                                        + ADD_ONE,
                                "n")
                        .build());
        var stop = new StopSignal();
        var running = CompletableFuture.supplyAsync(() -> backhoe().run(plan, OPTIONS, stop, RunListener.NONE));
        Path self = folder.resolve("self");
        CrashScene.await(() -> self.toFile().length() > 1, "the program");

        long asked = System.nanoTime();
        stop.request("SIGTERM");
        var report = running.join();

        assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(Duration.ofSeconds(8));
        assertThat(report.run().state()).isEqualTo(RunState.PAUSED);
        long pid = Long.parseLong(Files.readString(self).strip());
        CrashScene.await(() -> ProcessHandle.of(pid).isEmpty(), "the end of " + pid);
        Files.createFile(mended);
        assertThat(backhoe()
                        .resume(1, OPTIONS, new StopSignal(), RunListener.NONE)
                        .run()
                        .state())
                .isEqualTo(RunState.SUCCEEDED);
        assertThat(db.number("SELECT count(*) FROM orders WHERE n <> id % 100 + 1"))
                .isZero();
    }

    @Test
    void oneThatTakesTooLongIsGivenFewerRowsAndThenItsChunkFails() throws Exception {
        Plan plan = db.plan("""
                backfill:
                  name: slow
                  scope: { table: orders, date_column: order_date, date_range: { start: 2023-01-01, end: 2023-02-01 } }
                  transform: { command: "read -r line; sleep 600", stream: true, reads: [n], columns: [n], timeout: 1s }
                  strategy: { preserve_existing: false, max_retries: 1 }
                """);
        var report = backhoe().run(plan, OPTIONS, new StopSignal(), RunListener.NONE);

        assertThat(report.chunks().get(0).error()).contains("took longer than 1 s for a batch, and was killed");
        assertThat(db.number("SELECT min(batch_rows) FROM backhoe.attempt"))
                .isLessThanOrEqualTo(db.number("SELECT max(batch_rows) FROM backhoe.attempt"));
    }

    private List<String> logs() throws IOException {
        var texts = new ArrayList<String>();
        try (var files = Files.list(folder.resolve("run-1"))) {
            for (Path file : files.sorted().toList()) {
                texts.add(Files.readString(file));
            }
        }
        return texts;
    }
}
