package io.backhoe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code purge}, and the ledger that remembers it. */
class PurgeVerbTest {
    @TempDir
    private Path folder = Path.of("");

    @Test
    void dropsAfterAskingAndSaysWhatCanNoLongerBeUndone() throws IOException {
        try (var shop = new Shop(1_200)) {
            var shell = shop.shell();
            String spec = Specs.write(folder, "spec.yaml", Specs.TIERS);
            assertThat(shell.run("run", spec, "--yes", "--reason", "the new tiers")
                            .exit())
                    .isZero();

            assertThat(shell.run("purge", "--json").exit())
                    .as("never guesses a run")
                    .isEqualTo(2);
            assertThat(shell.run("purge", "--older-than", "soon").exit()).isEqualTo(2);
            var dry = shell.run("purge", "1", "--dry-run");
            assertThat(dry.exit()).isZero();
            assertThat(dry.out())
                    .contains(
                            "can no longer be taken back or retried",
                            "verify_values_match_expression",
                            "run 1 (orders_tier_backfill, SUCCEEDED): 1,176 rows of shop.orders")
                    .contains("Dry run: nothing was changed");
            assertThat(shell.run("purge", "1", "--json").errorCode()).isEqualTo("confirmation_missing");
            assertThat(shell.run("purge", "--older-than", "30d").out()).contains("nothing to purge");

            var purged = shell.run("purge", "1", "--yes", "--reason", "the disk is full", "--json");
            assertThat(purged.exit()).isZero();
            assertThat(purged.data().get("purged").get(0).get("bytes").asLong()).isPositive();

            assertThat(shell.run("purge", "1", "--yes").out()).contains("were purged on", "nothing to purge");
            var refused = shell.run("rollback", "1", "--yes", "--json");
            assertThat(refused.exit()).isEqualTo(3);
            assertThat(refused.errorCode()).isEqualTo("before_images_purged");
            assertThat(shell.run("status", "1").out())
                    .contains("the before-images were purged on")
                    .doesNotContain("backhoe rollback");
            assertThat(shell.run("report", "1", "--output", "-").out()).contains("The before-images were purged on");
            assertThat(shell.run("logs", "1").out()).contains(": the new tiers", ": the disk is full");

            assertThat(shell.run("verify", "--audit", "1").exit()).isZero();
        }
    }
}
