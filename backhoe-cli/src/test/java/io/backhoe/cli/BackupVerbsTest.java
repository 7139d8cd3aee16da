package io.backhoe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs whose before-images are outside of the database, from the command line. */
class BackupVerbsTest {
    @TempDir
    private Path folder = Path.of("");

    @Test
    void aRunIsTakenBackFromItsBackupWithAndWithoutTheLedger() throws IOException {
        try (var shop = new Shop(1_200)) {
            var shell = shop.shell();
            String digest = "SELECT md5(string_agg(o::text, '|' ORDER BY id)) FROM shop.orders o";
            String before = shop.row(digest).required(0);
            Path backups = Files.createDirectory(folder.resolve("backups"));
            String spec = Specs.write(folder, "spec.yaml", Specs.TIERS + """
                      rollback:
                        strategy: restore_from_backup
                        backup_location: %s
                        keep_in_database: false
                    """.formatted(backups.toUri()));
            var run = shell.run("run", spec, "--yes", "--json");
            assertThat(run.exit()).as(run.err()).isZero();
            String place = run.data().get("backup").asString();
            assertThat(place).startsWith("file://" + backups + "/orders_tier_backfill-1-");
            assertThat(shell.run("status", "1").out()).contains("backup       " + place, "backhoe rollback 1");
            assertThat(shell.run("report", "1", "--output", "-").out()).contains("also at " + place);

            var known = shell.run("rollback", "--from-backup", place, "--yes");
            assertThat(known.exit()).as(known.err()).isZero();
            assertThat(known.out()).contains("ROLLED_BACK");
            assertThat(shop.row(digest).required(0)).isEqualTo(before);

            shop.execute("DROP SCHEMA backhoe CASCADE");
            shop.execute("UPDATE shop.orders SET customer_tier = 'x' WHERE id = 7");
            var dry = shell.run("rollback", "--from-backup", place, "--dry-run");
            assertThat(dry.exit()).isZero();
            assertThat(dry.out())
                    .contains("Backup of run 1 (orders_tier_backfill) of shop.orders: ", "nothing was changed");
            assertThat(shell.run("rollback", "--from-backup", place, "--json").errorCode())
                    .isEqualTo("confirmation_missing");
            assertThat(shell.run("rollback", "1", "--from-backup", place).exit())
                    .isEqualTo(2);
            assertThat(shell.run("rollback", "--from-backup", "s3://key:secret@bucket/x", "--json")
                            .errorCode())
                    .isEqualTo("backup_location_invalid");
            var above = shell.run("rollback", "--from-backup", backups.toString(), "--json");
            assertThat(above.exit()).isEqualTo(3);
            assertThat(above.errorCode()).isEqualTo("backup_object_missing");
            var partly = shell.run("rollback", "--from-backup", place, "--yes", "--json");
            assertThat(partly.exit()).isEqualTo(5);
            assertThat(partly.data().get("conflict_rows").asLong()).isEqualTo(1);
        }
    }
}
