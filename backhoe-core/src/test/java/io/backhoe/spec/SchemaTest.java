package io.backhoe.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SchemaTest {
    static java.util.List<Path> examples() throws IOException {
        try (var files = Files.walk(Path.of("..", "examples"))) {
            return files.filter(f -> f.toString().endsWith(".yaml")).toList();
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void acceptsEveryExample(Path example) throws IOException {
        assertThat(PublishedSchema.problems(Files.readString(example))).isEmpty();
    }

    @Test
    void knowsExactlyTheKeysThatASpecIsReadBy() {
        var problems = new Problems("x.yaml");
        Section backfill = SpecFile.open(EVERY_SECTION, problems);
        var reader = new SpecReader(backfill, SpecOverrides.NONE, problems);
        reader.spec();
        backfill.close();
        problems.throwIfAny();

        assertThat(backfill.asked()).isEqualTo(PublishedSchema.keys("plan"));
        assertThat(PublishedSchema.problems(EVERY_SECTION)).isEmpty();
    }

    /** What both refuse; the parser refuses more, with better words. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "backfil: {}",
                "backfill: {name: x}",
                "backfill: {scope: {table: t, date_range: {start: 2023-01-01, end: 2024-01-01}}}",
                "backfill: {name: x, scope: {table: t, date_range: {start: 2023-01-01}}}",
                "backfill: {name: x, scope: {table: t, date_range: {start: 1.1.2023, end: 2024-01-01}}}",
                "backfill: {name: x, nam: y, scope: {table: t, date_range: {start: 2023-01-01, end: 2024-01-01}}}",
                "backfill: {name: x, canary: 1, scope: {table: t, date_range: {start: 2023-01-01, end: 2024-01-01}}}",
                "backfill: {name: x, throttle: {probe: {query: SELECT 1}}, scope: {table: t, date_range:"
                        + " {start: 2023-01-01, end: 2024-01-01}}}",
                "backfill: {name: x, throttle: {replica_lag: soon}, scope: {table: t, date_range:"
                        + " {start: 2023-01-01, end: 2024-01-01}}}",
                "backfill: {name: x, deadline: 4h, scope: {table: t, date_range: {start: 2023-01-01, end: 2024-01-01}}}",
                "backfill: {name: x, scope: {table: t, date_range: {start: 2023-01-01, end: 2024-01-01}},"
                        + " strategy: {parallelism: 65}}",
                "backfill: {name: x, scope: {table: t, date_range: {start: 2023-01-01, end: 2024-01-01}},"
                        + " strategy: {chunk_by: moth}}",
                "backfill: {name: x, scope: {table: t}}",
                "backfill: {name: x, scope: {table: t}, strategy: {chunk_by: day}}",
                "backfill: {name: x, scope: {table: t, date_range: {start: 2023-01-01, end: 2024-01-01}},"
                        + " sql: {boundary: a, write: b, repeatable_read: true}}",
            })
    void refusesWhatTheParserRefuses(String text) {
        assertThat(PublishedSchema.problems(text)).isNotEmpty();
        assertThat(org.assertj.core.api.Assertions.catchThrowable(
                        () -> SpecFile.read(text, "x.yaml", SpecOverrides.NONE)))
                .isInstanceOf(InvalidSpec.class);
    }

    @Test
    void describesEveryKey() {
        assertThat(PublishedSchema.undescribed())
                .isSubsetOf(new TreeSet<>(Set.of("backfill", "execution", "rollback", "monitoring")));
    }

    @Test
    void knowsWhatOnlyAPlanHas() {
        Map<String, Set<String>> all = PublishedSchema.keys("");

        assertThat(all.get("")).contains("hash", "sql", "fingerprint");
        assertThat(all.get("execution.chunks[]")).contains("range", "status");
    }

    @Test
    void isExplainedKeyByKeyInTheDocumentation() throws IOException {
        String page = Files.readString(Path.of("..", "docs", "spec.md"));

        PublishedSchema.keys("").forEach((path, keys) -> {
            for (String key : keys) {
                assertThat(page).containsPattern("[`.]" + key + "[`.]");
            }
        });
    }

    private static final String EVERY_SECTION = """
            backfill:
              name: x
              target: {url: "postgresql://db/shop"}
              scope: {table: t, date_range: {start: 2023-01-01, end: 2024-01-01}, where: a > 0}
              transform: {set: {a: 1}, missing_when: {a: a = 0}}
              reason: because
              after: [y]
              strategy: {type: correction, chunk_by: week}
              correction: {expect_rows: {min: 1, max: 2}}
              execution:
                pre_checks: [verify_disk_space, {name: b, query: SELECT 1, expect: 1}]
                chunks: [{id: a, date_range: [2023-01-01, 2023-01-02], estimated_rows: ~5_000 rows}]
                post_checks: []
              rollback: {strategy: before_image}
              server: {}
              policy: balanced
              throttle: {replica_lag: 10s, disk: off, probe: {query: SELECT 1, limit_ms: 300}, ignore_replicas: [late]}
              run_between: "22:00-06:00 Europe/Stockholm"
              deadline: "2026-12-01 06:00 Europe/Stockholm"
              canary: 1%
              monitoring: {update_frequency: per_chunk}
            """;
}
