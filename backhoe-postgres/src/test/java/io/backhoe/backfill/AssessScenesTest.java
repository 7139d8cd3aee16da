package io.backhoe.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import io.backhoe.assess.AssessOptions;
import io.backhoe.assess.Finding;
import io.backhoe.assess.Severity;
import io.backhoe.embedded.Version;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
