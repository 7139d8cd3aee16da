package io.backhoe.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.backhoe.Seed;
import io.backhoe.spec.Correction;
import io.backhoe.spec.InvalidSpec;
import io.backhoe.spec.Problem;
import io.backhoe.spec.Spec;
import io.backhoe.spec.SpecFile;
import io.backhoe.spec.SpecOverrides;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PlanFileTest {
    private static final Plan PLAN = Plans.sample();

    @Test
    void readsBackWhatItWrote() {
        assertThat(PlanFile.read(PlanFile.write(PLAN), "p.yaml")).isEqualTo(PLAN);
    }

    @Test
    void readsBackEveryText() {
        Seed.times(500, random -> {
            Plan plan = Plans.odd(random);
            String text = PlanFile.write(plan);

            assertThat(PlanFile.read(text, "p.yaml")).as(text).isEqualTo(plan);
        });
    }

    @Test
    void writesSqlAsItIsPastedIntoAConsole() {
        assertThat(PlanFile.write(PLAN))
                .startsWith("# A plan of Backhoe")
                .contains("backhoe run THIS_FILE", PLAN.hash())
                .contains("""
                          sql:
                            boundary: |-
                              SELECT id
                              FROM orders
                              WHERE order_date >= :chunk_start
                            capture: |-
                              INSERT INTO backhoe.image_{run}
                              SELECT 1
                        """)
                .contains("""
                              - {"id": "2023-01-01", "date_range": ["2023-01-01", "2023-01-02"], \
                        "range": ["2023-01-01", "2023-01-02"], "estimated_rows": 14000}
                        """);
    }

    @Test
    void isAPlanAndNotASpec() {
        String text = PlanFile.write(PLAN);

        assertThat(SpecFile.isPlan(text)).isTrue();
        assertThatThrownBy(() -> SpecFile.read(text, "p.yaml", SpecOverrides.NONE))
                .isInstanceOf(InvalidSpec.class)
                .hasMessageContaining("hash: this is a plan, it has a hash; a spec has none");
    }

    @Test
    void doesNotMindLayoutCommentsAndEstimates() {
        String text = PlanFile.write(PLAN);
        String edited = text.replaceAll("(?m)^#.*\n", "")
                .replace("\n  strategy:", "\n\n  # as agreed\n  strategy:")
                .replace("timezone: Europe/Berlin", "timezone:   'Europe/Berlin' # Berlin")
                .replace("\"estimated_rows\": 14000", "estimated_rows: 15_000")
                .replace("created: \"2024-01-15\"", "created: 2024-01-16")
                .replace("${env:PGPASSWORD}", "${file:/run/secrets/pg}")
                .replace("walks the index", "walks index")
                .replace("wal_bytes: 5000000", "wal_bytes: 6000000")
                .replace("Index Scan using orders_date_idx", "Seq Scan");

        assertThat(PlanFile.read(edited, "p.yaml").hash()).isEqualTo(PLAN.hash());
        assertThat(edited)
                .doesNotContain("2024-01-15", "14000", "PGPASSWORD", "walks the index")
                .doesNotContain("5000000", "Index Scan");
    }

    @Test
    void refusesAPlanThatWasChanged() {
        String edited = PlanFile.write(PLAN).replace("SET customer_tier = 'x'", "SET customer_tier = 'y'");

        assertThatThrownBy(() -> PlanFile.read(edited, "p.yaml"))
                .isInstanceOfSatisfying(BackhoeException.class, e -> {
                    assertThat(e.exit()).isEqualTo(ExitCode.DRIFTED);
                    assertThat(e.code()).isEqualTo("plan_changed");
                })
                .hasMessageStartingWith("p.yaml: the plan was changed after it was made: its hash says " + PLAN.hash())
                .hasMessageMatching("(?s).*its content is sha256:[0-9a-f]{64}\\..*");
    }

    @Test
    void namesWhatWasEditedAndWhatStandsThereNow() {
        String written = PlanFile.write(PLAN);

        assertThat(edits(written.replace("SET customer_tier = 'x'", "SET customer_tier = 'y'")))
                .singleElement()
                .asString()
                .matches("sql\\.write line \\d+: is now .*SET customer_tier = 'y'.*");
        assertThat(edits(written.replace("row_bytes: 120", "row_bytes: 121")))
                .containsExactly("access.row_bytes: is now 121");
        assertThat(edits(written.replace("timezone: Europe/Berlin", "timezone: Asia/Tokyo")
                        .replace(
                                "\"range\": [\"2023-01-01\", \"2023-01-02\"]",
                                "\"range\": [\"2023-01-01\", \"2023-01-03\"]")))
                .satisfiesExactly(
                        first -> assertThat(first).isEqualTo("scope.timezone: is now Asia/Tokyo"),
                        second -> assertThat(second)
                                .startsWith("chunks[0]: is now id 2023-01-01, ")
                                .contains("range.start 2023-01-01, range.end 2023-01-03"));
        assertThat(edits(written.replace(PLAN.hash(), PLAN.hash().replaceFirst("[0-9a-f]{4}$", "zzzz"))))
                .singleElement()
                .asString()
                .startsWith("hash: all else is as it was sealed");
    }

    @Test
    void namesWhatWasPutInOrTakenOut() {
        Seed.times(200, random -> {
            Plan plan = Plans.odd(random);
            if (plan.chunks().isEmpty()) {
                plan = with(plan, Plans.sample().chunks());
            }
            var seal = PlanSeal.of(plan);
            var fewer = plan.chunks().subList(1, plan.chunks().size());

            Plan shorter = with(plan, fewer);

            assertThat(PlanSeal.edits(seal, plan)).isEmpty();
            if (fewer.isEmpty()) {
                assertThat(PlanSeal.edits(seal, shorter)).containsExactly("chunks: was taken out");
            } else {
                assertThat(PlanSeal.edits(seal, shorter))
                        .containsExactly("chunks: has " + fewer.size() + " parts and had " + (fewer.size() + 1));
            }
            assertThat(PlanSeal.edits(PlanSeal.of(shorter), plan))
                    .last()
                    .asString()
                    .startsWith("chunks[0]: is now id ");
        });
    }

    private static Plan with(Plan plan, List<PlannedChunk> chunks) {
        return new Plan(
                plan.version(),
                plan.spec(),
                plan.access(),
                plan.session(),
                plan.sql(),
                chunks,
                plan.notes(),
                plan.fingerprint(),
                plan.hash());
    }

    /** The lines below the first of what is said of an edited plan. */
    private static List<String> edits(String edited) {
        var refused = catchThrowableOfType(BackhoeException.class, () -> PlanFile.read(edited, "p.yaml"));
        assertThat(refused.code()).isEqualTo("plan_changed");
        return refused.getMessage().lines().skip(1).map(String::strip).toList();
    }

    @Test
    void readsAPlanThatWasChangedToLookAtIt() {
        String edited = PlanFile.write(PLAN).replace("SET customer_tier = 'x'", "SET customer_tier = 'y'");

        assertThat(PlanFile.readEdited(edited, "p.yaml").sql().write()).contains("'y'");
    }

    @Test
    void refusesAPlanOfANewerVersionBeforeAnythingElse() {
        String newer = PlanFile.write(PLAN).replace("version: 1", "version: 2\n  gadgets: [1]");

        assertThatThrownBy(() -> PlanFile.read(newer, "p.yaml")).isInstanceOfSatisfying(BackhoeException.class, e -> {
            assertThat(e.exit()).isEqualTo(ExitCode.REFUSED);
            assertThat(e.code()).isEqualTo("plan_too_new");
        });
    }

    @Test
    void reportsEveryProblemOfAPlanThatWasMangled() {
        String mangled = PlanFile.write(PLAN)
                .replace("version: 1", "version: 0")
                .replace("    write: |-", "    wrote: |-")
                .replace("index: orders_date_idx", "index:")
                .replace(", \"estimated_rows\": 14000}", "}")
                .replace("\"range\": [\"2023-01-02\", \"2023-01-03\"]", "\"range\": [\"2023-01-02\"]")
                .replace("low: 1200, high: 3400", "low: 1200, high: 34")
                .replace("timezone: Europe/Berlin", "timezone: Nowhere");

        InvalidSpec invalid = catchThrowableOfType(InvalidSpec.class, () -> PlanFile.read(mangled, "p.yaml"));

        assertThat(invalid.problems().stream().map(Problem::path))
                .containsExactlyInAnyOrder(
                        "version",
                        "scope.timezone",
                        "access.index",
                        "sql.write",
                        "sql.wrote",
                        "forecast.duration_ms.low",
                        "execution.chunks[0].estimated_rows",
                        "execution.chunks[1].range");
    }

    @Test
    void reportsWhatIsMissingInAFileThatIsHardlyAPlan() {
        InvalidSpec invalid = catchThrowableOfType(
                InvalidSpec.class, () -> PlanFile.read("backfill: {hash: x, sql: [], session: {a: [b]}}", "p.yaml"));

        assertThat(invalid.problems().stream().map(Problem::path))
                .contains("name", "scope", "version", "access", "sql", "session.a", "execution");
    }

    @Test
    void neverWritesAPassword() {
        Plan plan =
                withTarget(new Spec.Target("postgresql://app:hunter2@db/shop?sslpassword=hunter2", "app", "hunter2"));

        String text = PlanFile.write(plan);

        assertThat(text).doesNotContain("hunter2").contains("url: \"postgresql://app@db/shop\"");
        Plan read = PlanFile.read(text, "p.yaml");
        assertThat(read.hash()).isEqualTo(plan.hash());
        assertThat(read.notes()).last().asString().contains("was left out here");
    }

    @Test
    void leavesOutATargetThatWasNothingButAPassword() {
        Plan plan = withTarget(new Spec.Target(null, null, "hunter2"));

        Plan read = PlanFile.read(PlanFile.write(plan), "p.yaml");

        assertThat(read.spec().target()).isNull();
        assertThat(read.hash())
                .isEqualTo(plan.hash())
                .isEqualTo(withTarget(null).hash());
    }

    @Test
    void refusesToWriteAPlanWithoutItsHash() {
        Plan unhashed = new Plan(
                1,
                PLAN.spec(),
                PLAN.access(),
                PLAN.session(),
                PLAN.sql(),
                PLAN.chunks(),
                PLAN.notes(),
                PLAN.fingerprint(),
                "",
                PLAN.forecast(),
                PLAN.explain(),
                PLAN.lineage(),
                PLAN.restOf());

        assertThatThrownBy(() -> PlanFile.write(unhashed)).isInstanceOf(IllegalArgumentException.class);
        assertThat(unhashed.hashed()).isEqualTo(PLAN);
    }

    @Test
    void dropsTheListedChunksOfTheSpecBecauseThePlanListsAll() {
        Spec spec = PLAN.spec();
        LocalDateTime start = spec.scope().from();
        var listed = new Spec.Execution(
                spec.execution().preChecks(),
                List.of(new Spec.ListedChunk("a", start, start.plusDays(1), null)),
                spec.execution().postChecks());
        Spec withListed = new Spec(
                spec.about(), spec.target(), spec.scope(), spec.transform(), spec.strategy(), listed, spec.rollback());

        assertThat(with(withListed)).isEqualTo(PLAN);
    }

    @Test
    void keepsAllThatACorrectionSays() {
        var byFile = new Correction(
                new Correction.Records("odd: name.csv", "ab12", 3L, List.of("id"), List.of("id", "Odd \"Tier\"")),
                true,
                new Correction.Expected(2, 4));
        for (var correction : List.of(byFile, new Correction(null, false, new Correction.Expected(7, 7)))) {
            Plan plan = Plans.correcting(Plans.sample(3), correction);

            assertThat(PlanFile.read(PlanFile.write(plan), "p.yaml")).isEqualTo(plan);
        }
    }

    @Test
    void readsChunksTheSameWayWhetherOrNotTheyAreAsTheyWereWritten() {
        Seed.times(200, random -> {
            Plan plan = Plans.odd(random);
            String written = PlanFile.write(plan);

            assertThat(ChunkLines.take(written).isPresent())
                    .isEqualTo(!plan.chunks().isEmpty());
            assertThat(ChunkLines.take(written + "# reviewed\n")).isEmpty();
            assertThat(PlanFile.read(written, "p.yaml")).isEqualTo(plan);
            assertThat(PlanFile.read(written + "# reviewed\n", "p.yaml")).isEqualTo(plan);
        });
    }

    @Test
    void noticesWhatIsEditedInALineOfAChunk() {
        String written = PlanFile.write(PLAN);
        for (String edited : List.of(
                written.replace("\"2023-01-02\", \"2023-01-03\"", "\"2023-01-02\", \"2023-01-04\""),
                written.replace("{\"id\": \"2023-01-02\"", "{\"id\": \"2023-01-09\""),
                written.substring(0, written.lastIndexOf("      - {")))) {
            assertThatThrownBy(() -> PlanFile.read(edited, "p.yaml"))
                    .isInstanceOfSatisfying(
                            BackhoeException.class, e -> assertThat(e.exit()).isEqualTo(ExitCode.DRIFTED));
        }
        String twice =
                written.replaceFirst("\"estimated_rows\": 14000", "\"estimated_rows\": 1, \"estimated_rows\": 2");
        assertThatThrownBy(() -> PlanFile.read(twice, "p.yaml")).isInstanceOf(InvalidSpec.class);
        String more = written.replaceFirst("\"range\"", "\"rank\": 1, \"range\"");
        assertThatThrownBy(() -> PlanFile.read(more, "p.yaml"))
                .isInstanceOf(InvalidSpec.class)
                .hasMessageContaining("rank");
    }

    @Test
    void isQuickWithTenThousandChunks() {
        Plan plan = Plans.sample(10_000);

        long before = cpuNanos();
        Plan read = PlanFile.read(PlanFile.write(plan), "p.yaml");
        long used = cpuNanos() - before;

        assertThat(read).isEqualTo(plan);
        assertThat(Duration.ofNanos(used)).isLessThan(Duration.ofSeconds(5));
    }

    /** Of this thread, so that a busy machine does not fail the test. */
    private static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static Plan withTarget(Spec.@Nullable Target target) {
        Spec spec = PLAN.spec();
        return with(new Spec(
                spec.about(),
                target,
                spec.scope(),
                spec.transform(),
                spec.strategy(),
                spec.execution(),
                spec.rollback()));
    }

    private static Plan with(Spec spec) {
        return new Plan(
                        1,
                        spec,
                        PLAN.access(),
                        PLAN.session(),
                        PLAN.sql(),
                        PLAN.chunks(),
                        PLAN.notes(),
                        PLAN.fingerprint(),
                        "",
                        PLAN.forecast(),
                        PLAN.explain(),
                        PLAN.lineage(),
                        PLAN.restOf())
                .hashed();
    }
}
