package io.backhoe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.backhoe.ledger.LedgerSchema;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerVerbTest {
    @TempDir
    private Path folder = Path.of("");

    private final Shop shop = new Shop(120);
    private final Shell shell = shop.shell();

    @AfterEach
    void close() {
        shop.close();
    }

    private long ledgers() {
        return shop.number("SELECT count(*) FROM pg_namespace WHERE nspname = 'backhoe'");
    }

    @Test
    void theScriptIsAllThatIsPrintedAndMakesTheLedger() {
        var printed = shell.run("ledger", "--sql");

        assertThat(printed.exit()).isZero();
        assertThat(printed.err()).isEmpty();
        assertThat(printed.out())
                .startsWith("-- The ledger of Backhoe")
                .contains("TO postgres;")
                .endsWith("COMMIT;\n");
        assertThat(ledgers()).isZero();

        shop.execute(printed.out());
        assertThat(shell.run("ledger", "--json").data().get("state").asString()).isEqualTo("current");
        assertThat(shell.run("ledger", "--sql", "--role", "app").out())
                .contains("What is left are grants", "TO app;")
                .doesNotContain("CREATE TABLE");
    }

    @Test
    void theScriptNeedsNoDatabase() {
        var nowhere = Shell.script().run("ledger", "--sql", "--json");

        assertThat(nowhere.exit()).isZero();
        assertThat(nowhere.data().get("role").isNull()).isTrue();
        assertThat(nowhere.data().get("sql").asString())
                .contains("-- GRANT USAGE, CREATE ON SCHEMA backhoe TO ROLE_NAME;");
        assertThat(Shell.script()
                        .run("ledger", "--sql", "--from", "0", "--url", "postgresql://ada@127.0.0.1:1/x")
                        .out())
                .contains("CREATE TABLE backhoe.run", "TO ada;");
    }

    @Test
    void showsWhatThereIsAndHowLargeItIs() throws IOException {
        assertThat(shell.run("ledger").out()).contains("none yet (schema backhoe)");
        shell.run("run", Specs.write(folder, "spec.yaml", Specs.TIERS), "--yes");

        var result = shell.run("ledger");

        assertThat(result.exit()).isZero();
        assertThat(result.out())
                .contains(
                        "version " + LedgerSchema.VERSION + ", the one that this program writes",
                        "owner          postgres")
                .containsPattern(
                        "before-images  [0-9.]+ kB in 1 table\n +[0-9.]+ kB of run 1 \\(backhoe.before_image_1\\)")
                .contains("runs           1 SUCCEEDED");
        var data = shell.run("ledger", "--json").data();
        assertThat(data.get("runs").get("SUCCEEDED").asInt()).isEqualTo(1);
        assertThat(data.get("before_images").get(0).get("run_id").asString()).isEqualTo("1");
        assertThat(data.get("before_image_bytes").asLong()).isPositive();
    }

    @Test
    void isCreatedWhenAPersonAgreesOrNobodyCanBeAsked() {
        var no = shell.person("n\n").run("ledger", "--create");
        assertThat(no.exit()).isEqualTo(3);
        assertThat(no.err()).contains("backhoe ledger --sql prints it for a DBA");
        assertThat(ledgers()).isZero();

        assertThat(shell.person("y\n").run("ledger", "--create").exit()).isZero();
        assertThat(shell.run("ledger", "--create").exit()).isZero();
        assertThat(ledgers()).isEqualTo(1);
    }

    @Test
    void aSavedPlanAsksBeforeItMakesALedger() throws IOException {
        String spec = Specs.write(folder, "spec.yaml", Specs.TIERS);
        shell.run("plan", spec);
        String plan = folder.resolve("orders_tier_backfill.plan.yaml").toString();

        var no = shell.person("n\n").run("run", plan);
        assertThat(no.exit()).isEqualTo(3);
        assertThat(no.out()).contains("The ledger (schema backhoe) is not there yet; it is created first. In ");
        assertThat(ledgers()).isZero();

        assertThat(shell.person("y\n").run("run", plan).exit()).isZero();
        assertThat(shop.missingTiers()).isZero();
    }

    @Test
    void theQuestionAboutASpecCoversTheLedger() throws IOException {
        String spec = Specs.write(folder, "spec.yaml", Specs.TIERS);

        var result = shell.person("y\n").run("run", spec);

        assertThat(result.exit()).isZero();
        assertThat(result.out()).containsSubsequence("it is created first.", "Run this plan on shop.orders");
    }

    @Test
    void anOlderLedgerIsNamedAndTheScriptHoldsWhatIsMissing() {
        shell.run("ledger", "--create");
        shop.execute("DELETE FROM backhoe.ledger_version WHERE version <> '1'");

        assertThat(shell.run("ledger").out()).contains("version 1, older than " + LedgerSchema.VERSION);
        for (String verb : List.of("status", "list")) {
            var refused = shell.run(verb, "--json");
            assertThat(refused.exit()).isEqualTo(3);
            assertThat(refused.errorCode()).isEqualTo("ledger_too_old");
        }
        var script = shell.run("ledger", "--sql", "--json").data();
        assertThat(script.get("from_version").asInt()).isEqualTo(1);
        assertThat(script.get("sql").asString())
                .contains("ALTER TABLE backhoe.chunk")
                .doesNotContain("CREATE SCHEMA");
    }

    @Test
    void aLedgerOfALaterProgramIsLeftAlone() {
        shell.run("ledger", "--create");
        shop.execute("""
                INSERT INTO backhoe.ledger_version
                SELECT 99, '99', 'later', 'SQL', 'V99__later.sql', 1, 'x', now(), 0, true
                """);

        assertThat(shell.run("ledger", "--sql", "--json").errorCode()).isEqualTo("ledger_too_new");
        assertThat(shell.run("ledger", "--create", "--json").errorCode()).isEqualTo("ledger_too_new");
        assertThat(shell.run("ledger").out()).contains("version 99, newer than " + LedgerSchema.VERSION);
    }
}
