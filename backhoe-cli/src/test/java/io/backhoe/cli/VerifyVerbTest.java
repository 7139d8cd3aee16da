package io.backhoe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Checks, as somebody at a terminal meets them. */
class VerifyVerbTest {
    @TempDir
    private Path folder = Path.of("");

    private final Shop shop = new Shop(12_000);
    private final Shell shell = shop.shell();

    @AfterEach
    void close() {
        shop.close();
    }

    @Test
    void aPlanListsItsChecksAndARunSaysWhatTheyFound() throws IOException {
        String spec = spec("[verify_all_chunks_succeeded, verify_no_nulls_in_tier]");

        var run = shell.run("run", spec, "--yes");

        assertThat(run.exit()).isZero();
        assertThat(run.out())
                .contains(
                        "  before   verify_target_column_exists\n           verify_permissions\n",
                        "  after    verify_all_chunks_succeeded\n           verify_no_nulls_in_customer_tier\n",
                        "'verify_no_nulls_in_tier' is taken to mean column customer_tier",
                        "  checks       5 of 5 hold\n");
        var checks = shell.run("status", "--json").data().get("checks");
        assertThat(checks).hasSize(5);
        assertThat(checks.get(4).get("name").asString()).isEqualTo("verify_no_nulls_in_customer_tier");
        assertThat(checks.get(4).get("verdict").asString()).isEqualTo("holds");
        assertThat(checks.get(4).get("sql").asString()).startsWith("SELECT orders.id");
    }

    @Test
    void verifyAsksAgainAndItsExitCodeSaysWhetherAllHolds() throws IOException {
        shell.run("run", spec("[verify_no_nulls_in_tier, verify_values_match_expression]"), "--yes");

        var holds = shell.run("verify", "--json", "--full");
        assertThat(holds.exit()).isZero();
        assertThat(holds.data().get("holds").asBoolean()).isTrue();
        assertThat(holds.data().get("checks")).hasSize(2);

        shop.execute("UPDATE shop.orders SET customer_tier = NULL WHERE id IN (3, 5)");
        var fails = shell.run("verify");
        assertThat(fails.exit()).isEqualTo(6);
        assertThat(fails.out())
                .contains(
                        "fails  verify_no_nulls_in_customer_tier\n  2 rows without a value in customer_tier",
                        "look for yourself:\n    SELECT orders.id\n    FROM shop.orders\n    WHERE orders.order_date >= ",
                        "Run 1: 1 of 2 checks hold.");
        assertThat(fails.err()).contains("Of run 1 verify_no_nulls_in_customer_tier fails. Nothing was changed.");
        assertThat(shell.run("status", "--json").data().get("state").asString()).isEqualTo("SUCCEEDED");
        assertThat(shell.run("report").out())
                .contains("## Checks", "| verify | verify_no_nulls_in_customer_tier | fails |");
        assertThat(shell.run("report", "--format", "html").out()).contains("<h2>Checks</h2>");
        assertThat(shell.run("report", "--json").data().get("checks").toString())
                .contains("2 rows without a value");
    }

    @Test
    void aRunWhosePostCheckFailsIsFailedExitsSixAndCanBeTakenBack() throws IOException {
        String spec = spec(
                "[{name: at most ten, query: SELECT count(*) FROM shop.orders WHERE customer_tier <> '', expect: 10}]");

        var run = shell.run("run", spec, "--yes");

        assertThat(run.exit()).isEqualTo(6);
        assertThat(run.err())
                .contains("is FAILED: at most ten fails: it answers 12000, and 10 was expected")
                .contains("next: backhoe verify 1", "backhoe rollback 1");
        assertThat(shell.run("rollback", "1", "--yes").exit()).isZero();
        assertThat(shop.missingTiers()).isEqualTo(11_760);
        assertThat(shell.run("verify", "1", "--json").errorCode()).isEqualTo("wrong_state");
    }

    @Test
    void oneCheckIsAskedByNameAndAnUnknownOneIsRefusedWithThoseThatThereAre() throws IOException {
        shell.run("run", spec("[verify_all_chunks_succeeded]"), "--yes");

        assertThat(shell.run("verify", "--check", "no_nulls_in_tier", "--json").exit())
                .isZero();
        var unknown = shell.run("verify", "--check", "verify_nothing", "--json");
        assertThat(unknown.exit()).isEqualTo(2);
        assertThat(unknown.errorCode()).isEqualTo("check_unknown");
        assertThat(shell.run("verify", "--sample", "0").exit()).isEqualTo(2);
        assertThat(shell.run("verify", "--sample", "5", "--full").exit()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "UPDATE backhoe.event SET message = 'nothing' WHERE seq = 2; edited",
                "DELETE FROM backhoe.event WHERE seq = 2; removed",
                "INSERT INTO backhoe.event (run_id, kind, message) VALUES (1, 'state', 'by hand'); added by hand",
            })
    void anAuditHoldsUntilASuperuserGoesAroundTheTrigger(String tampering, String how) throws IOException {
        shell.run("run", spec("[verify_all_chunks_succeeded]"), "--yes");
        var whole = shell.run("verify", "--audit", "1", "--json");
        assertThat(whole.exit()).isZero();
        assertThat(whole.data().get("audits").get(0).get("verdict").asString()).isEqualTo("holds");
        assertThat(shell.run("verify", "--audit").out()).contains("run 1  holds", "is whole", "head ");

        shop.execute("ALTER TABLE backhoe.event DISABLE TRIGGER append_only");
        shop.execute(tampering);
        shop.execute("ALTER TABLE backhoe.event ENABLE TRIGGER append_only");

        var broken = shell.run("verify", "--audit", "1", "--json");
        assertThat(broken.exit()).isEqualTo(6);
        assertThat(broken.errorCode()).isEqualTo("audit_fails");
        var all = shell.run("verify", "--audit");
        assertThat(all.exit()).isEqualTo(6);
        assertThat(all.out()).contains("run 1  fails", how);
        assertThat(shell.run("verify", "--audit", "--full").exit()).isEqualTo(2);
    }

    @Test
    void aPlanAsJsonHasItsChecks() throws IOException {
        String spec = spec("[{name: verify_values_match_expression, sample: 5 %}]");

        var plan = shell.run("plan", spec, "-o", folder.resolve("p.yaml").toString(), "--json");

        assertThat(plan.data().get("pre_checks").get(0).get("name").asString())
                .isEqualTo("verify_target_column_exists");
        assertThat(plan.data().get("post_checks").get(0).toString())
                .isEqualTo("{\"name\":\"verify_values_match_expression\",\"sample\":\"5 %\"}");
    }

    @Test
    void aPreCheckThatFailsStopsEverything() throws IOException {
        String spec = Specs.write(
                folder,
                "pre.yaml",
                Specs.TIERS.replace(
                        "  strategy:",
                        "  execution: { pre_checks: [{name: quiet, query: SELECT 1, expect: 0}] }\n  strategy:"));

        var run = shell.run("run", spec, "--yes", "--json");

        assertThat(run.exit()).isEqualTo(3);
        assertThat(run.errorCode()).isEqualTo("pre_check_failed");
        assertThat(shop.missingTiers()).isEqualTo(11_760);
    }

    private String spec(String checks) throws IOException {
        String text = Specs.TIERS.replace("  strategy:", "  execution: { post_checks: " + checks + " }\n  strategy:");
        assertThat(text).contains("post_checks");
        return Files.writeString(folder.resolve("checked.yaml"), text).toString();
    }
}
