package io.backhoe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class UsageTest {
    private static final List<String> VERBS = List.of(
            "demo",
            "doctor",
            "plan",
            "run",
            "status",
            "list",
            "pause",
            "resume",
            "cancel",
            "retry",
            "rollback",
            "ledger");

    private final Shell shell = Shell.script();

    @Test
    void eachVerbHasAHelpText() {
        var all = shell.run("--help");
        assertThat(all.exit()).isZero();
        assertThat(all.err()).isEmpty();
        assertThat(all.out()).contains(VERBS).contains("Exit codes").doesNotContain("\u001b");
        for (String verb : VERBS) {
            var help = shell.run(verb, "--help");
            assertThat(help.exit()).isZero();
            assertThat(help.out()).startsWith("Usage: backhoe " + verb).contains("--json");
            assertThat(help.out().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
            assertThat(shell.run("help", verb).out()).isEqualTo(help.out());
        }
    }

    @Test
    void theVersionIsOneLine() {
        assertThat(shell.run("--version").out()).matches("backhoe \\S.*\n");
        assertThat(shell.run("--version", "--json").data().get("text").asString())
                .startsWith("backhoe ");
    }

    @Test
    void withoutAVerbTheHelpIsAnErrorAndNotAnAnswer() {
        var result = shell.run();

        assertThat(result.exit()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).contains("Usage: backhoe", "backhoe: Which verb?\n");
    }

    @Test
    void aMisspeltVerbOrOptionIsSuggested() {
        assertThat(shell.run("stauts").exit()).isEqualTo(2);
        assertThat(shell.run("stauts").err()).contains("did you mean status");
        assertThat(shell.run("run", "--paralellism=3", "x.yaml").err())
                .contains("--paralellism", "did you mean --parallelism?");
        assertThat(shell.run("rnu", "x.yaml").err()).contains("did you mean run?");
        assertThat(shell.run("frobnicate").err())
                .contains("Unmatched argument", "next: backhoe --help")
                .doesNotContain("did you mean");
    }

    @Test
    void mistakesInTheArgumentsAreDocumentsToo() {
        var unknown = shell.run("run", "--json", "--nope", "x.yaml");
        assertThat(unknown.exit()).isEqualTo(2);
        assertThat(unknown.json().get("schema").asString()).isEqualTo("backhoe.run/v1");
        assertThat(unknown.errorCode()).isEqualTo("usage");
        assertThat(unknown.json().get("exit_code").asInt()).isEqualTo(2);
        assertThat(shell.run("--json", "nosuch").json().get("schema").asString())
                .isEqualTo("backhoe.usage/v1");
        assertThat(shell.run("--json").errorCode()).isEqualTo("usage");
        assertThat(shell.run("run", "--json").errorCode()).isEqualTo("usage");
        assertThat(shell.run("status", "--json", "one", "two").errorCode()).isEqualTo("usage");
    }

    @Test
    void numbersOutOfRangeAreRefused() {
        for (var arguments : List.of(
                List.of("run", "x.yaml", "--parallelism", "65"),
                List.of("run", "x.yaml", "--parallelism", "0"),
                List.of("resume", "--max-chunks", "0"),
                List.of("list", "--limit", "0"),
                List.of("list", "--limit", "many"),
                List.of("list", "--url", "postgresql:///x", "--target", "y"),
                List.of("ledger", "--role", "x"),
                List.of("ledger", "--sql", "--create"),
                List.of("ledger", "--sql", "--from", "99"),
                List.of("doctor", "--table", "a b"),
                List.of("demo", "--rows", "0"))) {
            var result = shell.run(arguments.toArray(String[]::new));
            assertThat(result.exit()).as(arguments.toString()).isEqualTo(2);
            assertThat(result.err()).as(arguments.toString()).contains("backhoe: ", "next: ");
        }
    }
}
