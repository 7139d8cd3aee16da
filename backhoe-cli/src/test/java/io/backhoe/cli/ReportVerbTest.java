package io.backhoe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

@Timeout(180)
class ReportVerbTest {
    private static final String NASTY = """
            backfill:
              name: "<script>alert('x')</script> \\"|` Größe 日本"
              scope: { table: shop.orders }
              transform:
                set: { customer_tier: "CASE WHEN pg_sleep(0.002) IS NULL THEN 'x' ELSE 'slow' END" }
              strategy: { type: incremental, chunk_by: key, chunk_size: 3000, parallelism: 1, preserve_existing: true }
            """;

    @TempDir
    private Path folder = Path.of("");

    private final Shop shop = new Shop(12_000);
    private final Shell shell = shop.shell();

    @AfterEach
    void close() {
        shop.close();
    }

    @Test
    void aFinishedRunIsGradedAndThenTakenBack() throws IOException {
        run(Specs.TIERS);

        var page = shell.run("report");
        assertThat(page.exit()).isZero();
        assertThat(page.out())
                .startsWith("# Backfill Progress: orders_tier_backfill\n\n**Started:** 20")
                .contains("**Current Status:** SUCCEEDED since 20")
                .contains("`█████████████████████████` 100% (12/12 chunks)")
                .contains("| Chunk | Date Range | Rows | Status | Duration |", "| 2023-01 | Jan 2023 | ")
                .contains("**Rows Processed:** 12,000 / ~1", "**Rows Changed:** 11,760", "**Elapsed Time:** ")
                .contains("| Time of work | ", "| Rows changed | ", "## How to Undo", "    backhoe rollback 1\n")
                .contains("PLANNED -> RUNNING", "VERIFYING -> SUCCEEDED")
                .doesNotContain("Estimated Remaining", "Quarantined", "So far");

        shell.run("rollback", "--yes");
        assertThat(shell.run("report", "1").out())
                .contains("ROLLED_BACK since", "100% (12/12 chunks) taken back", "| ↩ rolled back |")
                .contains("**Rows Restored:** 11,760", "| Actual |", "There is nothing left to undo.")
                .doesNotContain("    backhoe rollback");
    }

    @Test
    void aPausedRunSaysWhyAndWhatItHasDone() throws IOException {
        run(Specs.TIERS, "--max-chunks", "2");

        assertThat(shell.run("report", "orders_tier_backfill").out())
                .contains("PAUSED since", "stopped after the chunks asked for; 10 wait", "(2/12 chunks)")
                .contains("| ○ waiting | - |", "So far", "    backhoe rollback 1\n")
                .doesNotContain("Estimated Remaining");

        JsonNode data = shell.run("report", "--json").data();
        assertThat(data.get("run_id").asString()).isEqualTo("1");
        assertThat(data.get("state").asString()).isEqualTo("PAUSED");
        assertThat(data.get("total_chunks").asInt()).isEqualTo(12);
        assertThat(data.get("successful").asInt()).isEqualTo(2);
        assertThat(data.get("failed").asInt()).isZero();
        assertThat(data.get("total_rows").asLong())
                .isEqualTo(shop.number("SELECT count(*) FROM shop.orders WHERE customer_tier IS NOT NULL") - 240);
        assertThat(data.get("chunks").get(1).get("date_range").toString()).isEqualTo("[\"2023-02-01\",\"2023-03-01\"]");
        assertThat(data.get("remaining_ms").isNull()).isTrue();
        assertThat(data.get("worked_ms").asLong())
                .isBetween(1L, data.get("duration_ms").asLong() + 1000);
        assertThat(data.get("undo_command").asString()).isEqualTo("backhoe rollback 1");
    }

    @Test
    void rowsSetAsideAreCountedWithoutTheirValues() throws IOException {
        run(Specs.POISON);
        shop.execute("""
                INSERT INTO backhoe.attempt (run_id, chunk, segment, batch_rows, sqlstate, message, detail)
                VALUES (1, 1, 1, 500, '40001', 'Please ring twice', 'Please ring twice')
                """);

        var page = shell.run("report");
        assertThat(page.out())
                .contains("PARTIAL since", "## Retries", "## Quarantined Rows", "7 rows could not be changed")
                .contains(
                        "| 22012 | 7 | 20",
                        "| 40001 | 1 | 20",
                        "FROM backhoe.quarantine WHERE run_id = 1",
                        "    backhoe retry 1\n")
                .contains("✓ done (7 rows set aside)")
                .doesNotContain("Please ring twice");
        JsonNode data = shell.run("report", "--json").data();
        assertThat(data.get("quarantine").get(0).get("rows").asInt()).isEqualTo(7);
        assertThat(data.get("retries").get(0).get("sqlstate").asString()).isEqualTo("40001");
        assertThat(data.get("retries").get(0).get("attempts").asInt()).isEqualTo(1);
    }

