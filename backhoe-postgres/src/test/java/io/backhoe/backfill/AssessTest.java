package io.backhoe.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backhoe.Backhoe;
import io.backhoe.assess.AssessOptions;
import io.backhoe.assess.Assessment;
import io.backhoe.assess.Finding;
import io.backhoe.assess.Severity;
import io.backhoe.database.Database;
import io.backhoe.database.ServerFacts;
import io.backhoe.database.Shown;
import io.backhoe.database.VacuumFacts;
import io.backhoe.embedded.Version;
import io.backhoe.postgres.PostgresDatabase;
import io.backhoe.spec.SpecFile;
import io.backhoe.spec.SpecOverrides;
import io.backhoe.value.BackhoeException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class AssessTest {
    /** As if every table were a large one. */
    private static final AssessOptions ALL_IS_LARGE =
            new AssessOptions(Duration.ofSeconds(60), false, Duration.ofMinutes(5), 1);

    @ParameterizedTest
    @EnumSource(Version.class)
    void drawsTheGapMonthByMonth(Version version) throws Exception {
        try (var db = TestDatabase.on(version)) {
            db.sql(Scene.SHOP);
            db.sql("UPDATE orders SET tier = 'x' WHERE order_date >= '2023-03-01Z' AND order_date < '2023-04-01Z'");
            db.sql("DELETE FROM orders WHERE order_date >= '2023-05-01Z' AND order_date < '2023-06-01Z'");

            var gaps = Scene.look(db, AssessOptions.DEFAULT).gaps();

            assertThat(gaps).isNotNull();
            assertThat(gaps.counted()).isTrue();
            assertThat(gaps.unit().word()).isEqualTo("month");
            assertThat(gaps.periods()).hasSize(12);
            for (var period : gaps.periods()) {
                String during = " FROM orders WHERE order_date >= '" + period.start() + "Z' AND order_date < '"
                        + period.end() + "Z'";
                assertThat(period.total()).isEqualTo(db.number("SELECT count(*)" + during));
                assertThat(period.missing()).isEqualTo(db.number("SELECT count(*)" + during + " AND tier IS NULL"));
            }
            assertThat(gaps.periods().get(2).missing()).isZero();
            assertThat(gaps.periods().get(4).total()).isZero();
            assertThat(gaps.total()).isEqualTo(db.number("SELECT count(*) FROM orders"));
            // 600 rows when it was analyzed.
            assertThat(gaps.bytes(600)).isEqualTo(db.number("SELECT pg_relation_size('orders')"));
            assertThat(gaps.bytes(0)).isZero();
        }
    }

    @Test
    void daysAreThoseOfTheTimeZoneAlsoWhenClocksChange() throws Exception {
        try (var db = TestDatabase.create()) {
            db.sql(Scene.SHOP);
            db.sql("TRUNCATE orders");
            db.sql(
                    "INSERT INTO orders SELECT i, 1, timestamptz '2023-03-25 00:00 Europe/Berlin' + i * interval '1 hour', 1"
                            + " FROM generate_series(0, 70) i");

            var gaps = Scene.look(
                            db,
                            AssessOptions.DEFAULT,
                            "start: 2023-01-01, end: 2024-01-01 }",
                            "start: 2023-03-25, end: 2023-03-28 }\n    timezone: Europe/Berlin")
                    .gaps();

            assertThat(gaps).isNotNull();
            assertThat(gaps.periods()).extracting(p -> p.total()).containsExactly(24L, 23L, 24L);
        }
    }

    @Test
    void rowsWhoseMatchesAreLookedAtComeFromAllOverTheTable() throws Exception {
        try (var db = TestDatabase.create()) {
            db.sql(Scene.SHOP);
            db.sql("TRUNCATE orders; CREATE TABLE floors AS SELECT * FROM (VALUES (0), (50)) f (least)");
            // Whoever is worth 50 has two matches, and ordered late.
            db.sql("INSERT INTO orders SELECT i, CASE WHEN i > 50000 THEN 90 ELSE 10 END,"
                    + " timestamptz '2023-01-01Z' + i * interval '1 year' / 60001, 1 FROM generate_series(1, 60000) i");
            db.sql("ANALYZE orders");

            var found = Scene.look(
                    db,
                    AssessOptions.DEFAULT,
                    "from: \"customers c\"",
                    "from: \"customers c, floors f\"",
                    "on: \"c.id = orders.customer_id\"",
                    "on: \"c.id = orders.customer_id AND f.least <= c.worth\"");

            var several = finding(found, "match_not_unique");
            assertThat((Long) several.evidence().get("rows")).isEqualTo(20_000);
            assertThat((Long) several.evidence().get("several")).isBetween(3_000L, 3_700L);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Asia/Kathmandu", "America/Los_Angeles"})
    void aRangeMayReachOverAllYears(String zone) throws Exception {
        try (var db = TestDatabase.create()) {
            db.sql(Scene.SHOP);

            var gaps = Scene.look(
                            db,
                            AssessOptions.DEFAULT,
                            "start: 2023-01-01, end: 2024-01-01 }",
                            "start: 0001-01-01, end: 9999-12-31T23:00:00 }\n    timezone: " + zone)
                    .gaps();

            assertThat(gaps).isNotNull();
            assertThat(gaps.periods()).hasSize(9_999);
            assertThat(gaps.total()).isEqualTo(600);
        }
    }

    @Test
    void ofALargeTableTheGapIsEstimated() throws Exception {
        try (var db = TestDatabase.create()) {
            db.sql(Scene.SHOP);
            db.sql("TRUNCATE orders");
            db.sql("ALTER TABLE orders ADD ballast text STORAGE PLAIN");
            // A row a page, so that few rows make many pages.
            db.sql(
                    "INSERT INTO orders SELECT i, 1 + i % 100, timestamptz '2023-01-01Z' + i * interval '1 year' / 40001, 1,"
                            + " CASE WHEN i % 4 = 0 THEN 'x' END, repeat('x', 5000) FROM generate_series(1, 40000) i");
            db.sql("ANALYZE orders");
            db.sql("DO 'BEGIN EXECUTE format(''ALTER DATABASE %I SET seq_page_cost = 100'', current_database());"
                    + " EXECUTE format(''ALTER DATABASE %I SET random_page_cost = 100'', current_database()); END'");

            var gaps = Scene.look(db, AssessOptions.DEFAULT).gaps();

            assertThat(gaps).isNotNull();
            assertThat(gaps.counted()).isFalse();
            assertThat(gaps.percent()).isEqualTo(50);
            assertThat(gaps.sql()).contains("TABLESAMPLE SYSTEM (50.0)");
            assertThat(gaps.total()).isBetween(38_000L, 42_000L);
            assertThat(gaps.missing()).isBetween(28_000L, 32_000L);
        }
    }

    @Test
    void whatTakesTooLongIsNamedAndHidesNothingElse() throws Exception {
        try (var db = TestDatabase.create()) {
            db.sql(Scene.SHOP);
            db.sql("ALTER TABLE orders ADD CHECK (n > 5) NOT VALID");

            var assessment = Scene.look(
                    db,
                    AssessOptions.DEFAULT.within(Duration.ofSeconds(4)),
                    "    date_range:",
                    "    where: \"pg_sleep(0.01) IS NOT NULL\"\n    date_range:");

            assertThat(assessment.gaps()).isNull();
            assertThat(assessment.unanswered())
                    .anySatisfy(f -> assertThat(f.what())
                            .isEqualTo("Could not tell how many rows lack a value: no answer within 1 s."))
                    .allSatisfy(f -> assertThat(f.remedy()).contains("--timeout 20s"));
            assertThat(codes(assessment)).contains("check_not_valid", "reached_by_index");
            assertThat(assessment.took()).isLessThan(Duration.ofSeconds(8));
        }
    }

    @Test
    void aTableThatIsLockedIsSaidToBe() throws Exception {
        try (var db = TestDatabase.create();
                var other = db.connect()) {
            db.sql(Scene.SHOP);
            other.setAutoCommit(false);
            try (var statement = other.createStatement()) {
                statement.execute("LOCK TABLE orders");

                var assessment = Scene.look(db, AssessOptions.DEFAULT);

                assertThat(assessment.unanswered())
                        .anySatisfy(f -> assertThat(f.what()).contains("how many rows lack a value"))
                        .anySatisfy(f -> assertThat(f.remedy()).contains("holds a lock that keeps even readers out"));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void aRoleThatMayOnlyReadIsToldWhatItLacksAndSeesTheRest(Version version) throws Exception {
        try (var db = TestDatabase.on(version)) {
            db.sql(Scene.SHOP);
            String role = "reader_" + db.one("SELECT current_database()");
            db.sql("CREATE ROLE " + role + " LOGIN; GRANT SELECT ON orders, customers TO " + role);
            try {
                var assessment = as(db, role);

                assertThat(finding(assessment, "rights_missing").severity()).isEqualTo(Severity.BLOCKER);
                assertThat(finding(assessment, "rights_missing").remedy())
                        .contains("GRANT UPDATE (tier) ON public.orders TO " + role + ";", "GRANT CREATE ON DATABASE");
                assertThat(assessment.gaps()).isNotNull();
                assertThat(codes(assessment)).contains("reached_by_index", "no_recent_rows", "disk_not_watched");
            } finally {
                db.sql("DROP OWNED BY " + role + "; DROP ROLE " + role);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void whatTheSqlReadsIsAskedForToo(Version version) throws Exception {
        try (var db = TestDatabase.on(version)) {
            db.sql(Scene.SHOP);
            String role = "narrow_" + db.one("SELECT current_database()");
            db.sql("CREATE ROLE " + role + " LOGIN; GRANT SELECT, UPDATE ON orders TO " + role);
            try {
                var denied = finding(as(db, role), "permission_denied");
                assertThat(denied.severity()).isEqualTo(Severity.BLOCKER);
                assertThat(denied.remedy()).isEqualTo("GRANT SELECT ON public.customers TO " + role + ";");

                db.sql("GRANT SELECT ON customers TO " + role);
                assertThat(codes(as(db, role))).doesNotContain("permission_denied");
            } finally {
                db.sql("DROP OWNED BY " + role + "; DROP ROLE " + role);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void aRoleFromWhomRowsAreHiddenIsRefused(Version version) throws Exception {
        try (var db = TestDatabase.on(version)) {
            db.sql(Scene.SHOP);
            String role = "hidden_" + db.one("SELECT current_database()");
            db.sql("CREATE ROLE " + role + " LOGIN; GRANT SELECT, UPDATE ON orders, customers TO " + role
                    + "; ALTER TABLE orders ENABLE ROW LEVEL SECURITY; CREATE POLICY few ON orders USING (n = 1)");
            try {
                var assessment = as(db, role);

                assertThat(finding(assessment, "row_security").severity()).isEqualTo(Severity.BLOCKER);
                assertThat(finding(assessment, "row_security").evidence()).containsEntry("policies", List.of("few"));
                assertThat(assessment.gaps()).isNull();
                assertThat(assessment.unanswered()).isNotEmpty();
            } finally {
                db.sql("DROP OWNED BY " + role + "; DROP ROLE " + role);
            }
        }
    }

    @Test
    void aLargeTableThatEachChunkReadsWholeIsABlockerUntilTheIndexIsThere() throws Exception {
        try (var db = TestDatabase.create()) {
            db.sql(Scene.SHOP);
            db.sql("DROP INDEX orders_by_date");

            var before = finding(Scene.look(db, ALL_IS_LARGE), "chunks_read_everything");

            assertThat(before.severity()).isEqualTo(Severity.BLOCKER);
            assertThat(before.evidence()).containsEntry("chunks", 12L).containsEntry("brin", false);
            String create = before.remedy().replaceFirst("(?s).*(CREATE INDEX [^;]*);.*", "$1");
            db.sql(create);
            assertThat(codes(Scene.look(db, ALL_IS_LARGE))).doesNotContain("chunks_read_everything");
        }
    }

    @Test
    void theNewestRowsOfALargeTableWithoutAnIndexAreNotLookedFor() throws Exception {
        try (var db = TestDatabase.create()) {
            db.sql(Scene.SHOP);
            db.sql("DROP INDEX orders_by_date");

            assertThat(Scene.look(db, ALL_IS_LARGE).unanswered())
                    .singleElement()
                    .satisfies(f -> assertThat(f.what())
                            .startsWith("Could not tell whether new rows arrive with a value: no index begins with"));
        }
    }

    @Test
    void onlyWhatForbidsItCanBeAskedFor() throws Exception {
        try (var db = TestDatabase.create()) {
            db.sql(Scene.SHOP);
            db.sql("ALTER TABLE customers DROP CONSTRAINT customers_pkey; INSERT INTO customers VALUES (7, 1)");
            db.sql("CREATE INDEX ON orders (tier); ALTER TABLE orders REPLICA IDENTITY NOTHING;"
                    + " CREATE PUBLICATION everybody FOR TABLE orders");

            var assessment = Scene.look(db, AssessOptions.BLOCKERS);

            assertThat(assessment.of(Severity.BLOCKER))
                    .extracting(Finding::code)
                    .containsExactlyInAnyOrder("match_not_unique", "no_replica_identity");
            assertThat(codes(assessment)).doesNotContain("index_on_set_column", "no_recent_rows");
            assertThat(assessment.gaps()).isNull();
        }
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void aVolatileExpressionForbidsItWhereItIsEvaluatedTwice(Version version) throws Exception {
        try (var db = TestDatabase.on(version)) {
            db.sql(Scene.SHOP);

            var finding = finding(
                    Scene.look(
                            db,
                            AssessOptions.DEFAULT,
                            "tier: \"CASE WHEN c.worth > 50 THEN 'gold' ELSE 'bronze' END\"",
                            "tier: \"CAST(random() AS text)\"",
                            "chunk_by: month",
                            "chunk_by: month, preserve_existing: false"),
                    "expression_volatile");

            assertThat(finding.evidence()).containsEntry("functions", List.of("random()"));
            assertThat(finding.severity()).isEqualTo(version == Version.OLDEST ? Severity.BLOCKER : Severity.INFO);
        }
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void whatIsSaidOfAnIdentityIsWhatTheServerDoes(Version version) throws Exception {
        try (var db = TestDatabase.on(version)) {
            db.sql(Scene.SHOP);
            db.sql("ALTER TABLE orders DROP CONSTRAINT orders_pkey, ADD PRIMARY KEY (id) DEFERRABLE;"
                    + " CREATE PUBLICATION everybody FOR TABLE orders");

            assertThatThrownBy(() -> db.sql("UPDATE orders SET n = n WHERE id = 1"))
                    .hasMessageContaining("does not have a replica identity");
            var found = finding(Scene.look(db, AssessOptions.BLOCKERS), "no_replica_identity");
            assertThat(found.remedy()).contains("DEFERRABLE", "ON public.orders (id)");

            db.sql(found.remedy().replaceFirst("(?s).*?(ALTER TABLE [^;]* REPLICA IDENTITY FULL;).*", "$1"));
            db.sql("UPDATE orders SET n = n WHERE id = 1");
            assertThat(codes(Scene.look(db, AssessOptions.DEFAULT)))
                    .contains("published", "replica_identity_full")
                    .doesNotContain("no_replica_identity");
        }
    }

    @Test
    void whichOfSeveralFunctionsIsMeantIsLeftOpen() throws Exception {
        try (var db = TestDatabase.on(Version.OLDEST)) {
            db.sql(Scene.SHOP);
            db.sql("""
                    CREATE FUNCTION pick(integer) RETURNS text LANGUAGE sql VOLATILE AS $$SELECT 'a'$$;
                    CREATE FUNCTION pick(text) RETURNS text LANGUAGE sql IMMUTABLE AS $$SELECT 'a'$$""");

            var assessment = Scene.look(
                    db,
                    AssessOptions.BLOCKERS,
                    "tier: \"CASE WHEN c.worth > 50 THEN 'gold' ELSE 'bronze' END\"",
                    "tier: \"pick(orders.n)\"",
                    "chunk_by: month",
                    "chunk_by: month, preserve_existing: false");

            assertThat(assessment.of(Severity.BLOCKER)).isEmpty();
            assertThat(assessment.blockersAndDoubts())
                    .singleElement()
                    .satisfies(f -> assertThat(f.what()).contains("more than one function of the name pick()"));
        }
    }

    @Test
    void aFunctionThatWritesIsNotLetDoSo() throws Exception {
        try (var db = TestDatabase.create()) {
            db.sql(Scene.SHOP);
            db.sql("""
                    CREATE TABLE calls (n integer);
                    CREATE FUNCTION noted(integer) RETURNS boolean LANGUAGE plpgsql AS
                        'BEGIN INSERT INTO calls VALUES ($1); RETURN true; END'""");

            var assessment = Scene.look(
                    db, AssessOptions.DEFAULT, "    date_range:", "    where: \"noted(orders.n)\"\n    date_range:");

            assertThat(assessment.unanswered())
                    .extracting(f -> f.evidence().get("sqlstate"))
                    .contains("25006");
            assertThat(db.number("SELECT count(*) FROM calls")).isZero();
        }
    }

    @Test
    void whatIsNotThereIsAnErrorAndNoFinding() throws Exception {
        try (var db = TestDatabase.create()) {
            db.sql(Scene.SHOP);

            assertThatThrownBy(() -> Scene.look(db, AssessOptions.DEFAULT, "table: orders", "table: ordres"))
                    .isInstanceOfSatisfying(
                            BackhoeException.class, e -> assertThat(e.code()).isEqualTo("table_not_found"));
            assertThatThrownBy(() -> Scene.look(db, AssessOptions.DEFAULT, "{ tier:", "{ teir:"))
                    .isInstanceOfSatisfying(
                            BackhoeException.class, e -> assertThat(e.code()).isEqualTo("column_not_found"));
        }
    }

    @Test
    void whatNoTestCanBringAboutIsToldAllTheSame() throws Exception {
        try (var db = TestDatabase.create()) {
            db.sql(Scene.SHOP);

            assertThat(codes(told(
                            db,
                            "server",
                            (ServerFacts s) -> new ServerFacts(
                                    "PostgreSQL 99", 99, s.database(), s.user(), s.pooled(), s.readOnly()))))
                    .contains("server_newer_than_tested");
            var near =
                    vacuum(db, v -> new VacuumFacts(true, true, 1, 0, true, true, false, 1_900_000_000, 200_000_000));
            assertThat(finding(near, "wraparound_near").severity()).isEqualTo(Severity.BLOCKER);
        }
    }

    private static Assessment vacuum(TestDatabase db, UnaryOperator<VacuumFacts> change) {
        return told(db, "vacuum", (Shown<VacuumFacts> shown) -> new Shown<>(change.apply(shown.value()), shown.sql()));
    }

    private static <T> Assessment told(TestDatabase db, String question, UnaryOperator<T> change) {
        Database told = ToldOtherwise.of(db.database(), question, change);
        var spec = SpecFile.read(Scene.SPEC, "test.yaml", SpecOverrides.NONE).spec();
        return new Backhoe(told).assess(spec, AssessOptions.DEFAULT);
    }

    private static Assessment as(TestDatabase db, String role) {
        var database = PostgresDatabase.at(db.url(), role, null, Map.of());
        var spec = SpecFile.read(Scene.SPEC, "test.yaml", SpecOverrides.NONE).spec();
        return new Backhoe(database).assess(spec, AssessOptions.DEFAULT);
    }

    static List<String> codes(Assessment assessment) {
        return assessment.findings().stream().map(Finding::code).toList();
    }

    static Finding finding(Assessment assessment, String code) {
        return assessment.findings().stream()
                .filter(f -> f.code().equals(code))
                .findFirst()
                .orElseThrow(() -> new AssertionError(code + " is not among " + assessment.findings()));
    }
}
