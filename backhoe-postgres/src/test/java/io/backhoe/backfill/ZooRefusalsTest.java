package io.backhoe.backfill;

import static io.backhoe.backfill.TestDatabase.OPTIONS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backhoe.Backhoe;
import io.backhoe.PlanOptions;
import io.backhoe.embedded.Version;
import io.backhoe.plan.Plan;
import io.backhoe.postgres.PostgresDatabase;
import io.backhoe.run.RunListener;
import io.backhoe.run.StopSignal;
import io.backhoe.spec.SpecFile;
import io.backhoe.spec.SpecOverrides;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.RunState;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a backfill cannot do is refused before anything is changed, with what to do instead. */
class ZooRefusalsTest {
    private static final String T = "CREATE TABLE t (id integer PRIMARY KEY, at timestamptz, n integer);";

    private static Arguments refused(String sentence, String sql, String code, String remedy) {
        return refused(Animal.of(sentence).made(sql), code, remedy);
    }

    private static Arguments refused(Animal animal, String code, String remedy) {
        return Arguments.of(animal, code, remedy);
    }

    static Stream<Arguments> whatCannotBeDone() {
        return Stream.of(
                refused("a view", "CREATE VIEW t AS SELECT 1 AS id, 2 AS n", "not_a_table", "beneath it"),
                refused(
                        "a materialized view",
                        "CREATE MATERIALIZED VIEW t AS SELECT 1 AS id, 2 AS n",
                        "not_a_table",
                        "REFRESH"),
                refused("a foreign table", """
                        CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w;
                        CREATE FOREIGN TABLE t (id integer, n integer) SERVER s""", "not_a_table", "server that holds it"),
                refused(
                        "tables that inherit",
                        T + "CREATE TABLE c () INHERITS (t)",
                        "has_inheritance_children",
                        "by itself"),
                refused("no key", "CREATE TABLE t (id integer, n integer)", "no_key", "unique index"),
                // Why: docs/adr/0024
                refused(
                        Animal.of("no key, and nothing to be taken back")
                                .made("CREATE TABLE t (id integer, n integer)")
                                .strategy("chunk_by: key }\n  rollback: { strategy: none"),
                        "no_key",
                        "unique index"),
                refused(
                        "a unique index over what may be NULL, though NULL only once",
                        "CREATE TABLE t (id integer, n integer); CREATE UNIQUE INDEX ON t (id) NULLS NOT DISTINCT",
                        "no_key",
                        "NOT NULL"),
                refused(
                        "a unique index over a part of the rows",
                        "CREATE TABLE t (id integer NOT NULL, n integer); CREATE UNIQUE INDEX ON t (id) WHERE n > 0",
                        "no_key",
                        "unique index"),
                refused(
                        "a unique constraint that may be broken until the end",
                        "CREATE TABLE t (id integer NOT NULL UNIQUE DEFERRABLE, n integer)",
                        "no_key",
                        "unique index"),
                refused(
                        "a computed column",
                        "CREATE TABLE t (id integer PRIMARY KEY, m integer, n integer GENERATED ALWAYS AS (m + 1) STORED)",
                        "column_not_settable",
                        "computed from"),
                refused(
                        "an identity",
                                "CREATE TABLE t (id integer PRIMARY KEY, n integer GENERATED ALWAYS AS IDENTITY)",
                        "column_not_settable", "computed from"),
                refused("the key", "CREATE TABLE t (n integer PRIMARY KEY)", "column_not_settable", "by hand"),
                refused(
                        Animal.of("the date, by month")
                                .made(T)
                                .year("at")
                                .settingOnly()
                                .set("at", "at + interval '1 month'")
                                .strategy("chunk_by: month"),
                        "column_not_settable",
                        "another date_column"),
                refused(
                        Animal.of("what the date is computed from")
                                .made("""
                        CREATE TABLE t (id integer PRIMARY KEY, at timestamp,
                                        day date GENERATED ALWAYS AS (CAST(at AS date)) STORED);
                        INSERT INTO t VALUES (1, '2023-01-31');""")
                                .year("day")
                                .settingOnly()
                                .set("at", "at + interval '1 month'")
                                .strategy("chunk_by: month"),
                        "rows_move",
                        "chunk_by: key"),
                refused(
                        Animal.of("a name with our own mark")
                                .made("CREATE TABLE \"{run}\" (id integer PRIMARY KEY, n integer)")
                                .called("\"{run}\""),
                        "name_not_usable",
                        "RENAME"),
                refused(
                        "an UPDATE that a rule rewrites",
                        T + "CREATE RULE r AS ON UPDATE TO t DO INSTEAD NOTHING",
                        "has_update_rules",
                        "trigger"),
                refused(
                        Animal.of("a text for a date")
                                .made("CREATE TABLE t (id integer PRIMARY KEY, at text, n integer)")
                                .year("at"),
                        "not_a_date_column",
                        ""));
    }

