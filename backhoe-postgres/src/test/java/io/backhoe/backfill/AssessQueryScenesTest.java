package io.backhoe.backfill;

import static io.backhoe.backfill.AssessTest.codes;
import static org.assertj.core.api.Assertions.assertThat;

import io.backhoe.assess.AssessOptions;
import io.backhoe.embedded.Version;
import io.backhoe.spec.SpecFile;
import io.backhoe.spec.SpecOverrides;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** As {@link AssessScenesTest}, of rows that a query yields. */
class AssessQueryScenesTest {
    /**
     * @param change pairs of what stands in the spec and what stands in its place
     * @param codes of what is found
     */
    private record QueryScene(String sentence, String sql, List<String> change, List<String> codes) {
        @Override
        public String toString() {
            return sentence;
        }
    }

    private static final String TRIGGER = """
            CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
            CREATE TRIGGER noted AFTER INSERT ON received FOR EACH ROW EXECUTE FUNCTION noted()""";

    static Stream<Arguments> scenes() {
        return Stream.of(
                        scene("a table in good order has nothing to mention", "", List.of()),
                        scene(
                                "without a unique index each batch locks the table",
                                "ALTER TABLE received ADD other bigint GENERATED ALWAYS AS IDENTITY,"
                                        + " DROP CONSTRAINT received_pkey, ADD PRIMARY KEY (other)",
                                List.of(
                                        "SELECT id, day, amount FROM sent",
                                        "SELECT id, day, amount FROM sent\n    key: [id]"),
                                "no_unique_index"),
                        scene(
                                "foreign keys that cascade are a warning",
                                "CREATE TABLE notes (id bigint REFERENCES received ON DELETE CASCADE)",
                                List.of(),
                                "undo_would_cascade"),
                        scene(
                                "foreign keys that do not are nothing to mention",
                                "CREATE TABLE notes (id bigint REFERENCES received)",
                                List.of()),
                        scene("triggers on INSERT are a warning", TRIGGER, List.of(), "row_triggers"),
                        scene(
                                "triggers on UPDATE do not fire",
                                TRIGGER.replace("AFTER INSERT", "AFTER UPDATE"),
                                List.of()),
                        scene(
                                "a query that does not work is a blocker",
                                "",
                                List.of("FROM sent", "FROM nosuch"),
                                "query_invalid"),
                        scene(
                                "a column that the table has not is a blocker",
                                "",
                                List.of("amount FROM", "amount AS amont FROM"),
                                "query_column_unknown"),
                        scene(
                                "a query without the dates is a blocker",
                                "",
                                List.of("id, day, amount FROM", "id, amount FROM"),
                                "query_column_missing"),
                        scene(
                                "a query without the key is a blocker",
                                "",
                                List.of("id, day, amount FROM", "day, amount FROM"),
                                "query_key_missing"),
                        scene(
                                "a type that does not fit is a blocker",
                                "",
                                List.of("amount FROM", "ARRAY[amount] AS amount FROM"),
                                "query_unfit"))
                .flatMap(scene -> Arrays.stream(Version.values()).map(version -> Arguments.of(scene, version)));
    }

    private static QueryScene scene(String sentence, String sql, List<String> change, String... codes) {
        return new QueryScene(sentence, sql, change, List.of(codes));
    }

    @ParameterizedTest(name = "{0} ({1})")
    @MethodSource("scenes")
    void exactlyWhatIsDifferentIsFound(QueryScene scene, Version version) throws Exception {
        try (var db = TestDatabase.on(version)) {
            new GapScene(db, 2);
            if (!scene.sql().isEmpty()) {
                db.sql(scene.sql());
            }
            String spec = GapScene.spec(scene.change().toArray(String[]::new));

            var found = codes(db.backhoe()
                    .assess(SpecFile.read(spec, "test.yaml", SpecOverrides.NONE).spec(), AssessOptions.DEFAULT));

            assertThat(found).containsExactlyInAnyOrderElementsOf(scene.codes());
        }
    }
}
