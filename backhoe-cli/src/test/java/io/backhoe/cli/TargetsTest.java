package io.backhoe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TargetsTest {
    private static final String NOBODY_LISTENS = "postgresql://bob@127.0.0.1:1/shop";

    private final Shop shop = new Shop(0);

    @BeforeAll
    void makeTable() {
        shop.execute("CREATE TABLE t (id bigint PRIMARY KEY, at timestamptz NOT NULL, v text)");
        shop.execute("CREATE INDEX ON t (at, id)");
    }

    @AfterAll
    void close() {
        shop.close();
    }

    private static Path write(Path file, String text, String mode) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(file, text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }

    private Path targets(Path file, String more) throws IOException {
        String text = "targets: { shop: { url: \"" + shop.url() + "\", password: \"${env:SHOP_PASSWORD}\" } }\n" + more;
        return write(file, text, "rw-r--r--");
    }

    private static String spec(Path folder, String target) throws IOException {
        return Specs.write(folder, "spec.yaml", """
                backfill:
                  name: v_backfill
                  %s
                  scope:
                    table: t
                    date_range: { start: 2023-01-01, end: 2023-02-01 }
                  transform:
                    set: { v: "'x'" }
                """.formatted(target));
    }

    @Test
    void aPlanKeepsTheNameOfItsTargetAndNothingOfWhatIsBehindIt(@TempDir Path folder) throws IOException {
        targets(folder.resolve("targets.yaml"), "");
        var shell = Shell.script().with("SHOP_PASSWORD", "sekret");
        String file = folder.resolve("v_backfill.plan.yaml").toString();

        var planned = shell.run("plan", spec(folder, "target: shop"));
        assertThat(planned.exit()).isZero();
        assertThat(planned.out()).contains("--target shop --targets " + folder.resolve("targets.yaml"));
        String plan = Files.readString(Path.of(file));
        assertThat(plan).contains("\n  target: shop\n").doesNotContain("sekret", "127.0.0.1", "SHOP_PASSWORD");
        assertThat(shell.run("run", file, "--dry-run").exit()).isZero();

        String edited = Specs.write(folder, "edited.yaml", plan.replace("target: shop", "target: bank"));
        write(
                folder.resolve("targets.yaml"),
                Files.readString(folder.resolve("targets.yaml"))
                        .replace("{ shop:", "{ bank: { url: \"postgresql:///x\" }, shop:"),
                "rw-r--r--");
        assertThat(shell.run("run", edited, "--dry-run", "--json").errorCode()).isEqualTo("plan_changed");
    }

    @Test
    void theFlagStandsAboveTheFileAndTheNameIsWhatThePlanKeeps(@TempDir Path folder) throws IOException {
        String targets = targets(folder.resolve("elsewhere.yaml"), "").toString();
        String spec = spec(folder, "target: { url: \"" + NOBODY_LISTENS + "\" }");
        var shell = Shell.script().with("SHOP_PASSWORD", "sekret").with("BACKHOE_URL", NOBODY_LISTENS);

        assertThat(shell.run("plan", spec, "--target", "shop", "--targets", targets)
                        .exit())
                .isZero();
        assertThat(Files.readString(folder.resolve("v_backfill.plan.yaml"))).contains("\n  target: shop\n");
    }

    @Test
    void theDefaultOfTheUsersConfigurationSaysWhereWhenNothingElseDoes(@TempDir Path home) throws IOException {
        targets(home.resolve(".config/backhoe/targets.yaml"), "default: shop\n");
        var shell = Shell.script().with("HOME", home.toString()).with("SHOP_PASSWORD", "x");

        assertThat(shell.run("list").out()).isEqualTo("No runs yet.\n");
        assertThat(shell.with("PGPORT", "1")
                        .with("PGHOST", "127.0.0.1")
                        .run("list")
                        .exit())
                .isEqualTo(4);
        assertThat(shell.with("XDG_CONFIG_HOME", home.resolve("none").toString())
                        .run("list", "--json")
                        .errorCode())
                .isEqualTo("target_missing");
        assertThat(shell.with("BACKHOE_URL", NOBODY_LISTENS)
                        .run("list", "--target", "shop")
                        .exit())
                .isZero();
    }

    @Test
    void anUnknownNameIsToldWithThoseThatAreKnownAndTheFilesThatWereLookedIn(@TempDir Path home) throws IOException {
        Path file = targets(home.resolve("backhoe/targets.yaml"), "");
        var shell = Shell.script().with("XDG_CONFIG_HOME", home.toString());

        var result = shell.run("status", "--target", "shopp", "--json");

        assertThat(result.exit()).isEqualTo(2);
        assertThat(result.errorCode()).isEqualTo("target_unknown");
        assertThat(result.err())
                .contains("There is no target 'shopp'. Looked in targets.yaml (not there), " + file + " (shop).")
                .contains("did you mean --target shop?");
        assertThat(shell.run("list", "--target", "shop", "--targets", "nowhere.yaml", "--json")
                        .errorCode())
                .isEqualTo("targets_not_readable");
    }

    @Test
    void aPasswordInClearThatOthersMayReadIsRefusedWithTheCommandThatMendsIt(@TempDir Path folder) throws IOException {
        String text = "targets: { shop: { url: \"" + shop.url() + "\", password: sekret } }\n";
        Path file = write(folder.resolve("targets.yaml"), text, "rw-r--r--");
        String spec = spec(folder, "target: shop");

        var refused = Shell.script().run("plan", spec, "--json");
        assertThat(refused.exit()).isEqualTo(2);
        assertThat(refused.errorCode()).isEqualTo("targets_invalid");
        assertThat(refused.err()).contains("chmod 600 " + file).doesNotContain("sekret");

        write(file, text, "rw-------");
        var planned = Shell.script().run("plan", spec);
        assertThat(planned.exit()).isZero();
        assertThat(planned.all() + Files.readString(folder.resolve("v_backfill.plan.yaml")))
                .doesNotContain("sekret");
    }

    @Test
    void aVariableThatTakesThePlaceOfAPlansTargetIsWarnedOf(@TempDir Path folder) throws IOException {
        targets(folder.resolve("targets.yaml"), "");
        Shell.script().with("SHOP_PASSWORD", "x").run("plan", spec(folder, "target: shop"));
        String plan = folder.resolve("v_backfill.plan.yaml").toString();

        var result = shop.shell().run("run", plan, "--dry-run", "--json");

        assertThat(result.exit()).isZero();
        assertThat(result.json().get("warnings").toString())
                .contains("BACKHOE_URL takes the place of the target that the file names");
    }

    @Test
    void anErrorNamesTheTargetAndNeverItsSecret(@TempDir Path folder) throws IOException {
        Path file = write(
                folder.resolve("targets.yaml"),
                "targets: { gone: { url: \"" + NOBODY_LISTENS + "\", password: sekret } }\n",
                "rw-------");

        var result = Shell.script().run("list", "--target", "gone", "--targets", file.toString());

        assertThat(result.exit()).isEqualTo(4);
        assertThat(result.err())
                .contains("host, port, database, user from target gone in " + file + "; password from target gone in "
                        + file)
                .doesNotContain("sekret");
    }

    @Test
    void aServiceOfLibpqSaysWhereToo(@TempDir Path home) throws IOException {
        var parts = shop.url().replaceFirst("postgresql://postgres@", "").split("[:/]");
        Path file = write(
                home.resolve(".pg_service.conf"),
                "[shop]\nhost=" + parts[0] + "\nport=" + parts[1] + "\ndbname=" + parts[2] + "\nuser=postgres\n",
                "rw-r--r--");
        var shell = Shell.script().with("HOME", home.toString());

        assertThat(shell.with("PGSERVICE", "shop").run("list").exit()).isZero();
        assertThat(shell.run("list", "--url", "postgresql://?service=shop").exit())
                .isZero();
        Files.writeString(file, "[shop]\nhost\n");
        var broken = shell.with("PGSERVICE", "shop").run("list", "--json");
        assertThat(broken.exit()).isEqualTo(2);
        assertThat(broken.errorCode()).isEqualTo("service_file_invalid");
        assertThat(broken.err()).contains(file + ":2: not name=value");
    }
}
