package io.backhoe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Row functions in jars, from the command line. */
class PluginTest {
    private static final Path EXAMPLES = Path.of("..", "examples", "plugin");

    @TempDir
    private Path folder = Path.of("");

    private final Shop shop = new Shop(12_000);

    @AfterEach
    void close() {
        shop.close();
    }

    @Test
    void theExampleFillsTiersAndIsTakenBack() throws IOException {
        String jar =
                Jars.of(folder, "tiers.jar", EXAMPLES.resolve("Tiers.java")).toString();
        String plan = folder.resolve("tiers.plan.yaml").toString();
        long missing = shop.missingTiers();

        var planned = shop.shell()
                .run("plan", EXAMPLES.resolve("tiers_in_java.yaml").toString(), "-o", plan, "--sql", "--plugin", jar);
        assertThat(planned.exit()).as(planned.all()).isZero();
        assertThat(planned.all())
                .contains(
                        "calls    the row function 'tiers' for each batch, which reads amount and writes customer_tier")
                .contains("It is of a jar with sha256:", "-- SQL: read: what the function is given")
                .contains("backhoe run " + plan, "--plugin " + jar)
                .contains("not rehearsed");
        var run = shop.shell().run("run", plan, "--yes", "--plugin", jar);

        assertThat(run.exit()).as(run.all()).isZero();
        assertThat(shop.missingTiers()).isLessThan(missing);
        assertThat(shop.number("SELECT count(*) FROM shop.orders WHERE customer_tier IN ('large', 'small')"
                        + " AND customer_tier <> CASE WHEN amount >= 100 THEN 'large' ELSE 'small' END"))
                .isZero();
        assertThat(shop.shell().run("rollback", "1", "--yes").exit()).isZero();
        assertThat(shop.missingTiers()).isEqualTo(missing);
    }

    @Test
    void aPlanRunsWithTheJarThatItWasPlannedWithAndNoOther() throws IOException {
        Path source = EXAMPLES.resolve("Tiers.java");
        String jar = Jars.of(folder, "tiers.jar", source).toString();
        String other = Jars.of(
                        folder,
                        "other.jar",
                        "Tiers",
                        Files.readString(source).replace("\"small\"", "\"tiny\""),
                        "Tiers")
                .toString();
        String plan = folder.resolve("tiers.plan.yaml").toString();
        String spec = EXAMPLES.resolve("tiers_in_java.yaml").toString();
        assertThat(shop.shell().run("plan", spec, "-o", plan, "--plugin", jar).exit())
                .isZero();

        var without = shop.shell().run("run", plan, "--yes");
        assertThat(without.exit()).isEqualTo(3);
        assertThat(without.all()).contains("there is none of that name here", "--plugin JAR");
        var drifted = shop.shell().run("run", plan, "--yes", "--plugin", other);
        assertThat(drifted.exit()).isEqualTo(7);
        assertThat(drifted.all()).contains("was planned with the row function 'tiers' of a jar with sha256:");

        var some = shop.shell().run("run", plan, "--yes", "--plugin", jar, "--max-chunks", "2");
        assertThat(some.exit()).as(some.all()).isEqualTo(9);
        assertThat(shop.shell().run("resume", "--plugin", other).exit()).isEqualTo(7);
        assertThat(shop.shell().run("resume").exit()).isEqualTo(3);
        assertThat(shop.shell().run("cancel", "1").exit()).isZero();
        String rest = folder.resolve("rest.plan.yaml").toString();
        var anew = shop.shell().run("plan", "--rest-of", "1", "-o", rest, "--plugin", other);
        assertThat(anew.exit()).as(anew.all()).isZero();
        assertThat(shop.shell().run("run", rest, "--yes", "--plugin", other).exit())
                .isZero();
        assertThat(shop.number("SELECT count(*) FROM shop.orders WHERE customer_tier = 'tiny'"))
                .isPositive();
    }

    @Test
    void whatIsNoPluginIsRefusedWithWhatIsWrong() throws IOException {
        String good =
                Jars.of(folder, "good.jar", EXAMPLES.resolve("Tiers.java")).toString();
        String twin =
                Jars.of(folder, "twin.jar", EXAMPLES.resolve("Tiers.java")).toString();
        String text = Files.writeString(folder.resolve("text.jar"), "no jar").toString();
        String nothing = Jars.of(folder, "nothing.jar", "Other", "public class Other {}", "# none")
                .toString();
        String gone = Jars.of(folder, "gone.jar", "Other", "public class Other {}", "Missing")
                .toString();
        String broken = Jars.of(folder, "broken.jar", "Broken", """
                        import io.backhoe.transform.*;
                        import java.util.List;
                        public class Broken implements RowTransform {
                            static final int N = Integer.parseInt("x");
                            public String name() { return "broken"; }
                            public List<RowResult> apply(List<InputRow> rows) { return List.of(); }
                        }
                        """, "Broken").toString();

        refused(
                "plugin_not_readable",
                "cannot be read",
                folder.resolve("none.jar").toString());
        refused("plugin_not_a_jar", "is not a jar", text);
        refused("plugin_empty", "has no row function", nothing);
        refused("plugin_broken", "has a class that cannot be loaded", gone);
        refused("plugin_broken", "has a class that cannot be loaded", broken);
        refused("plugin_name_twice", "There are two row functions named 'tiers'", good, twin);
    }

    private void refused(String code, String why, String... jars) {
        var words = new ArrayList<>(
                List.of("plan", EXAMPLES.resolve("tiers_in_java.yaml").toString(), "--json"));
        for (String jar : jars) {
            words.add("--plugin");
            words.add(jar);
        }
        var answer = shop.shell().run(words.toArray(String[]::new));
        assertThat(answer.exit()).isEqualTo(2);
        assertThat(answer.all()).contains("\"" + code + "\"", why);
    }

    @Test
    void whatIsWrongWithTheSpecIsToldAtOnce() throws IOException {
        String spec = Specs.write(folder, "spec.yaml", """
                backfill:
                  name: wrong
                  scope: { table: shop.orders, date_column: order_date, date_range: { start: 2023-01-01, end: 2023-03-01 } }
                  transform:
                    java: tiers
                    reads: [amount, amount]
                    jar: tiers.jar
                    per: batch
                    set: { customer_tier: "'gold'" }
                """);
        var planned = shop.shell().run("plan", spec);

        assertThat(planned.exit()).isEqualTo(2);
        assertThat(planned.all())
                .contains(
                        "column amount was already given",
                        "is not the SHA-256 of a jar",
                        "per: does not go with transform.java",
                        "set: does not go with transform.java",
                        "columns: is required");
    }
}
