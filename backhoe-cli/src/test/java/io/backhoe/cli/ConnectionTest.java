package io.backhoe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConnectionTest {
    private static final String NOBODY_LISTENS = "postgresql://bob:sekret@127.0.0.1:1/shop";

    @TempDir
    private Path folder = Path.of("");

    private Shop shop = new Shop(0);

    @BeforeAll
    void makeRole() {
        shop.execute("CREATE ROLE reader LOGIN PASSWORD 'sekret'");
        shop.execute("CREATE TABLE t (id bigint PRIMARY KEY, at timestamptz NOT NULL, v text)");
        shop.execute("CREATE INDEX ON t (at, id)");
    }

    @AfterAll
    void dropRole() {
        shop.execute("DROP ROLE reader");
        shop.close();
    }

    @Test
    void withoutAnyWordOfItTheDatabaseIsAskedFor() {
        var result = Shell.script().run("status", "--json");

        assertThat(result.exit()).isEqualTo(2);
        assertThat(result.errorCode()).isEqualTo("target_missing");
    }

    @Test
    void theUrlOfTheCommandBeatsTheEnvironment() {
        var shell = Shell.script().with("BACKHOE_URL", NOBODY_LISTENS);

        assertThat(shell.run("list").exit()).isEqualTo(4);
        assertThat(shell.run("list", "--url", shop.url()).exit()).isZero();
    }

    @Test
    void theVariablesOfLibpqWillDo() {
        var parts = shop.url().replaceFirst("postgresql://postgres@", "").split("[:/]");
        var shell = Shell.script()
                .with("PGHOST", parts[0])
                .with("PGPORT", parts[1])
                .with("PGDATABASE", parts[2])
                .with("PGUSER", "postgres");

        assertThat(shell.run("list").out()).isEqualTo("No runs yet.\n");
    }

    @Test
    void aServerThatDoesNotAnswerIsAnErrorOfItsOwn() {
        var result = Shell.script().run("list", "--json", "--url", NOBODY_LISTENS);

        assertThat(result.exit()).isEqualTo(4);
        assertThat(result.errorCode()).isEqualTo("server_unreachable");
        assertThat(result.json().get("error").get("retryable").asBoolean()).isTrue();
    }

    @Test
    void aPasswordInTheUrlIsWarnedOfOnceAndNeverPrinted() throws IOException {
        String file = Specs.write(folder, "spec.yaml", Specs.TIERS);

        var result = Shell.script().run("run", "--yes", "--json", "--url", NOBODY_LISTENS, file);

        assertThat(result.json().get("warnings")).hasSize(1);
        assertThat(result.err()).containsOnlyOnce("the password in --url");
        assertThat(result.all()).doesNotContain("sekret");
        assertThat(Shell.script()
                        .run("list", "--verbose", "--url", NOBODY_LISTENS)
                        .all())
                .doesNotContain("sekret");
        assertThat(Shell.script().run("list", "--url", "nonsense:sekret@x").all())
                .doesNotContain("sekret");
    }

    @Test
    void aPasswordThatIsWrittenIntoASpecNeverComesOutAgain() throws IOException {
        String file = Specs.write(folder, "secret.yaml", spec("target: { url: \"%s\", password: sekret }"));

        var result = Shell.script().run("plan", file, "--sql");

        assertThat(result.exit()).isZero();
        assertThat(result.all()).doesNotContain("sekret");
        assertThat(Files.readString(folder.resolve("v_backfill.plan.yaml"))).doesNotContain("sekret");
    }

    @Test
    void aReferenceToASecretIsResolvedWhenConnecting() throws IOException {
        String file = Specs.write(folder, "reference.yaml", spec("target: { url: \"${env:SHOP_URL}\" }"));

        assertThat(Shell.script().with("SHOP_URL", shop.url()).run("plan", file).exit())
                .isZero();
        var missing = Shell.script().run("plan", file, "--json");
        assertThat(missing.exit()).isEqualTo(2);
        assertThat(missing.errorCode()).isEqualTo("secret_not_resolved");
    }

    @Test
    void aMissingRightIsNamed() throws IOException {
        String file = Specs.write(folder, "rights.yaml", spec(""));

        var result = Shell.script().run("plan", file, "--json", "--url", shop.urlAs("reader"));

        assertThat(result.exit()).isEqualTo(4);
        assertThat(result.json().get("error").toString()).contains("GRANT");
    }

    private String spec(String target) {
        return """
               backfill:
                 name: v_backfill
                 %s
                 scope:
                   table: t
                   date_range: { start: 2023-01-01, end: 2023-02-01 }
                 transform:
                   set: { v: "'x'" }
               """.formatted(target.formatted(shop.url()));
    }
}
