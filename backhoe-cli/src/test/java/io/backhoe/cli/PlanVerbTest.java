package io.backhoe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.backhoe.database.Row;
import io.backhoe.spec.SpecFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PlanVerbTest {
    @TempDir
    private Path folder = Path.of("");

    private final Shop shop = new Shop(12_000);
    private final Shell shell = shop.shell();
    private String spec = "";

    @BeforeEach
    void writeSpec() throws IOException {
        spec = Specs.write(folder, "spec.yaml", Specs.TIERS);
        Files.deleteIfExists(folder.resolve("orders_tier_backfill.plan.yaml"));
    }

    @AfterAll
    void close() {
        shop.close();
    }

    @Test
    void writesAPlanBesideTheSpecAndShowsIt() throws IOException {
        var result = shell.run("plan", spec);

        assertThat(result.exit()).isZero();
        assertThat(result.out())
                .contains("shop.orders, 2023-01-01 to 2024-01-01 of order_date", "12 chunks", "2 workers")
                .contains("orders_order_date_id", "2023-12", "UPDATE shop.orders", "backhoe run ");
        assertThat(SpecFile.isPlan(Files.readString(folder.resolve("orders_tier_backfill.plan.yaml"))))
                .isTrue();
        assertThat(shop.number("SELECT count(*) FROM pg_namespace WHERE nspname = 'backhoe'"))
                .isZero();
    }

    @Test
    void theDocumentHoldsWhatAReviewerNeeds() {
        var result = shell.run("plan", spec, "--json");

        var data = result.data();
        assertThat(data.get("plan_hash").asString()).startsWith("sha256:");
        assertThat(data.get("path").asString()).endsWith("orders_tier_backfill.plan.yaml");
        assertThat(data.get("chunks")).hasSize(12);
        assertThat(data.get("chunks").get(0).get("date_range").toString()).isEqualTo("[\"2023-01-01\",\"2023-02-01\"]");
        assertThat(data.get("access").get("index").asString()).isEqualTo("orders_order_date_id");
        assertThat(data.get("sql").get("write").asString()).contains("UPDATE shop.orders");
        assertThat(data.get("notes").isArray()).isTrue();
    }

    @Test
    void thePlanCanGoToStdoutAlone() {
        var result = shell.run("plan", spec, "-o", "-");

        assertThat(SpecFile.isPlan(result.out())).isTrue();
        assertThat(result.err()).contains("Plan orders_tier_backfill");
        assertThat(shell.run("plan", spec, "-o", "-", "--json").exit()).isEqualTo(2);
    }

    @Test
    void aFileThatIsNotAPlanIsNotOverwritten() throws IOException {
        String other = Specs.write(folder, "other.txt", "mine");

        var refused = shell.run("plan", spec, "-o", other, "--json");
        assertThat(refused.exit()).isEqualTo(3);
        assertThat(refused.errorCode()).isEqualTo("file_exists");
        assertThat(Files.readString(Path.of(other))).isEqualTo("mine");

        assertThat(shell.run("plan", spec, "-o", other, "--force").exit()).isZero();
        assertThat(shell.run("plan", spec, "-o", other).exit()).isZero();
    }

    @Test
    void flagsAddToTheSpec() {
        var result = shell.run(
                "plan", spec, "-o", "-", "--set", "customer_tier='x=y'", "--where", "orders.status <> 'test'", "--sql");

        assertThat(result.exit()).isZero();
        assertThat(result.out()).contains("x=y", "status <> 'test'");
        assertThat(result.err()).contains("SQL: boundary", "SQL: undo write");
    }

    @Test
    void everyProblemOfAFileIsToldAtOnce() throws IOException {
        String broken = Specs.write(
                folder, "broken.yaml", Specs.TIERS.replace("scope:", "scoop:").replace("chunk_by", "chunk_buy"));

        var result = shell.run("plan", broken);

        assertThat(result.exit()).isEqualTo(2);
        assertThat(result.err()).contains("broken.yaml:3:", "scope", "chunk_by", "did you mean");
        assertThat(shell.run("plan", broken, "--json").errorCode()).isEqualTo("spec_invalid");
    }

    @Test
    void aTableOrColumnThatIsNotThereIsNamed() throws IOException {
        String table = Specs.write(folder, "table.yaml", Specs.TIERS.replace("shop.orders", "shop.ordres"));

        var result = shell.run("plan", table, "--json");
        assertThat(result.exit()).isEqualTo(3);
        assertThat(result.errorCode()).isEqualTo("table_not_found");
        assertThat(result.json().get("error").toString()).contains("ordres", "orders");

        var column = shell.run("plan", spec, "--json", "--set", "customer_teir='x'");
        assertThat(column.exit()).isEqualTo(2);
        assertThat(column.errorCode()).isEqualTo("column_not_found");
        assertThat(column.json().get("error").toString()).contains("customer_teir", "customer_tier");
    }

    @Test
    void aRangeThatTheClockSkipsIsNoRange() throws IOException {
        String gap = Specs.write(
                folder,
                "gap.yaml",
                Specs.TIERS
                        .replace(
                                "{ start: 2023-01-01, end: 2024-01-01 }",
                                "{ start: \"2023-03-26T02:30\", end: \"2023-03-26T02:45\" }\n    timezone: Europe/Berlin")
                        .replace("chunk_by: month", "chunk_by: hour"));
        var result = shop.shell().run("plan", gap, "--json");
        assertThat(result.exit()).isEqualTo(2);
        assertThat(result.errorCode()).isEqualTo("empty_range");
    }

    @Test
    void sqlThatDoesNotWorkIsRefused() {
        var function = shell.run("plan", spec, "--json", "--set", "customer_tier=nosuch(1)");
        assertThat(function.exit()).isEqualTo(2);
        assertThat(function.errorCode()).isEqualTo("expression_invalid");
        assertThat(function.json().get("error").toString()).contains("nosuch");

        assertThat(shell.run("plan", spec, "--where", "status = 'x").exit()).isEqualTo(2);
        assertThat(shell.run("plan", spec, "--set", "customer_tier").exit()).isEqualTo(2);
    }

    @Test
    void whatIsNoFileOrAPlanAlreadyIsRefused() {
        assertThat(shell.run("plan", folder.resolve("nosuch.yaml").toString(), "--json")
                        .errorCode())
                .isEqualTo("file_not_readable");
        shell.run("plan", spec);
        var plan = shell.run(
                "plan", folder.resolve("orders_tier_backfill.plan.yaml").toString(), "--json");
        assertThat(plan.errorCode()).isEqualTo("is_a_plan");
    }

    @Test
    void isRehearsedAndForecast() {
        // What other tests have rehearsed is not vacuumed away yet.
        shop.execute("VACUUM ANALYZE shop.orders");

        var result = shell.run("plan", spec, "--json");

        assertThat(result.err())
                .containsPattern("rehearsing 3 batches of 1[12][0-9] rows; rolled back")
                .containsPattern("Forecast \\(eight of ten runs end within\\)(?s:.*)measured on 3[3-8][0-9] rows");
        var forecast = result.data().get("forecast");
        assertThat(forecast.get("rehearsed").asBoolean()).isTrue();
        assertThat(forecast.get("rows_examined").asLong()).isBetween(11_000L, 13_000L);
        assertThat(forecast.get("rows_changed").get("low").asLong()).isBetween(10_000L, 11_760L);
        assertThat(forecast.get("rows_changed").get("high").asLong()).isBetween(11_760L, 13_000L);
        assertThat(forecast.get("duration_ms").get("low").asLong())
                .isBetween(1L, forecast.get("duration_ms").get("high").asLong());
        assertThat(forecast.get("wal_bytes").asLong()).isPositive();
        assertThat(forecast.get("table_growth_bytes").asLong()).isPositive();
        assertThat(forecast.get("index_growth_bytes").asLong()).isPositive();
        assertThat(forecast.get("image_bytes").asLong()).isPositive();
        assertThat(result.data().get("explain").get("write").asString()).contains("Scan using");
    }

    @Test
    void withoutARehearsalTheForecastSaysSo() {
        var result = shell.run("plan", spec, "--no-rehearsal", "--json");

        assertThat(result.err()).contains("not rehearsed: not asked for; so it is a guess");
        assertThat(result.err()).doesNotContain("rehearsing");
        assertThat(result.data().get("forecast").get("rehearsed").asBoolean()).isFalse();
        assertThat(result.data().get("forecast").get("not_rehearsed").asString())
                .isEqualTo("not asked for");
    }

    @Test
    void aSavedPlanIsShownWithoutADatabase() throws IOException {
        shell.run("plan", spec);
        String file = folder.resolve("orders_tier_backfill.plan.yaml").toString();

        var shown = Shell.script().run("plan", "--show", file);
        assertThat(shown.exit()).isZero();
        assertThat(shown.out()).contains("Plan orders_tier_backfill", "12 chunks", "Forecast", "UPDATE shop.orders");
        assertThat(Shell.script().run("plan", "--show", file, "--json").data().get("chunks"))
                .hasSize(12);

        assertThat(Shell.script().run("plan", "--show", spec).exit()).isEqualTo(2);
    }

    @Test
    void whatWasEditedInAPlanIsFound() throws IOException {
        shell.run("plan", spec);
        String plan = Files.readString(folder.resolve("orders_tier_backfill.plan.yaml"));
        String edited = Specs.write(
                folder, "edited.yaml", plan.replace("'bronze'", "'tin'").replace("\"2023-03-01 00:00:00+00\"", "x"));
        assertThat(shell.run("run", edited, "--json")
                        .json()
                        .get("error")
                        .get("hint")
                        .asString())
                .contains("backhoe plan SPEC --diff " + edited);

        var result = shell.run("plan", spec, "--diff", edited, "--json");

        assertThat(result.exit()).isZero();
        assertThat(result.data().get("same_work").asBoolean()).isFalse();
        var differences = result.data().get("differences");
        assertThat(differences.get("spec").toString()).contains("- transform.set.customer_tier", "'tin'", "'bronze'");
        assertThat(differences.get("sql write").toString()).contains("'tin'", "'bronze'");
        assertThat(differences.get("chunks").toString()).contains("2023-02", "2023-03");
        assertThat(differences.has("table")).isFalse();
        assertThat(result.err()).contains("- " + edited, "edited since it was made", "They do not do the same.");
    }

    @Test
    void whatIsSaidOfTheServerIsCompared() throws IOException {
        String small = Specs.write(folder, "small.yaml", Specs.TIERS + "  server: { cpus: 1, disk_free: 1MB }\n");
        String large = Specs.write(folder, "large.yaml", Specs.TIERS + "  server: { cpus: 1, disk_free: 10 TB }\n");

        var refused = shell.run("plan", small, "--json");
        assertThat(refused.exit()).isEqualTo(3);
        assertThat(refused.errorCode()).isEqualTo("disk_too_small");
        assertThat(refused.err()).contains("server.disk_free says 1 MB");

        var planned = shell.run("plan", large, "--json");
        assertThat(planned.exit()).isZero();
        assertThat(planned.data().get("notes").toString()).contains("strategy.parallelism is 2, and server.cpus 1");
    }

    @Test
    void anotherPlanInTheFileIsKeptAndNamed() throws IOException {
        Path file = folder.resolve("orders_tier_backfill.plan.yaml");
        Path kept = folder.resolve("orders_tier_backfill.plan.replaced.yaml");
        shell.run("plan", spec, "--no-rehearsal");
        String first = Files.readString(file);
        String weeks = Specs.write(folder, "weeks.yaml", Specs.TIERS.replace("chunk_by: month", "chunk_by: week"));

        var same = shell.run("plan", spec, "--no-rehearsal", "--json");
        assertThat(same.data().get("replaced").isNull()).isTrue();
        assertThat(kept).doesNotExist();

        var other = shell.run("plan", weeks, "--no-rehearsal");
        assertThat(other.out())
                .contains("It takes the place of plan ", "which is kept as " + kept)
                .contains("backhoe plan " + file + " --diff " + kept);
        assertThat(Files.readString(kept)).isEqualTo(first);
        assertThat(shell.run("plan", file.toString(), "--diff", kept.toString()).out())
                .contains("- strategy.chunk_by: MONTH", "+ strategy.chunk_by: WEEK");
    }

    @Test
    void aPlanThatWasEditedIsNotOverwritten() throws IOException {
        Path file = folder.resolve("orders_tier_backfill.plan.yaml");
        shell.run("plan", spec, "--no-rehearsal");
        String edited = Files.readString(file).replace("parallelism: 2", "parallelism: 3");
        Files.writeString(file, edited);

        var refused = shell.run("plan", spec, "--no-rehearsal", "--json");

        assertThat(refused.exit()).isEqualTo(3);
        assertThat(refused.errorCode()).isEqualTo("file_exists");
        assertThat(refused.err()).contains("was edited since it was planned", "--output", "--force");
        assertThat(Files.readString(file)).isEqualTo(edited);

        var forced = shell.run("plan", spec, "--no-rehearsal", "--force", "--json");
        assertThat(forced.exit()).isZero();
        assertThat(Files.readString(
                        Path.of(forced.data().get("replaced").get("path").asString())))
                .isEqualTo(edited);
    }

    @Test
    void anEditIsNamedWithWhatStandsThereAndWithWhatStoodThereWhereTheLedgerKnows() throws IOException {
        try (var other = new Shop(1_000)) {
            String file = folder.resolve("run.plan.yaml").toString();
            other.shell().run("plan", spec, "-o", file, "--no-rehearsal");
            String edited = Specs.write(
                    folder,
                    "edited.plan.yaml",
                    Files.readString(Path.of(file)).replace("parallelism: 2", "parallelism: 3"));

            var before = other.shell().run("run", edited, "--json");
            assertThat(before.exit()).isEqualTo(7);
            assertThat(before.err()).contains("strategy.parallelism: is now 3");

            assertThat(other.shell().run("run", file, "--yes").exit()).isZero();
            var after = other.shell().run("run", edited, "--json");
            assertThat(after.exit()).isEqualTo(7);
            assertThat(after.err()).contains("- strategy.parallelism: 2", "+ strategy.parallelism: 3");
        }
    }

    @Test
    void noEditThatChangesTheHashIsLost() throws IOException {
        String file = folder.resolve("orders_tier_backfill.plan.yaml").toString();
        shell.run("plan", spec, "--no-rehearsal");
        String plan = Files.readString(Path.of(file));
        for (String[] edit : new String[][] {
            {"\"2023-02-01\", \"2023-03-01\"", "\"2023-02-01\", \"2023-03-02\""},
            {"repeatable_read: false", "repeatable_read: true"},
            {"timezone: UTC", "timezone: Asia/Tokyo"},
            {"parallelism: 2", "parallelism: 3"},
            {"DateStyle: ", "IntervalStyle: "},
        }) {
            assertThat(plan).contains(edit[0]);
            String edited = Specs.write(folder, "one.yaml", plan.replace(edit[0], edit[1]));

            var result = Shell.script().run("plan", edited, "--diff", file, "--json");

            assertThat(result.data().get("same_work").asBoolean()).as(edit[1]).isFalse();
            assertThat(result.data().get("differences").toString()).doesNotContain("hash of the content");
        }
    }

    @Test
    void twoPlansAreComparedWithoutADatabase() throws IOException {
        String old = folder.resolve("old.plan.yaml").toString();
        String now = folder.resolve("now.plan.yaml").toString();
        String weeks = Specs.write(folder, "weeks.yaml", Specs.TIERS.replace("chunk_by: month", "chunk_by: week"));
        shell.run("plan", spec, "-o", old);
        shell.run("plan", weeks, "-o", now, "--no-rehearsal");

        var result = Shell.script().run("plan", now, "--diff", old);

        assertThat(result.exit()).isZero();
        assertThat(result.out())
                .contains(
                        "- strategy.chunk_by: MONTH",
                        "+ strategy.chunk_by: WEEK",
                        "- 2023-01: 2023-01-01 to 2023-02-01, [",
                        "+ 2023-W05: 2023-01-30")
                .contains("forecast", "They do not do the same.")
                .doesNotContain("sql write");
        assertThat(Shell.script().run("plan", old, "--diff", old).out()).contains("Both do the same.");
        assertThat(Shell.script().run("plan", old, "--diff", spec).exit()).isEqualTo(2);
        assertThat(shell.run("plan", spec, "--diff", old, "-o", "-").exit()).isEqualTo(2);
    }

    @Test
    void theSqlOfABatchAndOfItsUndoCanBePasted() {
        long missing = shop.missingTiers();
        String page = shell.run("plan", spec, "--sql").out();

        assertThat(page).contains("-- SQL: boundary", "-- SQL: write", "-- SQL: undo write", "How the server would");
        String script = page.substring(page.indexOf("    BEGIN"), page.indexOf("    ROLLBACK;") + 13);
        assertThat(script).doesNotContain(":chunk", ":after", "{run}").contains("'2023-12-01 00:00:00+00'");
        paste(script);
        assertThat(shop.missingTiers()).isEqualTo(missing);
        assertThat(shop.number("SELECT count(*) FROM pg_namespace WHERE nspname = 'backhoe'"))
                .isZero();
        paste(script.replace(
                "-- SQL: undo index",
                "DO $$ BEGIN ASSERT (SELECT count(*) FROM backhoe.before_image_0) BETWEEN 900 AND 1000; END $$;"));
    }

    /** As psql does it: what stands before a \\gset gives values to the names that follow. */
    private void paste(String script) {
        String rest = script;
        for (int at = rest.indexOf("\\gset"); at >= 0; at = rest.indexOf("\\gset")) {
            int query = rest.lastIndexOf("SELECT * FROM (", at);
            shop.execute(rest.substring(0, query));
            Row found = shop.row(rest.substring(query, at));
            int next = rest.indexOf("\\gset", at + 5);
            String here = rest.substring(at + 5, next < 0 ? rest.length() : next);
            String after = next < 0 ? "" : rest.substring(next);
            for (int i = 0; i < found.values().size() - 1; i++) {
                here = here.replace(":'upto_" + (i + 1) + "'", "'" + found.required(i) + "'");
            }
            rest = here + after;
        }
        shop.execute(rest);
    }
}
