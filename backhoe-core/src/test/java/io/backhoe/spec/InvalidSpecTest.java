package io.backhoe.spec;

import static io.backhoe.spec.Refused.VALID;
import static io.backhoe.spec.Refused.invalid;
import static io.backhoe.spec.Refused.messages;
import static io.backhoe.spec.Refused.paths;
import static org.assertj.core.api.Assertions.assertThat;

import io.backhoe.value.ExitCode;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InvalidSpecTest {
    @Test
    void reportsEveryProblemAtOnceInTheOrderOfTheFile() {
        InvalidSpec invalid = invalid("""
                backfill:
                  nam: x
                  scope:
                    tabel: orders
                    date_range: { start: 2023-02-30, end: 2023-01-01 }
                    timezone: Europe/Berlyn
                  strategy: { type: incremental, paralelism: 4, max_retries: 101 }
                  strategy: { chunk_by: month }
                """);

        assertThat(invalid.exit()).isEqualTo(ExitCode.USAGE);
        assertThat(invalid.code()).isEqualTo("spec_invalid");
        assertThat(invalid.getMessage()).isEqualTo("""
                        my.yaml:2:3: name: is required
                        my.yaml:2:3: nam: unknown key (did you mean 'name'?)
                        my.yaml:4:5: scope.table: is required
                        my.yaml:4:5: scope.tabel: unknown key (did you mean 'table'?)
                        my.yaml:5:26: scope.date_range.start: '2023-02-30' is not a date or time that exists; write \
                        2023-01-31 or 2023-01-31T06:00:00
                        my.yaml:6:15: scope.timezone: 'Europe/Berlyn' is not a time zone; write its name, such as UTC \
                        or Europe/Berlin (did you mean 'Europe/Berlin'?)
                        my.yaml:7:34: strategy.paralelism: unknown key (did you mean 'parallelism'?)
                        my.yaml:7:62: strategy.max_retries: '101' is not a whole number from 0 to 100
                        my.yaml:8:3: strategy: this key was already given in line 7""");
    }

    @Test
    void refusesWhatIsNestedTooDeeplyWhateverItsDepth() {
        for (int depth : new int[] {101, 200_000}) {
            assertThat(invalid("backfill: " + "[".repeat(depth))).hasMessageEndingWith(": nested too deeply");
            assertThat(invalid("backfill: " + "{a: ".repeat(depth))).hasMessageEndingWith(": nested too deeply");
            assertThat(SpecFile.isPlan("backfill: " + "[".repeat(depth))).isFalse();
        }
        assertThat(invalid("backfill: " + "[".repeat(90) + "]".repeat(90)).getMessage())
                .doesNotContain("nested");
    }

    @Test
    void refusesANulCharacterThatAnEscapeBringsIn() {
        assertThat(messages("  transform: {set: {a: \"1 \\0\"}}"))
                .containsExactly("transform.set.a: has a NUL character, which no text of PostgreSQL can hold");
    }

    @Test
    void reportsWhatIsRequired() {
        assertThat(paths("backfill: {}")).containsExactly("name", "scope");
        assertThat(paths("backfill: {name: x, scope: {}}")).containsExactly("scope.table", "scope.date_range");
        assertThat(paths("backfill: {name: x, scope: {table: t, date_range: {}}}"))
                .containsExactly("scope.date_range.start", "scope.date_range.end");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                                | 1:1: the file is empty; everything stands below the key backfill",
                "'# nothing'                       | 1:1: the file is empty; everything stands below the key backfill",
                "'backfill:'                       | 1:10: backfill: is empty",
                "'backfill: 3'                     | 1:11: backfill: is a single value, expected keys and values",
                "'- backfill'                      | 1:1: is a list, expected keys and values",
                "'backfil: {name: x}'              | 1:1: backfill: is required",
            })
    void reportsAFileThatIsNoSpecAtAll(String text, String problem) {
        assertThat(invalid(text).getMessage().lines().toList()).contains("my.yaml:" + problem);
    }

    @Test
    void refusesAnotherKeyAtTheTop() {
        assertThat(invalid(VALID + "settings: {}\n").getMessage()).isEqualTo("my.yaml:4:1: settings: unknown key");
        assertThat(invalid("backfil: {name: x}").getMessage())
                .contains("my.yaml:1:1: backfil: unknown key (did you mean 'backfill'?)");
    }

    @Test
    void refusesASecondDocument() {
        assertThat(invalid(VALID + "---\nbackfill: {}\n").problems())
                .singleElement()
                .satisfies(p -> assertThat(p.message()).contains("second document"))
                .satisfies(p -> assertThat(p.line()).isEqualTo(5));
    }

    @Test
    void saysWhereItIsNotYaml() {
        Problem problem =
                invalid("backfill:\n  name: x\n scope: [\n").problems().get(0);

        assertThat(problem.line()).isEqualTo(3);
        assertThat(problem.message()).startsWith("not YAML: ");
        assertThat(invalid("backfill:\n\tname: x\n").problems().get(0).line()).isEqualTo(2);
        assertThat(invalid("backfill:\n  name: \u0007\n").problems())
                .containsExactly(new Problem(2, 1, "", "not YAML: the character U+0007 is not allowed", null));
    }

    @Test
    void readsCharactersOutsideTheBasicPlaneWhereverTheyStand() {
        for (int i = 0; i < 1100; i++) {
            String text = VALID + "# " + "x".repeat(i) + "🚜🚜\n";
            assertThat(SpecFile.read(text, "my.yaml", SpecOverrides.NONE)
                            .spec()
                            .about()
                            .name())
                    .isEqualTo("x");
        }
        assertThat(invalid(VALID + "  description: \uD83D").problems()).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "backfill: {target: {password: \"hunter2}",
                "backfill: {target: {password: *hunter2}}",
                "backfill: {target: {password: {hunter2: [}}",
                "backfill: {target: {password: !hunter2 x}}",
                "backfill:\n  target:\n    password: hunter2\n   url: x",
            })
    void neverRepeatsAPasswordFromAFileThatCannotBeRead(String text) {
        assertThat(invalid(text)).hasMessageNotContaining("hunter2");
    }

    @Test
    void reportsWrongTypes() {
        InvalidSpec invalid = invalid("""
                backfill:
                  name: [x]
                  target: "postgresql://app:hunter2@db/shop"
                  scope: {table: {a: b}, date_range: [2023-01-01, 2024-01-01], where: "", estimated_rows: many}
                  transform: {set: [a], from: c}
                  strategy: {parallelism: 0, preserve_existing: yes, chunk_size: 2 GB, max_retries: 1.5}
                  execution: {pre_checks: x, chunks: {a: b}, post_checks: [{sql: SELECT 1}, [x]]}
                  rollback: {strategy: befor_image}
                  monitoring: {update_frequency:}
                """);

        assertThat(invalid.getMessage().lines().map(line -> line.replaceFirst("my.yaml:\\d+:\\d+: ", "")))
                .containsExactly(
                        "name: is a list, expected a single value",
                        "target: is not the name of a target; a URL stands in target: { url: \"postgresql://...\" }",
                        "scope.table: is a map, expected a single value",
                        "scope.date_range: is a list, expected keys and values",
                        "scope.where: is empty; give it a value, or leave the key out",
                        "scope.estimated_rows: 'many' is not a number of rows; write 500000, 500_000 or ~500_000 rows",
                        "transform.set: is a list, expected keys and values",
                        "transform.from: needs transform.on: without it every row is joined with every row",
                        "strategy.parallelism: '0' is not a whole number from 1 to 64",
                        "strategy.preserve_existing: 'yes' is not true or false (did you mean 'true'?)",
                        "strategy.chunk_size: '2 GB' is not a number of rows; write 500000, 500_000 or ~500_000 rows",
                        "strategy.max_retries: '1.5' is not a whole number from 0 to 100",
                        "execution.pre_checks: is a single value, expected a list",
                        "execution.chunks: is a map, expected a list",
                        "execution.post_checks[0].name: is required",
                        "execution.post_checks[0].sql: unknown key",
                        "execution.post_checks[1]: is a list, expected a single value",
                        "rollback.strategy: 'befor_image' is not one of before_image, none, restore_from_backup (did"
                                + " you mean 'before_image'?)",
                        "monitoring.update_frequency: is empty; give it a value, or leave the key out");
    }

    @Test
    void refusesRangesThatAreEmptyOrReversed() {
        assertThat(invalid(VALID.replace("2024-01-01", "2023-01-01")).getMessage())
                .contains("scope.date_range.end: 2023-01-01 is not after start 2023-01-01");
        assertThat(invalid(VALID.replace("2024-01-01", "2022-12-31")).getMessage())
                .contains("scope.date_range.end: 2022-12-31 is not after start 2023-01-01");
    }

    @Test
    void refusesListedChunksThatOverlapLieOutsideOrShareAnId() {
        assertThat(messages("""
                          execution:
                            chunks:
                              - {id: late, date_range: [2023-02-15, 2023-03-15]}
                              - {id: early, date_range: [2023-01-01, 2023-03-01]}
                              - {id: inside, date_range: [2023-02-20, 2023-02-21]}
                              - {id: before, date_range: [2022-12-31, 2023-01-01]}
                              - {id: after, date_range: [2023-12-01, 2024-01-02]}
                              - {id: late, date_range: [2023-06-01, 2023-07-01]}
                              - {id: reversed, date_range: [2023-09-01, 2023-08-01]}
                              - {id: short, date_range: [2023-09-01]}
                              - {date_range: [2023-10-01, 2023-10-02]}
                              - {id: "a\\nb", date_range: 2023-10}
                              - x
                              -
                        """))
                .containsExactly(
                        "execution.chunks[0]: chunk 'late' [2023-02-15, 2023-03-15) overlaps chunk 'early' [2023-01-01,"
                                + " 2023-03-01)",
                        "execution.chunks[2]: chunk 'inside' [2023-02-20, 2023-02-21) overlaps chunk 'late'"
                                + " [2023-02-15, 2023-03-15)",
                        "execution.chunks[3]: chunk 'before' [2022-12-31, 2023-01-01) lies outside scope.date_range"
                                + " [2023-01-01, 2024-01-01)",
                        "execution.chunks[4]: chunk 'after' [2023-12-01, 2024-01-02) lies outside scope.date_range"
                                + " [2023-01-01, 2024-01-01)",
                        "execution.chunks[5]: the id 'late' was already given to another chunk",
                        "execution.chunks[6].date_range: 2023-08-01 is not after 2023-09-01; the range is half-open,"
                                + " [start, end)",
                        "execution.chunks[7].date_range: has 1 entries, expected [start, end]",
                        "execution.chunks[8].id: is required",
                        "execution.chunks[9].id: is not one line of at most 100 characters",
                        "execution.chunks[9].date_range: is a single value, expected [start, end]",
                        "execution.chunks[10]: is a single value, expected keys and values",
                        "execution.chunks[11]: is empty");
    }

    @Test
    void refusesATransformThatDoesNotFitTogether() {
        assertThat(messages("  transform: {}"))
                .containsExactly("transform.set: is required: which column is set to what; or give --set");
        assertThat(messages("  transform: {set: {a: ''}}"))
                .containsExactly("transform.set.a: is empty; give it a value, or leave the key out");
        assertThat(messages("  transform: {set: {a: null}}"))
                .containsExactly("transform.set.a: is empty; for the SQL value write \"NULL\" in quotes");
        assertThat(messages("  transform: {set: {a: '1', A: '2'}}"))
                .containsExactly("transform.set.A: column a was already given");
        assertThat(messages("  transform: {set: {t.a: '1'}}"))
                .containsExactly("transform.set.t.a: 't.a' is not the name of a column: write it without its table");
        assertThat(messages("  transform: {set: {'a b': '1'}}"))
                .containsExactly("transform.set.a b: 'a b' is not the name of a column");
        assertThat(messages("  transform: {set: {a: '1'}, on: x = y}"))
                .containsExactly("transform.on: needs transform.from: which table is joined");
        assertThat(messages("  transform: {set: {a: '1', b: '2'}, missing_when: a = 0}"))
                .containsExactly("transform.missing_when: more than one column is set; write a predicate for each:"
                        + " missing_when: { a: \"...\" }");
        assertThat(messages("  transform: {set: {tier: '1'}, missing_when: {teir: teir = 0}}"))
                .containsExactly(
                        "transform.missing_when: column teir is not set by this backfill (did you mean 'tier'?)");
    }

    @Test
    void refusesACheckThatNamesNoColumnOrMoreThanOne() {
        assertThat(messages("""
                          transform: {set: {customer_tier: "1", "\\"Old\\"": "2"}}
                          execution: {post_checks: [verify_no_nulls_in_teir]}
                        """))
                .containsExactly(
                        "execution.post_checks[0]: 'verify_no_nulls_in_teir' names no column that this backfill"
                                + " sets; it could be one of customer_tier, \"Old\"");
    }

    @Test
    void refusesAnUnknownCheckAndListsThoseThatThereAre() {
        assertThat(messages("""
                          transform: {set: {tier: "1"}}
                          execution:
                            pre_checks: [verify_permission, verify_all_chunks_succeeded]
                            post_checks:
                              - {name: verify_values_match_expression, sample: 0, nth: 5}
                              - {name: verify_all_chunks_succeeded, query: SELECT 1, expect: 1}
                              - {name: mine, query: SELECT 1; SELECT 2}
                              - verify_no_nulls_in_tier
                              - no_nulls_in_tier
                        """))
                .containsExactly(
                        "execution.pre_checks[0]: there is no check 'verify_permission'; there are"
                                + " verify_source_data_exists, verify_target_column_exists, verify_backup_exists,"
                                + " verify_no_concurrent_backfills, verify_permissions, verify_disk_space,"
                                + " capture_baseline_metrics, verify_expected_rows, capture_gap_map, and your own with a name, a query and what to expect (did"
                                + " you mean 'verify_permissions'?)",
                        "execution.pre_checks[1]: 'verify_all_chunks_succeeded' is asked after a run; list it under"
                                + " post_checks",
                        "execution.post_checks[0]: a check 'verify_values_match_expression' has no 'nth'; it may have"
                                + " sample",
                        "execution.post_checks[0]: sample: '0' is not a share; write 1 % or 100 %",
                        "execution.post_checks[1]: 'verify_all_chunks_succeeded' is the name of a check that takes no"
                                + " query; give yours another name",
                        "execution.post_checks[2]: the query has a semicolon; it must be one piece of SQL",
                        "execution.post_checks[2]: 'mine' does not say what to expect: a value, or empty",
                        "execution.post_checks[4]: 'verify_no_nulls_in_tier' is listed twice");
    }

    @Test
    void namesTheFlagWhenTheProblemIsNotInTheFile() {
        var overrides = new SpecOverrides("", Map.of(), "customers c", null, " ");

        assertThat(invalid(VALID, overrides).getMessage().lines())
                .containsExactlyInAnyOrder(
                        "--url: is empty",
                        "--where: is empty",
                        "transform.set: is required: which column is set to what; or give --set",
                        "transform.from: needs transform.on: without it every row is joined with every row");
    }
}
