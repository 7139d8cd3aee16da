package io.backhoe.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MonitoringTest {
    @Test
    void readsHowOften() {
        assertThat(frequency("per_chunk")).isEqualTo(UpdateFrequency.PER_CHUNK);
        assertThat(frequency("state")).isEqualTo(UpdateFrequency.STATE);
        assertThat(frequency("10%")).isEqualTo(UpdateFrequency.DEFAULT);
        assertThat(frequency("5m").every()).isEqualTo(Duration.ofMinutes(5));
        assertThat(frequency("30 s").every()).isEqualTo(Duration.ofSeconds(30));
        assertThat(frequency("2h").every()).isEqualTo(Duration.ofHours(2));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0%", "51%", "100%", "0m", "5", "often", "5d", "-5m", "1.5h"})
    void refusesAnyOther(String text) {
        assertThatThrownBy(() -> frequency(text))
                .isInstanceOf(InvalidSpec.class)
                .hasMessageContaining("monitoring.update_frequency: '" + text + "' is not how often; write per_chunk");
        assertThat(PublishedSchema.problems(spec("update_frequency: \"" + text + "\"")))
                .isNotEmpty();
    }

    @Test
    void aFrequencyIsWrittenAsItIsRead() {
        for (String word : new String[] {"per_chunk", "state", "1%", "50%", "300s"}) {
            assertThat(frequency(frequency(word).word())).isEqualTo(frequency(word));
            assertThat(PublishedSchema.problems(spec("update_frequency: \"" + word + "\"")))
                    .isEmpty();
        }
    }

    @Test
    void aSecretInClearIsUsedAndWarnedOf() {
        var read =
                SpecFile.read(spec("progress_webhook: https://h/s3cret, format: slack"), "x.yaml", SpecOverrides.NONE);

        assertThat(read.spec().monitoring().webhook()).isEqualTo("https://h/s3cret");
        assertThat(read.warnings())
                .singleElement()
                .asString()
                .contains("a secret stands in the file in clear")
                .doesNotContain("s3cret");
        assertThat(read.spec().toString()).doesNotContain("s3cret");
    }

    private static UpdateFrequency frequency(String text) {
        return SpecFile.read(spec("update_frequency: \"" + text + "\""), "x.yaml", SpecOverrides.NONE)
                .spec()
                .monitoring()
                .frequency();
    }

    private static String spec(String monitoring) {
        return """
                backfill:
                  name: x
                  scope: { table: t, date_range: { start: 2023-01-01, end: 2024-01-01 } }
                  monitoring: { %s }
                """.formatted(monitoring);
    }
}