    @ParameterizedTest
    @MethodSource("whatCannotBeDone")
    void isRefusedWithARemedy(Animal animal, String code, String remedy) throws Exception {
        try (var db = TestDatabase.create()) {
            db.sql(animal.sql());

            assertThatThrownBy(() -> plan(db.backhoe(), animal)).isInstanceOfSatisfying(BackhoeException.class, e -> {
                assertThat(e.code()).isEqualTo(code);
                assertThat(Objects.requireNonNull(e.hint())).contains(remedy);
            });
            assertThat(db.backhoe().hasLedger()).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void aRoleWithRightsOnTheWholeTableAloneTakesKeysForChunks(Version version) throws Exception {
        try (var db = TestDatabase.on(version)) {
            db.sql("""
                    CREATE TABLE t (id integer PRIMARY KEY, n integer NOT NULL DEFAULT 0) PARTITION BY HASH (id);
                    CREATE TABLE p0 PARTITION OF t FOR VALUES WITH (MODULUS 2, REMAINDER 0);
                    CREATE TABLE p1 PARTITION OF t FOR VALUES WITH (MODULUS 2, REMAINDER 1);
                    INSERT INTO t SELECT i FROM generate_series(1, 100) i;
                    DO $$ BEGIN EXECUTE 'CREATE ROLE ' || current_database() || '_clerk LOGIN';
                                EXECUTE 'GRANT CREATE ON DATABASE ' || current_database() || ' TO ' || current_database() || '_clerk';
                                EXECUTE 'GRANT SELECT, UPDATE ON t TO ' || current_database() || '_clerk'; END $$""");
            String clerk = db.one("SELECT current_database() || '_clerk'");
            var backhoe = new Backhoe(PostgresDatabase.at(db.url(), clerk, null, Map.of()));
            var table = Animal.of("partitions");

            assertThatThrownBy(() -> plan(backhoe, table.strategy("chunk_by: partition")))
                    .isInstanceOfSatisfying(
                            BackhoeException.class, e -> assertThat(e.hint()).contains("chunk_by: key"))
                    .hasMessageContaining("public.p0, public.p1");
            var report = backhoe.run(plan(backhoe, table), OPTIONS, new StopSignal(), RunListener.NONE);

            assertThat(report.run().state()).isEqualTo(RunState.SUCCEEDED);
            assertThat(db.number("SELECT sum(n) FROM t")).isEqualTo(100);
            backhoe.rollback(report.run().id(), List.of(), OPTIONS, new StopSignal(), RunListener.NONE);
            assertThat(db.number("SELECT sum(n) FROM t")).isZero();
            db.sql("DROP OWNED BY " + clerk + " CASCADE; DROP ROLE " + clerk);
        }
    }

    @Test
    void aPolicyThatAppliesToTheRoleIsRefused() throws Exception {
        try (var db = TestDatabase.create()) {
            db.sql(T + """
                    INSERT INTO t SELECT i, now(), i FROM generate_series(1, 100) i;
                    ALTER TABLE t ENABLE ROW LEVEL SECURITY;
                    CREATE POLICY half ON t USING (id % 2 = 0);
                    DO $$ BEGIN EXECUTE 'CREATE ROLE ' || current_database() || '_clerk LOGIN';
                                EXECUTE 'GRANT CREATE ON DATABASE ' || current_database() || ' TO ' || current_database() || '_clerk';
                                EXECUTE 'GRANT SELECT, UPDATE ON t TO ' || current_database() || '_clerk'; END $$""");
            String clerk = db.one("SELECT current_database() || '_clerk'");
            var backhoe = new Backhoe(PostgresDatabase.at(db.url(), clerk, null, Map.of()));

            assertThatThrownBy(() -> plan(backhoe, Animal.of("t")))
                    .isInstanceOfSatisfying(BackhoeException.class, e -> {
                        assertThat(e.code()).isEqualTo("row_security");
                        assertThat(e.hint()).contains("owner");
                    });
            db.sql("DROP OWNED BY " + clerk + " CASCADE; DROP ROLE " + clerk);
        }
    }

    /** What a trigger keeps from being written is set aside; it is neither counted as changed nor restored. */
    @ParameterizedTest
    @EnumSource(Version.class)
    void rowsThatATriggerKeepsAsTheyAreAreSetAside(Version version) throws Exception {
        try (var db = TestDatabase.on(version)) {
            db.sql("""
                    CREATE TABLE t (id integer PRIMARY KEY, n integer NOT NULL, updated_at timestamptz);
                    INSERT INTO t SELECT i, 0 FROM generate_series(1, 200) i;
                    CREATE TABLE audit (id integer, n integer);
                    CREATE FUNCTION guards() RETURNS trigger LANGUAGE plpgsql AS $$
                    BEGIN IF OLD.id % 50 = 0 THEN RETURN NULL; END IF; NEW.updated_at := now(); RETURN NEW; END $$;
                    CREATE FUNCTION writes() RETURNS trigger LANGUAGE plpgsql AS $$
                    BEGIN INSERT INTO audit VALUES (NEW.id, NEW.n); RETURN NULL; END $$;
                    CREATE TRIGGER guards BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION guards();
                    CREATE TRIGGER writes AFTER UPDATE ON t FOR EACH ROW EXECUTE FUNCTION writes();""");
            var plan = plan(db.backhoe(), Animal.of("t"));

            var report = db.backhoe().run(plan, OPTIONS, new StopSignal(), RunListener.NONE);

            assertThat(plan.notes()).anyMatch(note -> note.contains("guards, writes"));
            assertThat(report.run().state()).isEqualTo(RunState.FAILED);
            assertThat(report.run().reason())
                    .contains("4 rows set aside", "verify_row_count_unchanged fails", "A trigger (guards)");
            assertThat(report.changed()).isEqualTo(196);
            assertThat(db.number("SELECT count(*) FROM t WHERE n <> CASE id % 50 WHEN 0 THEN 0 ELSE 1 END"))
                    .isZero();
            assertThat(db.one("SELECT string_agg(row_key, ' ' ORDER BY quarantine_id) FROM backhoe.quarantine"))
                    .contains("\"50\"", "\"100\"", "\"150\"", "\"200\"");
            assertThat(db.number("SELECT count(DISTINCT id) * 1000 + count(*) FROM audit"))
                    .isEqualTo(196_196);

            var undone =
                    db.backhoe().rollback(report.run().id(), List.of(), OPTIONS, new StopSignal(), RunListener.NONE);
            assertThat(undone.run().state()).isEqualTo(RunState.ROLLED_BACK);
            assertThat(undone.restored()).isEqualTo(196);
            assertThat(db.number("SELECT sum(n) FROM t")).isZero();
        }
    }

    private static Plan plan(Backhoe backhoe, Animal animal) {
        var read = SpecFile.read(animal.yaml(), "zoo.yaml", SpecOverrides.NONE);
        return backhoe.plan(read.spec(), read.warnings(), new PlanOptions(true, text -> {}));
    }
}
