package io.backhoe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.backhoe.spec.SpecFile;
import io.backhoe.spec.SpecOverrides;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class InitVerbTest {
    private static final String TIER = "CASE WHEN c.lifetime_value >= 8000 THEN 'platinum' ELSE 'bronze' END";

    @TempDir
    private Path folder = Path.of("");

    private final Shop shop = new Shop(12_000);
    private final Shell shell = shop.shell();

    @AfterAll
    void close() {
        shop.close();
    }

    private String file(String name) {
        return folder.resolve(name).toString();
    }

    @Test
    void whatItWritesIsPlannedAndRunAsItIs() throws IOException {
        String spec = file("tiers.yaml");

        var made = shell.run(
                "init",
                "--table",
                "shop.orders",
                "--column",
                "customer_tier",
                "--expression",
                TIER,
                "--from-clause",
                "shop.customers c",
                "--on",
                "c.id = orders.customer_id",
                "-o",
                spec);

        assertThat(made.exit()).as(made.err()).isZero();
        assertThat(made.out())
                .contains("What fits what is there", "incremental (recommended): fills the values that are missing")
                .contains("chunk_by: ", "Also possible, the cheapest first:", "key: 1 chunk")
                .contains("date_range: { start: 2023-01-01, end: 2024-01-01 }")
                .contains("backhoe assess " + spec);
        assertThat(shop.number("SELECT count(*) FROM pg_namespace WHERE nspname = 'backhoe'"))
                .isZero();
        var planned = shell.run("plan", spec, "-o", file("tiers.plan.yaml"));
        assertThat(planned.exit()).as(planned.err()).isZero();
        var ran = shell.run("run", file("tiers.plan.yaml"));
        assertThat(ran.exit()).as(ran.err()).isZero();
        assertThat(shop.number("SELECT count(*) FROM shop.orders WHERE customer_tier IS NULL"))
                .isZero();
        assertThat(shell.run("rollback", "--yes").exit()).isZero();
    }

    @Test
    void aColumnThatTheServerComputesIsRefused() {
        shop.execute(
                "CREATE TABLE shop.computed (id integer PRIMARY KEY, twice integer GENERATED ALWAYS AS (id * 2) STORED)");
        var refused = shell.run("init", "--table", "shop.computed", "--column", "twice", "--json");
        assertThat(refused.exit()).isEqualTo(3);
        assertThat(refused.errorCode()).isEqualTo("column_generated");
    }

    @Test
    void withoutAnExpressionItLeavesAPlaceForIt() throws IOException {
        String spec = file("empty.yaml");

        var made = shell.run(
                "init",
                "--table",
                "shop.orders",
                "--column",
                "customer_tier",
                "--from",
                "2023-03-01",
                "--to",
                "2023-03-05",
                "-o",
                spec,
                "--json");

        assertThat(made.data().get("complete").asBoolean()).isFalse();
        assertThat(made.data().get("alternatives").get(0).get("recommended").asBoolean())
                .isTrue();
        assertThat(Files.readString(Path.of(spec))).contains("WRITE HERE what customer_tier (text) is to become");
        assertThat(shell.run("plan", spec).exit()).isEqualTo(2);
        var read = SpecFile.read(
                Files.readString(Path.of(spec)).replace("customer_tier:", "customer_tier: \"'x'\""),
                "x.yaml",
                SpecOverrides.NONE);
        assertThat(read.warnings()).isEmpty();
        assertThat(read.spec().scope().from()).hasToString("2023-03-01T00:00");
    }

    @Test
    void aTableWithoutDatesIsCutByKey() throws IOException {
        String spec = file("customers.yaml");

        var made = shell.run(
                "init",
                "--table",
                "shop.customers",
                "--column",
                "country",
                "--expression",
                "upper(country)",
                "-o",
                spec);

        assertThat(made.exit()).as(made.err()).isZero();
        assertThat(Files.readString(Path.of(spec))).contains("chunk_by: key", "rows of all dates are meant");
        assertThat(shell.run("plan", spec, "-o", "-").exit()).isZero();
    }

    @Test
    void asksAPersonForWhatIsMissing() throws IOException {
        String spec = file("asked.yaml");

        var made =
                shell.person("shop.orders\ncustomer_tier\n'x'\n2023-02-01\n\n").run("init", "-o", spec);

        assertThat(made.exit()).as(made.err()).isZero();
        assertThat(made.out())
                .contains("Which table", "Which column", "SQL expression", "From which day", "Up to which");
        assertThat(Files.readString(Path.of(spec)))
                .contains("customer_tier: \"'x'\"", "date_range: { start: 2023-02-01, end: 2024-01-01 }");
    }

    @Test
    void saysWhatIsWrong() throws IOException {
        assertThat(shell.run("init", "--table", "shop.orders").err()).contains("--column is missing");
        assertThat(shell.run("init", "--table", "shop.orders", "--column", "tear")
                        .err())
                .contains("There is no column tear in shop.orders", "customer_tier", "ADD COLUMN tear");
        assertThat(shell.run("init", "--table", "shop.order", "--column", "x").err())
                .contains("shop.orders");
        assertThat(shell.run("init", "--table", "shop.orders", "--column", "customer_tier", "--from", "May")
                        .exit())
                .isEqualTo(2);
        String there = Specs.write(folder, "there.yaml", "mine");
        assertThat(shell.run("init", "--table", "shop.orders", "--column", "customer_tier", "-o", there)
                        .exit())
                .isEqualTo(3);
        assertThat(Files.readString(Path.of(there))).isEqualTo("mine");
    }
}
