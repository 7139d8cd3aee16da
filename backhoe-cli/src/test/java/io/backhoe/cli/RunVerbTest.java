package io.backhoe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class RunVerbTest {
    @TempDir
    private Path folder = Path.of("");

    private final Shop shop = new Shop(12_000);
    private final Shell shell = shop.shell();
    private String spec = "";
    private String plan = "";

    @BeforeEach
    void writeSpec() throws IOException {
        spec = Specs.write(folder, "spec.yaml", Specs.TIERS);
        plan = folder.resolve("orders_tier_backfill.plan.yaml").toString();
    }

    @AfterEach
    void close() {
        shop.close();
    }

    @Test
    void aPlanRunsWithoutAQuestion() {
        shell.run("plan", spec);

        var result = shell.run("run", plan);

        assertThat(result.exit()).isZero();
        assertThat(result.err()).isEqualTo("The ledger (schema backhoe) is not there yet; it is created first.\n");
        assertThat(result.out())
                .contains("SUCCEEDED: 12 of 12 chunks", "11,760 changed of 12,000 examined")
                .contains("undo         backhoe rollback 1");
        assertThat(shop.missingTiers()).isZero();
    }

    @Test
    void theDocumentNamesTheRunAndEachChunk() {
        JsonNode data = shell.run("run", spec, "--yes", "--json").data();

        assertThat(data.get("run_id").asString()).isEqualTo("1");
        assertThat(data.get("state").asString()).isEqualTo("SUCCEEDED");
        assertThat(data.get("total_chunks").asInt()).isEqualTo(12);
        assertThat(data.get("successful").asInt()).isEqualTo(12);
        assertThat(data.get("failed").asInt()).isZero();
        assertThat(data.get("total_rows").asLong()).isEqualTo(11_760);
        assertThat(data.get("examined_rows").asLong()).isEqualTo(12_000);
        assertThat(data.get("started_at").asString()).endsWith("Z");
        assertThat(data.get("duration_ms").isNumber()).isTrue();
        assertThat(data.get("executor_alive").asBoolean()).isFalse();
        JsonNode chunk = data.get("chunks").get(11);
        assertThat(chunk.get("id").asString()).isEqualTo("2023-12");
        assertThat(chunk.get("date_range").toString()).isEqualTo("[\"2023-12-01\",\"2024-01-01\"]");
        assertThat(chunk.get("status").asString()).isEqualTo("success");
        assertThat(chunk.get("attempts").asInt()).isEqualTo(1);
        assertThat(chunk.get("error").isNull()).isTrue();
    }

    @Test
    void aSpecIsAskedAboutAndRunsWhenConfirmed() {
        var no = shell.person("n\n").run("run", spec);
        assertThat(no.exit()).isEqualTo(3);
        assertThat(no.out()).contains("Run this plan on shop.orders in ");
        assertThat(shop.missingTiers()).isEqualTo(11_760);
        assertThat(shell.person("").run("run", spec).exit()).isEqualTo(3);

        assertThat(shell.person("y\n").run("run", spec).exit()).isZero();
        assertThat(shop.missingTiers()).isZero();
    }

    @Test
    void aScriptHasToSayYes() {
        assertThat(shell.run("run", spec).exit()).isEqualTo(3);
        assertThat(shell.run("run", spec).err()).contains("backhoe: Nobody can be asked", "next: Add --yes");
        assertThat(shell.run("run", spec, "--json").errorCode()).isEqualTo("confirmation_missing");
        assertThat(shell.person("y\n").run("run", spec, "--json").errorCode()).isEqualTo("confirmation_missing");
        assertThat(shop.missingTiers()).isEqualTo(11_760);
    }

    @Test
    void aDryRunWritesNothing() {
        shell.run("plan", spec);

        assertThat(shell.run("run", spec, "--dry-run").exit()).isZero();
        var result = shell.run("run", plan, "--dry-run", "--json");

        assertThat(result.exit()).isZero();
        assertThat(result.data().get("dry_run").asBoolean()).isTrue();
        assertThat(result.data().get("run_id").isNull()).isTrue();
        assertThat(result.err()).contains("The table is as it was planned", "a real run creates it");
        assertThat(shop.number("SELECT count(*) FROM pg_namespace WHERE nspname = 'backhoe'"))
                .isZero();
    }

    @Test
    void aPlanIsRefusedWhenTheTableOrTheFileHasChanged() throws IOException {
        shell.run("plan", spec);
        String edited = Specs.write(
                folder, "edited.yaml", Files.readString(Path.of(plan)).replace("'bronze'", "'tin'"));
        assertThat(shell.run("run", edited, "--json").errorCode()).isEqualTo("plan_changed");

        shop.execute("ALTER TABLE shop.orders ADD COLUMN colour text");
        assertThat(shell.run("run", plan, "--dry-run").exit()).isEqualTo(7);
        var result = shell.run("run", plan, "--json");

        assertThat(result.exit()).isEqualTo(7);
        assertThat(result.json().get("ok").asBoolean()).isFalse();
        assertThat(shop.missingTiers()).isEqualTo(11_760);
    }

    @Test
    void aSavedPlanTakesNoFlagsOfASpec() {
        shell.run("plan", spec);

        assertThat(shell.run("run", plan, "--where", "true", "--json").errorCode())
                .isEqualTo("plan_is_final");
    }

    @Test
    void stdinWillDo() {
        String document = shell.run("plan", spec, "-o", "-").out();

        assertThat(shell.typing(document).run("run", "-").exit()).isZero();
        assertThat(shop.missingTiers()).isZero();
    }

    @Test
    void stopsAfterSoManyChunksAndGoesOnLater() {
        shell.run("plan", spec);

        var stopped = shell.run("run", plan, "--max-chunks", "2", "--json");
        assertThat(stopped.exit()).isEqualTo(9);
        assertThat(stopped.errorCode()).isEqualTo("run_paused");
        assertThat(stopped.data().get("state").asString()).isEqualTo("PAUSED");
        assertThat(stopped.data().get("successful").asInt()).isEqualTo(2);
        assertThat(stopped.err()).contains("next: backhoe resume 1");

        var second = shell.run("run", plan, "--json");
        assertThat(second.exit()).isEqualTo(8);
        assertThat(second.errorCode()).isEqualTo("run_overlaps");

        var resumed = shell.run("resume", "--parallelism", "1");
        assertThat(resumed.exit()).isZero();
        assertThat(shop.missingTiers()).isZero();
    }

    @Test
    void rowsThatCannotBeChangedMakeItPartialAndMayBeTriedAgain() throws IOException {
        var result = shell.run("run", "--yes", "--json", Specs.write(folder, "poison.yaml", Specs.POISON));

        assertThat(result.exit()).isEqualTo(5);
        assertThat(result.errorCode()).isEqualTo("run_partial");
        assertThat(result.data().get("quarantined_rows").asInt()).isEqualTo(7);
        assertThat(result.all()).doesNotContain("Please ring twice");

        var retried = shell.run("retry", "poison");
        assertThat(retried.exit()).isEqualTo(5);
        assertThat(retried.out()).contains("quarantined  7 rows");
    }
}
