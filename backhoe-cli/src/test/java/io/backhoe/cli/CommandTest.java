package io.backhoe.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Work that a program does, from the command line: in processes of its own, as it is used. */
class CommandTest {
    @TempDir
    private Path folder = Path.of("");

    private final Shop shop = new Shop(12_000);

    @AfterEach
    void close() {
        shop.close();
    }

    @Test
    void theExampleWithPsqlFillsEachMonth() throws Exception {
        assumeTrue(
                Stream.of("/usr/bin/psql", "/usr/local/bin/psql", "/opt/homebrew/bin/psql")
                        .anyMatch(psql -> Files.isExecutable(Path.of(psql))),
                "psql is not here: it is in Debian's package postgresql-client, and the example starts it");
        Path example =
                Path.of("..", "examples", "command", "tiers_by_psql.yaml").toAbsolutePath();

        Process run = start("run", example.toString(), "--yes");
        String said = new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(run.waitFor()).as(said).isZero();
        assertThat(said)
                .contains("calls    the command '/bin/sh -c psql \"$DATABASE_URL\"", "At least once")
                .contains("undo     not possible");
        assertThat(shop.missingTiers()).isZero();
        assertThat(shop.shell().run("status", "--json").data().get("total_rows").asLong())
                .isEqualTo(11_760);
        assertThat(folder.resolve("backhoe-logs/run-1/2023-07.log")).content().startsWith("{\"rows\" : ");
        assertThat(shop.shell().run("rollback", "1", "--yes").exit()).isEqualTo(3);
    }

