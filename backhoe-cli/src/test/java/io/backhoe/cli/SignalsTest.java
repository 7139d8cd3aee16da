package io.backhoe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A process of its own, and signals to it. Its run takes a millisecond a row. */
@Timeout(120)
class SignalsTest {
    static final String SLOW = """
            backfill:
              name: slow
              scope:
                table: shop.orders
                date_column: order_date
                date_range: { start: 2023-01-01, end: 2024-01-01 }
              transform:
                set: { customer_tier: "CASE WHEN pg_sleep(0.001) IS NULL THEN 'x' ELSE 'slow' END" }
              strategy: { type: incremental, chunk_by: month, parallelism: 1, preserve_existing: true }
            """;

    @TempDir
    private Path folder = Path.of("");

    private final Shop shop = new Shop(12_000);
    private String spec = "";

    @BeforeEach
    void writeSpec() throws IOException {
        spec = Specs.write(folder, "slow.yaml", SLOW);
    }

    @AfterEach
    void close() {
        shop.close();
    }

    @Test
    void theFirstSignalStopsResumableAndTheSecondLeavesAtOnce() throws IOException, InterruptedException {
        Process process = start("run", spec, "--yes", "--json");
        BufferedReader err = process.errorReader(StandardCharsets.UTF_8);
        awaitLine(err, "  run 1;");
        signal(process, "INT");

        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(9);
        assertThat(err.lines().toList().toString())
                .contains("stopping: open batches end within 5 s", "backhoe resume 1");
        assertThat(shop.shell().run("status", "--json").data().get("state").asString())
                .isEqualTo("PAUSED");

        assertThat(shop.shell().run("cancel", "1").exit()).isZero();
    }

    @Test
    void whatIsStoppedFromElsewhereEndsCleanly() throws IOException, InterruptedException {
        Process process = start("run", spec, "--yes", "--json");
        awaitLine(process.errorReader(StandardCharsets.UTF_8), "  run 1;");

        assertThat(shop.shell().run("status").out()).contains("executor     alive");
        var paused = shop.shell().run("pause", "--json");
        assertThat(paused.exit()).isZero();
        assertThat(paused.data().get("state").asString()).isEqualTo("PAUSED");

        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(9);
    }

    @Test
    void aSecondSignalDoesNotWait() throws IOException, InterruptedException {
        Process process = start("run", spec, "--yes", "--json");
        BufferedReader err = process.errorReader(StandardCharsets.UTF_8);
        awaitLine(err, "  run 1;");
        signal(process, "TERM");
        assertThat(err.readLine()).contains("stopping");
        signal(process, "INT");

        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isIn(130, 9);
    }

    @Test
    void aSecondTermOfASupervisorStillLeavesItPaused() throws IOException, InterruptedException {
        Process process = start("run", spec, "--yes", "--json");
        BufferedReader err = process.errorReader(StandardCharsets.UTF_8);
        awaitLine(err, "  run 1;");
        signal(process, "TERM");
        assertThat(err.readLine()).contains("stopping");
        signal(process, "TERM");

        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(9);
        assertThat(shop.shell().run("status", "--json").data().get("state").asString())
                .isEqualTo("PAUSED");
    }

    @Test
    void aDemoThatIsStoppedRemovesItsSchema() throws IOException, InterruptedException {
        Process process = start("demo", "--rows", "2000000", "--url", shop.url());
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        awaitLine(out, "Filling a shop");
        signal(process, "TERM");

        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(130);
        assertThat(demoSchemas()).isZero();
    }

    @Test
    void aDemoThatIsStoppedLeavesNoOpenRun() throws IOException, InterruptedException {
        Process process = start("demo", "--rows", "1000000", "--url", shop.url());
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        awaitLine(out, "  run 1;");
        signal(process, "TERM");

        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(9);
        assertThat(demoSchemas()).isZero();
        assertThat(shop.shell().run("status", "--json").data().get("state").asString())
                .isEqualTo("CANCELLED");
    }

    @ParameterizedTest
    @ValueSource(strings = {"plan", "assess", "init", "verify"})
    void whatOnlyLooksSaysThatItWasStoppedAndLeavesNoStatementBehind(String verb)
            throws IOException, InterruptedException {
        if (verb.equals("verify")) {
            String quick = Specs.write(folder, "quick.yaml", SLOW.replace("pg_sleep(0.001) IS NULL", "false"));
            assertThat(shop.shell().run("run", quick, "--yes").exit()).isZero();
        }
        shop.execute("BEGIN");
        shop.execute("LOCK TABLE shop.orders IN ACCESS EXCLUSIVE MODE");
        Process process = switch (verb) {
            case "init" -> start(verb, "--table", "shop.orders", "--column", "customer_tier", "--json");
            case "verify" -> start(verb, "--check", "verify_no_nulls_in_customer_tier", "--json");
            default -> start(verb, spec, "--json");
        };
        awaitLock(process);
        signal(process, verb.equals("init") ? "TERM" : "INT");

        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(130);
        // Within a transaction the server answers what it saw first.
        shop.execute("SELECT pg_stat_clear_snapshot()");
        assertThat(shop.number("SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'backhoe/%'"
                        + " AND state = 'active' AND datname = current_database()"))
                .isZero();
        shop.execute("ROLLBACK");
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        var error = new Shell.Result(130, out, "").json().get("error");
        assertThat(error.get("code").asString()).isEqualTo("interrupted");
        String said = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(said.lines().filter(line -> line.contains("stopped by")))
                .singleElement()
                .asString()
                .contains(verb.equals("init") ? "SIGTERM" : "SIGINT", "nothing was changed");
    }

    /** The server does the waiting, a hundredth of a second at a time. */
    private void awaitLock(Process process) {
        while (shop.number(
                        "SELECT count(*) FROM pg_stat_activity, pg_sleep(0.01) WHERE application_name LIKE 'backhoe/%'"
                                + " AND wait_event_type = 'Lock' AND datname = current_database()")
                == 0) {
            assertThat(process.isAlive()).isTrue();
            shop.execute("SELECT pg_stat_clear_snapshot()");
        }
    }

    private long demoSchemas() {
        return shop.number("SELECT count(*) FROM pg_namespace WHERE nspname = 'backhoe_demo'");
    }

    private Process start(String... arguments) throws IOException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "io.backhoe.cli.Main"));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command);
        builder.environment().put("BACKHOE_URL", shop.url());
        return builder.start();
    }

    private static void awaitLine(BufferedReader from, String beginning) throws IOException {
        for (String line = from.readLine(); line != null; line = from.readLine()) {
            if (line.startsWith(beginning)) {
                return;
            }
        }
        throw new AssertionError("the process ended before it said: " + beginning);
    }

    private static void signal(Process process, String name) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }
}
