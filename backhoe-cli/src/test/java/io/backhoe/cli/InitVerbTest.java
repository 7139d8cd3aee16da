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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
    void whatItWritesIsAssessedPlannedAndRunAsItIs() throws IOException {
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
        var assessed = shell.run("assess", spec, "--fail-on", "warning", "--json");
        assertThat(assessed.exit()).as(assessed.all()).isZero();
        var gaps = assessed.data().get("gap_map");
        assertThat(gaps.get("total").asLong()).isEqualTo(12_000);
        var planned = shell.run("plan", spec, "-o", file("tiers.plan.yaml"), "--json");
        assertThat(planned.exit()).as(planned.err()).isZero();
        var changed = planned.data().get("forecast").get("rows_changed");
        assertThat(gaps.get("missing").asLong())
                .isEqualTo(shop.missingTiers())
                .isBetween(changed.get("low").asLong(), changed.get("high").asLong());
        var ran = shell.run("run", file("tiers.plan.yaml"), "--json");
        assertThat(ran.exit()).as(ran.err()).isZero();
        assertThat(ran.data().get("total_rows").asLong())
                .isEqualTo(gaps.get("missing").asLong());
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

    @ParameterizedTest
    @ValueSource(strings = {"timestamptz", "timestamp", "date"})
    void datesThatStandInForUnknownOnesDoNotStretchTheRange(String type) throws IOException {
        String table = "shop.strange_" + type;
        shop.execute("CREATE TABLE " + table + " (id bigint PRIMARY KEY, at " + type + ", tier text)");
        shop.execute("CREATE INDEX ON " + table + " (at, id)");
        shop.execute("INSERT INTO " + table + " SELECT i, timestamp '2023-01-01 12:00' + i * interval '1 day'"
                + " FROM generate_series(0, 364) i");
        shop.execute("INSERT INTO " + table + " SELECT 1000 + row_number() OVER (), CAST(at AS " + type + ")"
                + " FROM (VALUES ('1970-01-01 12:00+00'), ('1970-01-01 12:00+00'), ('0001-01-01 12:00+00'),"
                + " ('0044-03-15 12:00+00 BC'), ('9999-12-31 12:00+00'), ('2222-02-22 12:00+00'), ('infinity'),"
                + " ('-infinity'), ('20000-01-01 12:00+00')) v (at)");
        String spec = file("strange_" + type + ".yaml");

        var made = shell.run("init", "--table", table, "--column", "tier", "--expression", "'x'", "-o", spec, "--json");

        assertThat(made.exit()).as(made.err()).isZero();
        assertThat(made.data().get("left_out").toString())
                .isEqualTo(
                        "[{'date':'-infinity','rows':1},{'date':'-0043-03-15','rows':1},{'date':'0001-01-01','rows':1},"
                                        .replace('\'', '"')
                                + "{'date':'1970-01-01','rows':2},{'date':'2222-02-22','rows':1},{'date':'9999-12-31','rows':1},"
                                        .replace('\'', '"')
                                + "{'date':'+20000-01-01','rows':1},{'date':'infinity','rows':1}]".replace('\'', '"'));
        assertThat(Files.readString(Path.of(spec)))
                .contains("date_range: { start: 2023-01-01, end: 2024-01-01 }")
                .contains("Left out, since", "#   2 rows of 1970-01-01", "#   1 row of infinity");
        var planned = shell.run("plan", spec, "-o", "-");
        assertThat(planned.exit()).as(planned.err()).isZero();
    }

    @Test
    void aHistoryThatIsLongIsNotCutShort() throws IOException {
        shop.execute("CREATE TABLE shop.ages (id bigint PRIMARY KEY, at date, tier text)");
        shop.execute("CREATE INDEX ON shop.ages (at, id)");
        shop.execute("INSERT INTO shop.ages SELECT i, date '1970-01-01' + i * 180 FROM generate_series(0, 109) i");

        var made = shell.run(
                "init", "--table", "shop.ages", "--column", "tier", "--expression", "'x'", "-o", file("a.yaml"));

        assertThat(made.exit()).as(made.err()).isZero();
        assertThat(made.out())
                .contains("date_range: { start: 1970-01-01, end: 2023-09-21 }")
                .doesNotContain("Left out");
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
