package io.backhoe.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backhoe.value.BackhoeException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpecOverridesTest {
    private static final String FILE = """
            backfill:
              name: x
              target: {url: "postgresql://a@b/c", user: app, password: "${env:PW}"}
              scope: {table: t, date_range: {start: 2023-01-01, end: 2024-01-01}, where: a > 0}
              transform: {set: {a: "1", b: "2"}, from: c, on: c.id = t.id}
            """;

    @Test
    void splitsAtTheFirstEqualsSign() {
        assertThat(SpecOverrides.parseSet(List.of("a=b = 1", "\"A=B\" = 'x'", "Tier='bronze'")))
                .containsExactly(Map.entry("a", "b = 1"), Map.entry("A=B", "'x'"), Map.entry("tier", "'bronze'"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "=1", "a=", "a= ", "a b=1", "t.a=1", "\"a=1", "\"a"})
    void refusesASetThatIsNoColumnAndExpression(String flag) {
        assertThatThrownBy(() -> SpecOverrides.parseSet(List.of(flag)))
                .isInstanceOf(BackhoeException.class)
                .hasMessageStartingWith("--set");
    }

    @Test
    void refusesTheSameColumnTwice() {
        assertThatThrownBy(() -> SpecOverrides.parseSet(List.of("a=1", "A=2")))
                .hasMessage("--set gives column a twice");
    }

    @Test
    void addsToTheColumnsOfTheFileAndReplacesTheRest() {
        ReadSpec read = SpecFile.read(
                FILE, "x", new SpecOverrides(null, Map.of("b", "3", "d", "4"), "e", "e.id = t.id", "a < 0"));

        Spec.Transform transform = Objects.requireNonNull(read.spec().transform());
        assertThat(transform.set()).containsOnly(Map.entry("a", "1"), Map.entry("b", "3"), Map.entry("d", "4"));
        assertThat(transform.from()).isEqualTo("e");
        assertThat(transform.on()).isEqualTo("e.id = t.id");
        assertThat(read.spec().scope().where()).isEqualTo("a < 0");
        assertThat(read.warnings()).containsExactly("--set replaces what the file says for column b");
    }

    @Test
    void neverSendsThePasswordOfAFileToAnotherServer() {
        Spec spec = SpecFile.read(FILE, "x", new SpecOverrides("postgresql://other/d", Map.of(), null, null, null))
                .spec();

        assertThat(spec.target()).isEqualTo(new Spec.Target("postgresql://other/d", null, null));
    }

    @Test
    void saysWhatIsDoneWhereTheFileDoesNot() {
        String older = FILE.lines()
                .filter(line -> !line.contains("transform"))
                .collect(java.util.stream.Collectors.joining("\n"));
        Spec spec = SpecFile.read(older, "x", new SpecOverrides(null, Map.of("a", "1"), null, null, null))
                .spec();

        assertThat(spec.transform()).isEqualTo(new Spec.Transform(Map.of("a", "1"), null, null, Map.of()));
    }

    @Test
    void warnsOfAPasswordInClearWithoutRepeatingIt() {
        ReadSpec read = SpecFile.read(FILE.replace("${env:PW}", "hunter2"), "x", SpecOverrides.NONE);

        assertThat(read.warnings()).singleElement().asString().startsWith("target: a password stands in the file");
        assertThat(read.toString()).doesNotContain("hunter2");
        assertThat(Objects.requireNonNull(read.spec().target()).password()).isEqualTo("hunter2");
    }
}