    @Test
    void whenTheProcessOfTheRunIsKilledItsProgramsAre() throws Exception {
        String spec = Specs.write(folder, "spec.yaml", """
                backfill:
                  name: sleeper
                  scope: { table: shop.orders, date_column: order_date, date_range: { start: 2023-01-01, end: 2023-03-01 } }
                  transform:
                    command: "[ -e mended ] || { echo $$ > $BACKHOE_CHUNK.pid; sleep 600; }"
                    columns: [customer_tier]
                  strategy: { chunk_by: month, parallelism: 2 }
                """);
        Process run = start("run", spec, "--yes");
        var pids = List.of(folder.resolve("2023-01.pid"), folder.resolve("2023-02.pid"));
        await(
                () -> pids.stream()
                        .allMatch(pid -> Files.exists(pid) && pid.toFile().length() > 0),
                "the programs");

        run.destroyForcibly().waitFor(30, TimeUnit.SECONDS);

        for (Path pid : pids) {
            long number = Long.parseLong(Files.readString(pid).strip());
            await(() -> ProcessHandle.of(number).isEmpty(), "the end of " + number);
        }
        Files.createFile(folder.resolve("mended"));
        Process resumed = start("resume");
        String said = new String(resumed.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(resumed.waitFor()).as(said).isZero();
        assertThat(said).contains("SUCCEEDED: 2 of 2 chunks");
    }

    @Test
    void theExampleThatIsGivenRowsFillsThemAndIsTakenBack() throws Exception {
        Path example = Path.of("..", "examples", "command", "stream.yaml").toAbsolutePath();
        long missing = shop.missingTiers();

        Process run = start("run", example.toString(), "--yes");
        String said = new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(run.waitFor()).as(said).isZero();
        assertThat(said)
                .contains("for each batch, which reads amount and writes customer_tier", "started for each worker")
                .contains("undo     before-images are kept");
        assertThat(shop.missingTiers()).isLessThan(missing);
        assertThat(shop.number("SELECT count(*) FROM shop.orders WHERE customer_tier IN ('large', 'small')"
                        + " AND customer_tier <> CASE WHEN amount >= 100 THEN 'large' ELSE 'small' END"))
                .isZero();
        assertThat(shop.shell().run("rollback", "1", "--yes").exit()).isZero();
        assertThat(shop.missingTiers()).isEqualTo(missing);
    }

    @Test
    void whenTheProcessOfTheRunIsKilledTheProgramsThatItTalksToAre() throws Exception {
        String spec = Specs.write(folder, "spec.yaml", """
                backfill:
                  name: talker
                  scope: { table: shop.orders, date_column: order_date, date_range: { start: 2023-01-01, end: 2023-03-01 } }
                  transform:
                    command: "read -r line; echo $$ > talker.$$; sleep 600"
                    stream: true
                    reads: [amount]
                    columns: [customer_tier]
                  strategy: { chunk_by: month, parallelism: 1 }
                """);
        Process run = start("run", spec, "--yes");
        await(() -> !pids().isEmpty(), "the program");

        run.destroyForcibly().waitFor(30, TimeUnit.SECONDS);

        for (long pid : pids()) {
            await(() -> ProcessHandle.of(pid).isEmpty(), "the end of " + pid);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aProgramThatDoesNotHeedTheFirstSignalIsGoneAfterTheSecond(boolean stream) throws Exception {
        String spec = Specs.write(
                folder, "spec.yaml", """
                backfill:
                  name: stubborn
                  scope: { table: shop.orders, date_column: order_date, date_range: { start: 2023-01-01, end: 2023-02-01 } }
                  transform:
                    command: "trap 'touch asked' TERM; echo $$ > talker.$$; while :; do sleep 0.1; done"
                    %scolumns: [customer_tier]
                """.formatted(stream ? "stream: true\n    reads: [amount]\n    " : ""));
        Process run = start("run", spec, "--yes");
        await(() -> !pids().isEmpty(), "the program");
        interrupt(run);
        await(() -> Files.exists(folder.resolve("asked")), "the signal to the program");

        interrupt(run);

        assertThat(run.waitFor(30, TimeUnit.SECONDS)).isTrue();
        for (long pid : pids()) {
            await(() -> ProcessHandle.of(pid).isEmpty(), "the end of " + pid);
        }
    }

    private static void interrupt(Process run) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("kill", "-INT", Long.toString(run.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }

    private List<Long> pids() throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(f -> f.getFileName().toString())
                    .filter(f -> f.startsWith("talker."))
                    .map(f -> Long.parseLong(f.substring("talker.".length())))
                    .toList();
        }
    }

    @Test
    void whatIsWrongWithAStreamIsToldAtOnce() throws IOException {
        String spec = Specs.write(folder, "spec.yaml", """
                backfill:
                  name: wrong
                  scope: { table: shop.orders, date_column: order_date, date_range: { start: 2023-01-01, end: 2023-03-01 } }
                  transform:
                    command: ["work", "{{chunk_start}}"]
                    stream: true
                    per: batch
                    columns: [customer_tier]
                """);
        var planned = shop.shell().run("plan", spec);

        assertThat(planned.exit()).isEqualTo(2);
        assertThat(planned.all())
                .contains(
                        "{{chunk_start}} is not known; known are run_id",
                        "transform.reads: is required",
                        "per: does not go with transform.command, which does the work of each batch");
    }

    @Test
    void whatIsWrongWithItIsToldAtOnce() throws IOException {
        String spec = Specs.write(folder, "spec.yaml", """
                backfill:
                  name: wrong
                  scope: { table: shop.orders, date_column: order_date, date_range: { start: 2023-01-01, end: 2023-03-01 } }
                  transform:
                    command: ["work", "{{chunk_begin}}"]
                    timeout: soon
                    function: f
                    set: { customer_tier: "'gold'" }
                """);
        var planned = shop.shell().run("plan", spec);

        assertThat(planned.exit()).isEqualTo(2);
        assertThat(planned.all())
                .contains(
                        "{{chunk_begin}} is not known; known are chunk_start, chunk_end, chunk, run_id",
                        "'soon' is not a time from 1s to 7d",
                        "does not go with transform.command",
                        "which columns the function or the command writes");
    }

    private interface Condition {
        boolean holds() throws IOException;
    }

    private static void await(Condition condition, String what) throws Exception {
        Instant until = Instant.now().plus(Duration.ofSeconds(60));
        while (!condition.holds()) {
            assertThat(Instant.now()).as(what).isBefore(until);
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    private Process start(String... arguments) throws IOException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "io.backhoe.cli.Main"));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().put("BACKHOE_URL", shop.url());
        builder.environment().put("DATABASE_URL", shop.url());
        return builder.start();
    }
}
