package io.backhoe.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import io.backhoe.assess.AssessOptions;
import io.backhoe.assess.Finding;
import io.backhoe.assess.Severity;
import io.backhoe.embedded.Version;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** One thing is different in each database, and exactly that is found, on the oldest and the newest server. */
class AssessScenesTest {
    static Stream<Arguments> scenes() {
        return Stream.of(
                        Scenes.ofKeysAndPaths(),
                        Scenes.ofTheSpec(),
                        Scenes.ofTheRows(),
                        Scenes.ofTheJoin(),
                        Scenes.ofTheTable())
                .flatMap(scenes -> scenes.stream())
                .flatMap(scene -> Arrays.stream(Version.values()).map(version -> Arguments.of(scene, version)));
    }

    /** Those that another test than the scenes brings about, and one that comes close but does not. */
    private static final Map<String, List<String>> ELSEWHERE = Map.of(
            "AssessTest", List.of("rights_missing", "row_security", "permission_denied"),
            // What no server of today does, or only after two thousand million transactions, it is told otherwise.
            "AssessTest#whatNoTestCanBringAboutIsToldAllTheSame",
                    List.of("server_newer_than_tested", "wraparound_near"),
            "../postgres/ExaminationTest", List.of("pooler_in_between"),
            "AssessServerTest",
                    List.of(
                            "long_transaction",
                            "idle_in_transaction",
                            "prepared_transaction",
                            "slot_inactive",
                            "slot_near_limit",
                            "replica",
                            "replica_lags"),
            "AssessStandbyTest", List.of("on_a_standby", "synchronous_standby"),
            "VacuumScenes", List.of("many_dead_rows", "never_vacuumed", "vacuum_running", "wraparound_vacuum_due"),
            "AssessQueryScenesTest", List.of("no_unique_index", "undo_would_cascade", "row_triggers"),
            "CorrectionTest", List.of("rows_expected", "rows_not_expected"));

    @Test
    void everyFindingIsBroughtAboutByATest() throws Exception {
        Set<String> brought = scenes().map(arguments -> (Scene) arguments.get()[0])
                .flatMap(scene -> scene.codes().stream())
                .collect(Collectors.toCollection(TreeSet::new));
        for (var test : ELSEWHERE.entrySet()) {
            Path source =
                    Path.of("src/test/java/io/backhoe/backfill", test.getKey().replaceFirst("#.*", "") + ".java");
            for (String code : test.getValue()) {
                assertThat(source).content().contains('"' + code + '"');
                brought.add(code);
            }
        }
        var listed = new TreeSet<String>();
        Pattern.compile("(?m)^\\| `([a-z_]+)` \\|")
                .matcher(Files.readString(Path.of("..", "docs", "assess.md")))
                .results()
                .forEach(line -> listed.add(line.group(1)));

        assertThat(brought).isEqualTo(listed);
    }

    @ParameterizedTest(name = "{0} ({1})")
    @MethodSource("scenes")
    void exactlyWhatIsDifferentIsFound(Scene scene, Version version) throws Exception {
        try (var db = TestDatabase.on(version)) {
            scene.build(db);

            var assessment = scene.assess(db, AssessOptions.DEFAULT);

            assertThat(assessment.findings().stream().map(Finding::code).collect(Collectors.toSet()))
                    .as(() -> assessment.findings().stream()
                            .map(f -> f.code() + ": " + f.what())
                            .collect(Collectors.joining("\n")))
                    .isEqualTo(scene.codes());
            assertThat(assessment.findings())
                    .allSatisfy(f -> assertThat(f.what()).endsWith("."))
                    .filteredOn(f -> f.severity() != Severity.INFO)
                    .allSatisfy(f -> assertThat(f.remedy()).isNotBlank());
            for (Finding finding : assessment.findings()) {
                if (finding.sql() != null) {
                    // In whatever console it is pasted.
                    db.sql(finding.sql());
                }
            }
        }
    }
}
