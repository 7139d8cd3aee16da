package io.backhoe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Chosen rows are corrected from the command line. */
class CorrectionTest {
    @TempDir
    private Path folder = Path.of("");

    private final Shop shop = new Shop(1_000);

    @AfterEach
    void close() {
        shop.close();
    }

    @Test
    void theFileLiesBesideThePlanAndWhoAsksLaterLearnsWhy() throws IOException {
        String spec = spec();
        Files.writeString(folder.resolve("fixes.csv"), "id,customer_tier\n7,fair\n8,fair\n9,fair\n");

        var planned = shop.shell().run("plan", spec);
        assertThat(planned.exit()).as(planned.all()).isZero();
        assertThat(planned.all())
                .contains(
                        "why      the trade fair",
                        "records  3 of fixes.csv, each finds its row by id",
                        "expects  3 rows",
                        "set      customer_tier = csv.customer_tier");
        assertThat(Files.readString(folder.resolve("mend.plan.yaml"))).doesNotContain("fair\n7");
        var ran = shop.shell().run("run", folder.resolve("mend.plan.yaml").toString(), "--yes");
        assertThat(ran.exit()).as(ran.all()).isZero();

        var status = shop.shell().run("status");
        assertThat(status.out())
                .contains(
                        "why          the trade fair",
                        "records      3 records of fixes.csv",
                        "3 changed of 3 examined");
        var json = shop.shell().run("report", "--json").data();
        assertThat(json.get("why").asString()).isEqualTo("the trade fair, ticket 4711");
        assertThat(json.get("records").asString()).startsWith("3 records of fixes.csv");
        assertThat(shop.shell().run("rollback", "mend", "--yes").exit()).isZero();
        assertThat(shop.number("SELECT count(*) FROM shop.orders WHERE customer_tier = 'fair'"))
                .isZero();
    }

    @Test
    void whatIsWrongWithTheFileIsToldWithoutItsValues() throws IOException {
        String spec = spec();
        Files.writeString(folder.resolve("fixes.csv"), "id,customer_tier\nsecret,fair\n999999,fair\n");

        var planned = shop.shell().run("plan", spec);

        assertThat(planned.exit()).isEqualTo(2);
        assertThat(planned.all())
                .contains("fixes.csv:2: id: is no bigint", "fixes.csv:3: no row of shop.orders has this key")
                .doesNotContain("secret");
        var assessed = shop.shell().run("assess", spec);
        assertThat(assessed.exit()).isEqualTo(2);
    }

    @Test
    void anotherFileThanThePlannedOneIsDrift() throws IOException {
        String spec = spec();
        Files.writeString(folder.resolve("fixes.csv"), "id,customer_tier\n7,fair\n8,fair\n9,fair\n");
        assertThat(shop.shell().run("plan", spec).exit()).isZero();
        Files.writeString(folder.resolve("fixes.csv"), "id,customer_tier\n7,fair\n8,fair\n10,fair\n");

        var ran = shop.shell().run("run", folder.resolve("mend.plan.yaml").toString(), "--yes", "--json");

        assertThat(ran.exit()).isEqualTo(7);
        assertThat(ran.errorCode()).isEqualTo("records_changed");
        assertThat(shop.number("SELECT count(*) FROM shop.orders WHERE customer_tier = 'fair'"))
                .isZero();
    }

    private String spec() throws IOException {
        return Specs.write(folder, "spec.yaml", """
                backfill:
                  name: mend
                  reason: the trade fair, ticket 4711
                  scope: { table: shop.orders }
                  correction: { keys: fixes.csv, expect_rows: 3 }
                  strategy: { type: correction }
                """);
    }
}