    @Test
    void aRunOfAnotherProcessIsToldWhileItGoesOnAndAfterItDied() throws IOException, InterruptedException {
        String spec = Specs.write(folder, "nasty.yaml", NASTY);
        Process process = start("run", spec, "--yes", "--no-rehearsal");
        try {
            awaitRun(process.inputReader(StandardCharsets.UTF_8));

            String going = shell.run("report").out();
            assertThat(going)
                    .startsWith("# Backfill Progress: \\<script>alert('x')\\</script> \"\\|\\` Größe 日本\n")
                    .contains("**Current Status:** RUNNING, executed by ")
                    .contains("**Estimated Remaining:** measuring", "| ▶ running |", "| after ")
                    .doesNotContain("second date");
            assertThat(shell.run("report", "--format", "html").out())
                    .contains("&lt;script&gt;", "Größe 日本")
                    .doesNotContain("<script");
        } finally {
            process.destroyForcibly().waitFor(30, TimeUnit.SECONDS);
        }
        shell.run("pause", "1");
        String after = shell.run("report").out();
        assertThat(after).contains("PAUSED since", "pause asked by", "last sign of life of ");
    }

    @Test
    void aReportIsReplacedAndNothingElseIs() throws IOException {
        run(Specs.TIERS, "--max-chunks", "1");

        for (String name : List.of("r.md", "r.html", "r.json")) {
            Path file = folder.resolve(name);
            assertThat(shell.run("report", "-o", file.toString()).exit()).isZero();
            assertThat(shell.run("report", "-o", file.toString()).exit()).isZero();
        }
        assertThat(folder.resolve("r.md")).content().startsWith("# Backfill Progress: ");
        assertThat(folder.resolve("r.html"))
                .content()
                .startsWith("<!DOCTYPE html>")
                .endsWith("</html>\n");
        assertThat(folder.resolve("r.json")).content().contains("\"schema\" : \"backhoe.report/v1\"");

        Path notes = Files.writeString(folder.resolve("notes.md"), "# My notes\n");
        var refused = shell.run("report", "-o", notes.toString(), "--json");
        assertThat(refused.exit()).isEqualTo(3);
        assertThat(refused.errorCode()).isEqualTo("file_exists");
        assertThat(notes).content().isEqualTo("# My notes\n");
        var forced = shell.run("report", "-o", notes.toString(), "--json", "--force");
        assertThat(forced.data().get("path").asString()).isEqualTo(notes.toString());
        assertThat(notes).content().startsWith("# Backfill Progress: ");

        assertThat(shell.run("report", "-o", folder.toString()).err()).contains("it is a folder");
        assertThat(shell.run("report", "-o", folder.resolve("no/r.md").toString())
                        .exit())
                .isEqualTo(2);
        assertThat(shell.run("report", "--json", "--format", "html").exit()).isEqualTo(2);
        assertThat(shell.run("report", "--format", "json").data().get("state").asString())
                .isEqualTo("PAUSED");
        try (var left = Files.list(folder)) {
            assertThat(left.filter(p -> p.toString().endsWith(".part"))).isEmpty();
        }
    }

    private void run(String spec, String... more) throws IOException {
        var arguments = new ArrayList<>(List.of("run", Specs.write(folder, "spec.yaml", spec), "--yes"));
        arguments.addAll(List.of(more));
        assertThat(shell.run(arguments.toArray(String[]::new)).exit()).isIn(0, 5, 9);
    }

    private Process start(String... arguments) throws IOException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "io.backhoe.cli.Main"));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("BACKHOE_URL", shop.url());
        return builder.start();
    }

    private static void awaitRun(BufferedReader from) throws IOException {
        for (String line = from.readLine(); line != null; line = from.readLine()) {
            if (line.startsWith("  run 1;")) {
                return;
            }
        }
        throw new AssertionError("the process ended before it had a run");
    }
}
