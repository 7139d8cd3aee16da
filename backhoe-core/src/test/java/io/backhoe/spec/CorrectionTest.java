package io.backhoe.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CorrectionTest {
    private static final String BY_WHERE = """
            backfill:
              name: x
              reason: the rate of March was wrong
              scope: { table: t, where: "rate = 2" }
              transform: { set: { rate: "3" } }
              strategy: { type: correction }
            """;

    @Test
    void oneByWhereWritesOverWhatIsThereAndWalksTheKey() {
        Spec spec = read(BY_WHERE);

        assertThat(spec.corrects()).isTrue();
        assertThat(spec.about().reason()).isEqualTo("the rate of March was wrong");
        assertThat(spec.strategy()).isEqualTo(Spec.Strategy.CORRECTION);
        assertThat(spec.correction()).isNull();
        assertThat(spec.rollback().keepImages()).isTrue();
    }

    @Test
    void oneByAFileNeedsNoTransform() {
        Spec spec = read(
                BY_WHERE.replace(", where: \"rate = 2\"", "").replace("  transform: { set: { rate: \"3\" } }\n", "")
                        + "  correction: { keys: fixes.csv, unknown_keys: skip }\n");

        assertThat(spec.transform()).isNull();
        assertThat(spec.correction()).isEqualTo(new Correction(new Correction.Records("fixes.csv"), true, null));
    }

    @Test
    void theNumberOfRowsIsExactAboutOrFromTo() {
        assertThat(expected("1_204")).isEqualTo(new Correction.Expected(1204, 1204));
        assertThat(expected("~1200")).isEqualTo(new Correction.Expected(1080, 1320));
        assertThat(expected("{ min: 1, max: 5 }")).isEqualTo(new Correction.Expected(1, 5));
        assertThat(messages(BY_WHERE + "  correction: { expect_rows: { min: 5, max: 1 } }\n"))
                .containsExactly("correction.expect_rows.max: 1 is less than min 5");
        assertThat(messages(BY_WHERE + "  correction: { expect_rows: many }\n"))
                .containsExactly(
                        "correction.expect_rows: 'many' is not a number of rows; write 500000, 500_000 or ~500_000"
                                + " rows");
    }

    @Test
    void allThatForbidsOneIsToldAtOnce() {
        assertThat(messages("""
                backfill:
                  name: x
                  scope: { table: t }
                  transform: { command: work, columns: [rate] }
                  strategy: { type: correction }
                  rollback: { strategy: none }
                """))
                .containsExactlyInAnyOrder(
                        "reason: is required by strategy.type: correction: why these rows are to be changed",
                        "correction: chooses no rows, which would be all of them: write scope.where, or correction.keys"
                                + " with the name of a CSV file",
                        "rollback: strategy none does not go with a correction, which can always be taken back",
                        "transform: what is called for each chunk keeps nothing, and a correction can always be taken back");
    }

    @Test
    void aFileIsWalkedByItsOwnKeyAndBySqlAlone() {
        assertThat(messages("""
                backfill:
                  name: x
                  reason: because
                  scope: { table: t, date_range: { start: 2023-01-01, end: 2024-01-01 } }
                  transform: { function: f, columns: [rate] }
                  strategy: { type: correction, chunk_by: month }
                  correction: { keys: fixes.csv, sha256: abc }
                """))
                .containsExactlyInAnyOrder(
                        "strategy: chunk_by: month does not go with correction.keys: chunks are stretches of the records"
                                + " (chunk_by: key)",
                        "transform: a function does not go with correction.keys: it would not be told the records",
                        "correction.sha256: belongs to a plan, which has a hash; a spec has neither");
    }

    @Test
    void itsKeysAreNoneOfAnyOtherStrategy() {
        assertThat(messages(BY_WHERE.replace("type: correction", "chunk_by: key") + "  correction: { keys: a.csv }\n"))
                .containsExactly("correction: needs strategy.type: correction");
        assertThat(messages(BY_WHERE + "  correction: { unknown_keys: skip }\n"))
                .containsExactly("correction.unknown_keys: needs correction.keys: the file whose keys may be unknown");
        assertThat(read(BY_WHERE.replace("type: correction", "chunk_by: key"))
                        .about()
                        .reason())
                .isEqualTo("the rate of March was wrong");
    }

    @Test
    void inCodeItIsTheSame() {
        Spec inCode = BackfillSpec.named("x")
                .correcting("the rate of March was wrong")
                .table("t")
                .keys("fixes.csv")
                .expectRows(2, 3)
                .build();

        assertThat(inCode.strategy()).isEqualTo(Spec.Strategy.CORRECTION);
        assertThat(inCode.correction())
                .isEqualTo(new Correction(new Correction.Records("fixes.csv"), false, new Correction.Expected(2, 3)));
    }

    private static Correction.@Nullable Expected expected(String written) {
        Correction read = read(BY_WHERE + "  correction: { expect_rows: " + written + " }\n")
                .correction();
        return read == null ? null : read.expected();
    }

    private static Spec read(String text) {
        assertThat(PublishedSchema.problems(text)).isEmpty();
        return SpecFile.read(text, "my.yaml", SpecOverrides.NONE).spec();
    }

    private static List<String> messages(String text) {
        return Refused.invalid(text)
                .getMessage()
                .lines()
                .map(line -> line.replaceFirst("my.yaml:\\d+:\\d+: ", ""))
                .toList();
    }
}
