package io.backhoe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AssessVerbTest {
    private static final List<String> FLAGS =
            List.of("assess", "--table=shop.orders", "--column=customer_tier", "--from=2023-01-01", "--to=2024-01-01");

    @TempDir
    private Path folder = Path.of("");

    private final Shop shop = new Shop(12_000);
    private final Shell shell = shop.shell();
    private String spec = "";

    @BeforeEach
    void writeSpec() throws IOException {
        spec = Specs.write(folder, "spec.yaml", Specs.TIERS);
    }

    @AfterAll
    void close() {
        shop.close();
    }

    @Test
    void saysTheVerdictFirstThenDrawsTheGapThenNamesWhatToKnow() {
        var result = shell.run("assess", spec);

        assertThat(result.exit()).isZero();
        assertThat(result.out().lines().findFirst().orElseThrow())
                .startsWith("A backfill of shop.orders (PostgreSQL 18.")
                .contains("nothing that was asked speaks against it");
        assertThat(result.out())
                .containsSubsequence(
                        "Missing customer_tier, 2023-01-01 to 2024-01-01 of order_date: 11,",
                        "J F M A M J J A S O N D",
                        "2023     9 9 9 9 9 9 9 9 9 9 9 9  98.",
                        " % missing of 12,000 rows, ",
                        "# all missing",
                        "  Counted. The rows in scope take about ",
                        " of the table, those that lack a value ",
                        "Ways to go about it",
                        "incremental (recommended): fills the values that are missing",
                        "correction: mends rows that you choose",
                        "incremental, preserve_existing: false: computes every value anew",
                        "12,000 rows",
                        "Good to know",
                        "reached_by_index: ",
                        "disk_not_watched: ",
                        "do:   Look at the free space",
                        "Nothing was changed");
        assertThat(result.err()).contains("reads only");
        assertThat(result.out()).doesNotContain("width_bucket");
    }

    @Test
    void needsNoFile() {
        var result = shell.run(args());

        assertThat(result.exit()).isZero();
        assertThat(result.out()).contains("Missing customer_tier", "reached_by_index");
        assertThat(shell.run(args("--where=orders.status = 'no such'")).out()).contains("scope_empty");
        assertThat(shell.run(args("--missing-when=customer_tier = 'legacy'")).out())
                .contains("(2.0 %)");
        assertThat(shell.run(args("--expression=nosuch(1)")).out()).contains("expression_invalid");
    }

    @Test
    void rowsOfAllDatesMayBeMeant() {
        var result = shell.run("assess", "--table=shop.orders", "--column=customer_tier");

        assertThat(result.exit()).isZero();
        assertThat(result.out())
                .contains("Missing customer_tier, rows of all dates: 11,", " of 12,000 rows", "reached_by_key")
                .doesNotContain("# all missing");
        var gaps = shell.run("assess", "--table=shop.orders", "--column=customer_tier", "--json")
                .data()
                .get("gap_map");
        assertThat(gaps.get("periods").get(0).get("date_range").isNull()).isTrue();
    }

    @Test
    void takesAPlan() {
        shell.run("plan", spec);
        String plan = folder.resolve("orders_tier_backfill.plan.yaml").toString();

        assertThat(shell.run("assess", plan).out()).contains("Missing customer_tier, 2023-01-01");
        assertThat(shell.run("assess", plan, "--set", "customer_tier='x'", "--json")
                        .errorCode())
                .isEqualTo("plan_is_final");
    }

    @Test
    void theDocumentHoldsTheGapAndEveryFinding() {
        var result = shell.run("assess", spec, "--json");

        assertThat(result.json().get("schema").asString()).isEqualTo("backhoe.assess/v1");
        var data = result.data();
        assertThat(data.get("table").asString()).isEqualTo("shop.orders");
        assertThat(data.get("blockers").asInt()).isZero();
        assertThat(data.get("must_not_run").asBoolean()).isFalse();
        var ways = data.get("ways");
        assertThat(ways.get(0).get("strategy").asString()).isEqualTo("incremental");
        assertThat(ways.get(0).get("recommended").asBoolean()).isTrue();
        assertThat(ways.get(0).get("rows").asLong())
                .isEqualTo(data.get("gap_map").get("missing").asLong());
        assertThat(ways.get(0).get("undo_bytes").asLong()).isPositive();
        assertThat(ways.get(1).get("strategy").asString()).isEqualTo("correction");
        assertThat(ways.get(1).get("rows").isNull()).isTrue();
        var gaps = data.get("gap_map");
        assertThat(gaps.get("unit").asString()).isEqualTo("month");
        assertThat(gaps.get("counted").asBoolean()).isTrue();
        assertThat(gaps.get("total").asLong()).isEqualTo(12_000);
        assertThat(gaps.get("missing").asLong()).isEqualTo(shop.missingTiers());
        assertThat(gaps.get("periods")).hasSize(12);
        long table = shop.number("SELECT pg_relation_size('shop.orders')");
        assertThat(gaps.get("bytes").asLong()).isBetween(table * 9 / 10, table);
        long months = 0;
        for (var period : gaps.get("periods")) {
            months += period.get("bytes").asLong();
            assertThat(period.get("missing_bytes").asLong())
                    .isBetween(1L, period.get("bytes").asLong());
        }
        assertThat(months).isCloseTo(gaps.get("bytes").asLong(), Offset.offset(12L));
        assertThat(gaps.get("periods").get(11).get("date_range").toString())
                .isEqualTo("[\"2023-12-01\",\"2024-01-01\"]");
        var codes = new ArrayList<String>();
        data.get("findings").forEach(f -> codes.add(f.get("code").asString()));
        assertThat(codes).contains("reached_by_index", "disk_not_watched");
        assertThat(data.get("findings").get(0).propertyNames())
                .containsExactly("code", "severity", "what", "evidence", "sql", "remedy");
    }

    @Test
    void failsWhenAskedTo() {
        assertThat(shell.run(args("--fail-on=warning")).exit()).isZero();

        var warning = args("--expression=random()::text", "--timezone=UTC", "--chunk-by=day");
        assertThat(shell.run(warning).exit()).isZero();

        String[] blocked = args("--expression=nosuch(1)", "--fail-on=blocker", "--json");
        var result = shell.run(blocked);
        assertThat(result.exit()).isEqualTo(3);
        assertThat(result.errorCode()).isEqualTo("findings");
        assertThat(result.data().get("must_not_run").asBoolean()).isTrue();
        assertThat(result.json().get("error").get("message").asString()).contains("must not run as it is: 1 blocker");

        shop.execute("CREATE INDEX tier ON shop.orders (customer_tier)");
        try {
            assertThat(shell.run(args("--fail-on=warning")).exit()).isEqualTo(3);
            assertThat(shell.run(args("--fail-on=blocker")).exit()).isZero();
            assertThat(shell.run(args()).exit()).isZero();
        } finally {
            shop.execute("DROP INDEX shop.tier");
        }
    }

    @Test
    void showsTheQueriesWhenAskedTo() {
        assertThat(shell.run("assess", spec, "--sql").out())
                .contains("SELECT width_bucket(", "AS heap_bytes")
                .doesNotContain(":start");
    }

    @Test
    void whatThereWasNoTimeForIsNamedTogether() {
        // five questions that take all they are given, which is a quarter each
        var result = shell.run(args(
                "--timeout=4s",
                "--where=pg_sleep(0.2) IS NOT NULL",
                "--expression=c.country",
                "--from-clause=shop.customers c, generate_series(1, 1) g",
                "--on=c.id = orders.customer_id"));

        assertThat(result.exit()).isZero();
        assertThat(result.out())
                .contains("could not be answered", "Could not tell how many rows lack a value: no answer within")
                .contains("There was no time left to ask", "Allow more time: --timeout ");
    }

    @Test
    void aDoubtWhereABlockerMayBeIsEnoughToFail() {
        String[] doubtful = args(
                "--where=pg_sleep(0.2) IS NOT NULL",
                "--expression=c.country",
                "--from-clause=shop.customers c, generate_series(1, 1) g",
                "--on=c.id = orders.customer_id",
                "--timeout=2s",
                "--fail-on=blocker",
                "--json");

        var result = shell.run(doubtful);

        assertThat(result.data().get("blockers").asInt()).isZero();
        assertThat(result.exit()).isEqualTo(3);
    }

    @Test
    void whatMakesNoSenseIsRefused() {
        assertThat(shell.run("assess").exit()).isEqualTo(2);
        assertThat(shell.run("assess", spec, "--table", "shop.orders").exit()).isEqualTo(2);
        assertThat(shell.run(args("--timeout=soon")).err()).contains("such as 90s or 5m");
        assertThat(shell.run(args("--timeout=0")).exit()).isEqualTo(2);
        assertThat(shell.run(args("--timeout=2m")).exit()).isZero();
        assertThat(shell.run(args("--timezone=Nowhere")).exit()).isEqualTo(2);
        assertThat(shell.run(args("--fail-on=maybe")).exit()).isEqualTo(2);
        assertThat(shell.run("assess", "--table=shop.orders", "--column=x", "--from=2024-01-01", "--to=2023-01-01")
                        .err())
                .contains("--to 2023-01-01 is not after --from 2024-01-01");
        assertThat(shell.run("assess", "--table=shop.orders", "--column=x", "--from=2024-01-01")
                        .exit())
                .isEqualTo(2);
        assertThat(shell.run("assess", "--table=shop.orders", "--column=x", "--chunk-by=week")
                        .err())
                .contains("--chunk-by week needs --from and --to");
        assertThat(shell.run("assess", "--table=shop.orders", "--from=2023-01-01", "--to=2024-01-01")
                        .err())
                .contains("Which column is to be filled?");
    }

    @Test
    void aTableThatIsNotThereIsAnError() {
        var result = shell.run(
                "assess", "--table=shop.ordres", "--column=x", "--from=2023-01-01", "--to=2024-01-01", "--json");

        assertThat(result.exit()).isEqualTo(3);
        assertThat(result.errorCode()).isEqualTo("table_not_found");
    }

    private static String[] args(String... more) {
        return Stream.concat(FLAGS.stream(), Stream.of(more)).toArray(String[]::new);
    }
}
