package io.backhoe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.backhoe.ledger.ChunkRecord;
import io.backhoe.report.RunReport;
import io.backhoe.value.ChunkState;
import io.backhoe.value.RunState;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RunPageTest {
    @Test
    void theEndIsATableAndAVerdict() {
        var report = Runs.report(
                RunState.PARTIAL,
                Runs.chunk(1, ChunkState.SUCCESS, 1_200_000, null),
                Runs.chunk(2, ChunkState.FAILED, 300, "division by zero"));

        assertThat(page(report).end())
                .containsExactly(
                        "  chunk    state                  changed   examined   time",
                        "  2023-01  success              1,200,000  1,200,000  2.0 s",
                        "  2023-02  failed (3 attempts)        300        300  2.0 s",
                        "",
                        "Run 3 (orders_tier_backfill) PARTIAL: 1 of 2 chunks, in 10 s",
                        "  rows         1,200,300 changed of 1,200,300 examined, 120,030 rows/s",
                        "  2023-02: division by zero",
                        "  undo         backhoe rollback 3 --url u");
    }

    @Test
    void aRunWithoutAProcessSaysHowToGoOn() {
        var report = new RunReport(
                Runs.run(RunState.RUNNING, null, false), List.of(Runs.chunk(1, ChunkState.RUNNING, 300, null)));

        assertThat(page(report).status())
                .contains("  executor     no process executes it: backhoe resume 3 --url u")
                .contains("  progress     30 % of about 1,000 rows; chunks: 1 running, 0 waiting, 0 failed");
    }

    @Test
    void ofAYearOfDaysOnlyTheOnesToLookAtAreShown() {
        var chunks = IntStream.rangeClosed(1, 365)
                .mapToObj(i -> Runs.chunk(i, i == 99 ? ChunkState.FAILED : ChunkState.SUCCESS, 10, null))
                .toArray(ChunkRecord[]::new);

        var lines = page(Runs.report(RunState.PARTIAL, chunks)).end();

        assertThat(lines).hasSizeLessThan(10).contains("  and 364 more; backhoe status 3 --url u --chunks shows all");
    }

    @Test
    void coloursAreForTerminalsThatWantThem() {
        var report = Runs.report(RunState.SUCCEEDED, Runs.chunk(1, ChunkState.SUCCESS, 10, null));

        assertThat(headline(report, Map.of("TERM", "xterm"))).contains("\u001b[32mSUCCEEDED\u001b[0m");
        assertThat(headline(report, Map.of("TERM", "xterm", "NO_COLOR", "1"))).doesNotContain("\u001b");
        assertThat(headline(report, Map.of("TERM", "dumb"))).doesNotContain("\u001b");
    }

    private static String headline(RunReport report, Map<String, String> env) {
        return String.join("\n", new RunPage(out(env), report, Runs.START, "").end());
    }

    private static RunPage page(RunReport report) {
        return new RunPage(out(Map.of()), report, Runs.START.plusSeconds(10), " --url u");
    }

    private static Out out(Map<String, String> env) {
        var nowhere = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
        return new Out(new Terminal(nowhere, nowhere, new ByteArrayInputStream(new byte[0]), true, false, env), false);
    }
}
