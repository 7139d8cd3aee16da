package io.backhoe.backfill;

import static io.backhoe.backfill.TestDatabase.OPTIONS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.backhoe.Backhoe;
import io.backhoe.PlanOptions;
import io.backhoe.assess.AssessOptions;
import io.backhoe.check.Effort;
import io.backhoe.embedded.Version;
import io.backhoe.ledger.Audit;
import io.backhoe.ledger.CheckRecord;
import io.backhoe.plan.Plan;
import io.backhoe.plan.PlanFile;
import io.backhoe.report.RunReport;
import io.backhoe.run.RunListener;
import io.backhoe.run.StopSignal;
import io.backhoe.spec.SpecFile;
import io.backhoe.spec.SpecOverrides;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.Cause;
import io.backhoe.value.ExitCode;
import io.backhoe.value.RunState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows that somebody has chosen, by a condition or by a file, are set to what is right. */
class CorrectionTest {
    private static final String BY_FILE = """
            backfill:
              name: mend
              reason: wrong tiers, ticket 4711
              scope: { table: orders }
              correction: { keys: fixes.csv }
              strategy: { type: correction }
            """;

    private static final String BY_WHERE = """
            backfill:
              name: mend
              reason: wrong tiers, ticket 4711
              scope: { table: orders, where: "tier = 'kept' OR id = 1" }
              transform: { set: { tier: "CASE WHEN id = 1 THEN NULL ELSE 'mended' END" } }
              correction: { expect_rows: 21 }
              strategy: { type: correction }
            """;

    @TempDir
    private Path folder = Path.of("");

    @ParameterizedTest
    @EnumSource(Version.class)
    void theRowsOfAFileAreSetToWhatItSaysAndTakenBack(Version version) throws Exception {
        try (var db = TestDatabase.on(version)) {
            db.orders(1_000);
            String before = db.digest("orders");
            // With a mark and lines as other systems write them; 50 holds what it is set to already.
            file("\uFEFFid,tier\r\n7,\"go\"\"ld,\r\nbar\"\r\n50,kept\r\n100,\r\n150,\"\"\r\n\r\n");
            Plan plan = plan(db, BY_FILE);
            Files.move(folder.resolve("fixes.csv"), folder.resolve("elsewhere.csv"));
            Files.move(folder.resolve("elsewhere.csv"), folder.resolve("fixes.csv"));

            var report = run(db, PlanFile.read(PlanFile.write(plan), "plan"));

            assertThat(report.run().state()).isEqualTo(RunState.SUCCEEDED);
            assertThat(report.changed()).isEqualTo(3);
            assertThat(report.examined()).isEqualTo(4);
            assertThat(db.one("SELECT tier FROM orders WHERE id = 7")).isEqualTo("go\"ld,\r\nbar");
            assertThat(
                            db.one(
                                    "SELECT string_agg(coalesce(tier, 'NULL'), '|' ORDER BY id) FROM orders WHERE id IN (50, 100, 150)"))
                    .isEqualTo("kept|NULL|");
            assertThat(db.number("SELECT count(*) FROM orders WHERE tier = 'kept'"))
                    .isEqualTo(18);
            assertThat(check(report, "verify_records_found").evidence())
                    .isEqualTo("4 records of fixes.csv: 3 changed their row, 1 left it as it was (right already, not in"
                            + " scope, or set aside), none is without a row");
            assertThat(report.purpose().reason()).isEqualTo("wrong tiers, ticket 4711");
            assertThat(report.purpose().records()).startsWith("4 records of fixes.csv, sha256 ");

            assertThat(undo(db).run().state()).isEqualTo(RunState.ROLLED_BACK);
            assertThat(db.digest("orders")).isEqualTo(before);
            backhoe(db).purge(1, new Cause("test", null));
            assertThat(db.one("SELECT to_regclass('backhoe.record_1')")).isNull();
            assertThat(backhoe(db).audit(1).verdict()).isEqualTo(Audit.Verdict.HOLDS);
        }
    }

    @Test
    void aValueWhoseTypeHasASyntaxOfItsOwnIsToldByLineWithoutTheServersWords() throws Exception {
        try (var db = TestDatabase.create()) {
            db.orders(100);
            db.sql("ALTER TABLE orders ADD COLUMN query tsquery, ADD COLUMN source regclass");
            file("id,query,source\n7,card 4111,pg_class\n8,a & b,no_such_4111\n9,a & b,pg_class\n");

            var refusal = catchThrowableOfType(BackhoeException.class, () -> plan(db, BY_FILE));

            assertThat(refusal.exit()).isEqualTo(ExitCode.USAGE);
            assertThat(refusal.getMessage())
                    .contains(
                            "fixes.csv:2: query: is no tsquery",
                            "fixes.csv:3: source: does not fit regclass (SQLSTATE 42P01)")
                    .doesNotContain("fixes.csv:4", "4111");
        }
    }

    @Test
    void aValueThatTheRunCannotReadSetsItsRowAside() throws Exception {
        try (var db = TestDatabase.create()) {
            db.orders(1_000);
            db.sql("ALTER TABLE orders ADD COLUMN query tsquery");
            db.sql("UPDATE orders SET tier = 'card 4111' WHERE id = 50");
            Plan plan = plan(
                    db,
                    BY_WHERE.replace("tier = 'kept' OR id = 1", "tier IN ('kept', 'card 4111') OR id = 1")
                            .replace(
                                    "set: { tier: \"CASE WHEN id = 1 THEN NULL ELSE 'mended' END\" }",
                                    "set: { query: \"CAST(CASE WHEN id = 50 THEN tier ELSE 'a & b' END AS tsquery)\" }"));

            var report = run(db, plan);

            assertThat(report.changed()).isEqualTo(20);
            assertThat(report.quarantined()).isEqualTo(1);
            assertThat(db.one("SELECT row_key || message FROM backhoe.quarantine"))
                    .contains("50", "a value is not written as its type is (SQLSTATE 42601)")
                    .doesNotContain("4111");
        }
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void theRowsOfAConditionAreSetAndTakenBack(Version version) throws Exception {
        try (var db = TestDatabase.on(version)) {
            db.orders(1_000);
            String before = db.digest("orders");

            var report = run(db, plan(db, BY_WHERE));

            assertThat(report.run().state()).isEqualTo(RunState.SUCCEEDED);
            // Row 1 has been NULL before.
            assertThat(report.changed()).isEqualTo(20);
            assertThat(db.number("SELECT count(*) FROM orders WHERE tier = 'mended'"))
                    .isEqualTo(20);
            assertThat(check(report, "verify_expected_rows").evidence())
                    .isEqualTo("21 rows of public.orders are meant, and correction.expect_rows says 21");
            db.sql("UPDATE orders SET tier = 'live' WHERE id = 50");
            var undone = undo(db);
            assertThat(undone.kept()).isEqualTo(1);
            db.sql("UPDATE orders SET tier = 'kept' WHERE id = 50");
            assertThat(db.digest("orders")).isEqualTo(before);
        }
    }

    @Test
    void everythingThatIsWrongWithAFileIsToldByItsLine() throws Exception {
        try (var db = TestDatabase.create()) {
            db.orders(1_000);
            db.sql("ALTER TABLE orders ADD COLUMN code varchar(3)");
            file("""
                    id,n,code
                    1,5,abc
                    x,6,abc
                    3,many,abcd
                    4,,abc
                    2,5,a
                    2,6,a
                    2,5,a
                    999999,1,
                    5,5,"a
                    b",b
                    99999999999999999999,1,
                    """);

            var refusal = refusal(() -> plan(db, BY_FILE));

            assertThat(refusal.exit()).isEqualTo(ExitCode.USAGE);
            assertThat(refusal.code()).isEqualTo("records_invalid");
            assertThat(refusal.getMessage().lines())
                    .containsExactly(
                            "fixes.csv:3: id: is no bigint",
                            "fixes.csv:4: n: is no integer",
                            "fixes.csv:4: code: is longer than character varying(3) allows",
                            "fixes.csv:5: n: is empty, which is NULL, and the column of public.orders is NOT NULL",
                            "fixes.csv:7: has the key of line 6, and contradicts it",
                            "fixes.csv:8: has the key of line 6, and says the same",
                            "fixes.csv:9: no row of public.orders has this key",
                            "fixes.csv:10: has 4 fields, and the header has 3",
                            "fixes.csv:12: id: is out of range for bigint");
            assertThat(db.one("SELECT to_regclass('backhoe.run')")).isNull();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1: is empty",
                "id,tier\n|2: holds no record",
                "id,,tier\n1,2,3\n|1: a column has no name",
                "id,tier,Tier\n1,2,3\n|1: column tier is there twice",
                "tier,n\na,1\n|1: its first line names no key of public.orders: that is id,",
                "id,colour\n1,red\n|1: column colour is none of public.orders",
                "id\n1\n|1: holds keys and no values",
                "id,tier\n1,\"gold\n2,silver\n|2: here or behind it is no CSV",
                "id,tier\n1,gold\u0000\n|2: holds the character U+0000"
            })
    void aFileThatIsNoneIsRefused(String textAndMessage) throws Exception {
        try (var db = TestDatabase.create()) {
            db.orders(10);
            int bar = textAndMessage.lastIndexOf('|');
            file(bar < 0 ? "" : textAndMessage.substring(0, bar));

            var refusal = refusal(() -> plan(db, BY_FILE));

            assertThat(refusal.exit()).isEqualTo(ExitCode.USAGE);
            assertThat(refusal.getMessage()).contains("fixes.csv:" + textAndMessage.substring(bar + 1));
        }
    }

    @Test
    void aFileThatIsNotThereOrNotInUnicodeIsRefused() throws Exception {
        try (var db = TestDatabase.create()) {
            db.orders(10);
            assertThat(refusal(() -> plan(db, BY_FILE)).getMessage())
                    .startsWith("correction.keys: fixes.csv: there is no such file, looked for at " + folder);

            Files.write(folder.resolve("fixes.csv"), "id,tier\n1,gr\u00fcn\n".getBytes(StandardCharsets.ISO_8859_1));
            assertThat(refusal(() -> plan(db, BY_FILE)).getMessage()).contains("no UTF-8 text");
        }
    }

    @Test
    void aFileThatChangedSinceItWasPlannedIsRefusedBeforeAnything() throws Exception {
        try (var db = TestDatabase.create()) {
            db.orders(1_000);
            file("id,tier\n7,gold\n8,gold\n");
            Plan plan = plan(db, BY_FILE);
            file("id,tier\n7,gold\n");

            var refusal = refusal(() -> run(db, plan));

            assertThat(refusal.exit()).isEqualTo(ExitCode.DRIFTED);
            assertThat(refusal.code()).isEqualTo("records_changed");
            assertThat(refusal.getMessage()).contains("records 1,", "planned were 2");
            assertThat(db.one("SELECT to_regclass('backhoe.run')")).isNull();
        }
    }

    @Test
    void unknownKeysAreRefusedUnlessTheyMayBeSkippedAndNoRecordIsLostInSilence() throws Exception {
        try (var db = TestDatabase.create()) {
            db.orders(1_000);
            file("id,tier\n7,gold\n8,gold\n9999,gold\n");
            assertThat(refusal(() -> plan(db, BY_FILE)).getMessage())
                    .isEqualTo("fixes.csv:4: no row of public.orders has this key");
            Plan plan = plan(db, BY_FILE.replace("fixes.csv }", "fixes.csv, unknown_keys: skip, expect_rows: ~2 }"));
            assertThat(plan.notes())
                    .contains(
                            "1 of the records have a key that no row of public.orders has, and are passed over: line 4.");
            file("id,tier\n7,gold\n8,gold\n");
            plan = plan(db, BY_FILE);
            db.sql("DELETE FROM orders WHERE id = 8");

            var report = run(db, plan);

            assertThat(report.run().state()).isEqualTo(RunState.SUCCEEDED);
            assertThat(report.changed()).isEqualTo(1);
            var found = check(report, "verify_records_found");
            assertThat(found.remark()).isEqualTo(CheckRecord.Remark.WARNING);
            assertThat(found.evidence()).contains("1 has no row in public.orders (line 3)");
        }
    }

    @Test
    void anotherNumberOfRowsThanExpectedIsRefusedWhenPlanningAndBeforeTheFirstWrite() throws Exception {
        try (var db = TestDatabase.create()) {
            db.orders(1_000);
            var planning = refusal(() -> plan(db, BY_WHERE.replace("21 }", "20 }")));
            assertThat(planning.exit()).isEqualTo(ExitCode.REFUSED);
            assertThat(planning.code()).isEqualTo("rows_not_expected");
            assertThat(planning.getMessage()).contains("21 rows of public.orders are meant", "says 20");
            var assessed = db.backhoe()
                    .assess(read(BY_WHERE).spec(), AssessOptions.DEFAULT)
                    .findings();
            assertThat(assessed).anySatisfy(f -> assertThat(f.code()).isEqualTo("rows_expected"));
            Plan byWhere = plan(db, BY_WHERE);
            file("id,tier\n7,gold\n8,gold\n");
            assertThat(refusal(() -> plan(db, BY_FILE.replace("csv }", "csv, expect_rows: 3 }")))
                            .getMessage())
                    .startsWith("2 rows of public.orders are meant, and correction.expect_rows says 3.");
            Plan byFile = plan(db, BY_FILE.replace("csv }", "csv, expect_rows: 2 }"));
            db.sql("UPDATE orders SET tier = 'kept' WHERE id = 8");
            db.sql("DELETE FROM orders WHERE id = 7");
            String before = db.digest("orders");

            var running = refusal(() -> run(db, byWhere));
            var runningByFile = refusal(() -> run(db, byFile));

            assertThat(running.exit()).isEqualTo(ExitCode.REFUSED);
            assertThat(running.getMessage())
                    .contains("verify_expected_rows fails: 22 rows of public.orders are meant", "says 21");
            assertThat(runningByFile.getMessage())
                    .contains("verify_expected_rows fails: 1 row of public.orders is meant");
            assertThat(db.digest("orders")).isEqualTo(before);
        }
    }

    @Test
    void aConditionNarrowsWhatAFileNamesAndTheRestIsLeftAlone() throws Exception {
        try (var db = TestDatabase.create()) {
            db.orders(1_000);
            file("id,plus,colour\n7,10,red\n50,10,red\n100,20,red\n");
            Plan plan = plan(db, """
                    backfill:
                      name: mend
                      reason: two conditions
                      scope:
                        table: orders
                        date_column: order_date
                        date_range: { start: 2023-01-01, end: 2023-02-01 }
                        where: "tier = 'kept'"
                      transform: { set: { n: "orders.n + CAST(csv.plus AS integer)" } }
                      correction: { keys: fixes.csv, expect_rows: 1 }
                      strategy: { type: correction, chunk_size: 1 }
                    """);
            assertThat(plan.chunks()).hasSize(3);
            assertThat(plan.notes())
                    .contains(
                            "2 of the records have a row that is not in scope (scope.where, date_range), which is left"
                                    + " alone: lines 2, 4.");

            var report = run(db, plan);

            assertThat(report.changed()).isEqualTo(1);
            assertThat(db.number("SELECT count(*) FROM orders WHERE n <> id % 100"))
                    .isEqualTo(1);
            assertThat(db.number("SELECT n FROM orders WHERE id = 50")).isEqualTo(60);
        }
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void allChecksAreAskedOfTheRowsThatTheFileNames(Version version) throws Exception {
        try (var db = TestDatabase.on(version)) {
            db.orders(1_000);
            file("id,tier\n7,gold\n8,gold\n9,gold\n");
            Plan plan = plan(db, BY_FILE + """
                      execution:
                        pre_checks: [verify_source_data_exists, capture_baseline_metrics]
                        post_checks:
                          - { name: verify_untouched_columns_unchanged, full: true }
                          - { name: verify_values_match_expression, sample: 100 % }
                          - verify_no_nulls_in_tier
                          - verify_row_count_unchanged
                    """);

            var report = run(db, PlanFile.read(PlanFile.write(plan), "plan"));

            assertThat(report.run().reason()).isNull();
            assertThat(report.run().state()).isEqualTo(RunState.SUCCEEDED);
            assertThat(check(report, "capture_baseline_metrics").evidence()).startsWith("3 rows in 1 chunk");
            assertThat(check(report, "verify_values_match_expression").evidence())
                    .contains("3 rows");
            assertThat(backhoe(db).verify(1, null, Effort.FULL)).allMatch(CheckRecord::holds);
        }
    }

    @Test
    void anotherUniqueKeyNamesTheRowsAsWell() throws Exception {
        try (var db = TestDatabase.create()) {
            db.orders(1_000);
            db.sql("ALTER TABLE orders ADD COLUMN code text");
            db.sql("UPDATE orders SET code = 'o-' || id");
            db.sql("ALTER TABLE orders ALTER COLUMN code SET NOT NULL, ADD UNIQUE (code)");
            String before = db.digest("orders");
            file("CODE,tier\no-7,gold\no-8,gold\n");
            Plan plan = plan(db, BY_FILE);
            assertThat(plan.access().keyset()).containsExactly("code");

            assertThat(run(db, plan).changed()).isEqualTo(2);
            assertThat(db.number("SELECT count(*) FROM orders WHERE tier = 'gold' AND id IN (7, 8)"))
                    .isEqualTo(2);
            undo(db);
            assertThat(db.digest("orders")).isEqualTo(before);
        }
    }

    @Test
    void aFewRowsOfManyAreLookedUpByTheIndex() throws Exception {
        try (var db = TestDatabase.create()) {
            db.orders(100_000);
            var text = new StringBuilder("id,tier\n");
            for (int i = 1; i <= 100; i++) {
                text.append(i * 997).append(",gold\n");
            }
            file(text.toString());
            Plan plan = plan(db, BY_FILE);
            assertThat(run(db, plan).changed()).isEqualTo(100);

            String write = plan.sql()
                    .write()
                    .replace("{run}", "1")
                    .replaceAll(":(after|upto)_1", "NULL")
                    .replaceAll(":slice_[a-z]+", "0")
                    .replace(":chunk", "1");
            assertThat(db.number("SELECT count(*) FROM backhoe.record_1")).isEqualTo(100);
            try (var connection = db.connect();
                    var statement = connection.createStatement();
                    var rows = statement.executeQuery("EXPLAIN " + write)) {
                var explained = new StringBuilder();
                while (rows.next()) {
                    explained.append(rows.getString(1)).append('\n');
                }
                assertThat(explained).contains("orders_pkey").doesNotContain("Seq Scan on orders");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void killedAgainAndAgainItAddsWhatTheFileSaysOnceToEachRow(Version version) throws Exception {
        try (var db = TestDatabase.on(version)) {
            int rows = 4_000;
            var scene = new CrashScene(db, rows, 4);
            String before = db.digest("orders");
            var text = new StringBuilder("id,plus\n");
            for (int i = 2; i <= rows; i += 2) {
                text.append(i).append(',').append(i).append('\n');
            }
            file(text.toString());
            String spec = BY_FILE.replace(
                            "fixes.csv", folder.resolve("fixes.csv").toString())
                    .replace(
                            "  strategy: { type: correction }",
                            "  transform: { set: { n: \"orders.n + CAST(csv.plus AS integer)\" } }\n"
                                    + "  strategy: { type: correction, chunk_size: 250, parallelism: 3 }");
            scene.pace(0.01);
            killWhileItWrites(
                    db,
                    scene,
                    "run " + java.util.Base64.getEncoder().encodeToString(spec.getBytes(StandardCharsets.UTF_8)));
            Files.delete(folder.resolve("fixes.csv"));
            killWhileItWrites(db, scene, "resume 1");
            scene.pace(0);

            var report = db.backhoe().resume(1, OPTIONS, new StopSignal(), RunListener.NONE);

            assertThat(report.run().state()).isEqualTo(RunState.SUCCEEDED);
            assertThat(report.changed()).isEqualTo(rows / 2);
            assertThat(db.number("SELECT count(*) FROM orders o JOIN original b USING (id)"
                            + " WHERE o.n <> b.n + CASE WHEN o.id % 2 = 0 THEN o.id ELSE 0 END"))
                    .isZero();
            scene.pace(0.01);
            killWhileItWrites(db, scene, "rollback 1");
            scene.pace(0);
            var undone = db.backhoe().resume(1, OPTIONS, new StopSignal(), RunListener.NONE);
            assertThat(undone.run().state()).isEqualTo(RunState.ROLLED_BACK);
            assertThat(db.digest("orders")).isEqualTo(before);
        }
    }

    private static void killWhileItWrites(TestDatabase db, CrashScene scene, String order) throws Exception {
        String written = "SELECT coalesce(sum(examined), 0) FROM backhoe.segment";
        long begun = scene.runId() == 0 ? 0 : db.number(written);
        try (var process = CrashProcess.ordered(db, order)) {
            CrashScene.await(
                    () -> scene.runId() > 0 && db.number(written) > begun && scene.hasWorkLeft(), process.said());
            process.kill();
        }
        assertThat(scene.hasWorkLeft()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"tiers_by_file.yaml", "tiers_by_condition.yaml"})
    void theExamplesRunAndCanBeTakenBack(String example) throws Exception {
        try (var db = TestDatabase.create()) {
            db.sql("CREATE TABLE customers (id bigint PRIMARY KEY, lifetime_value numeric NOT NULL)");
            db.sql("INSERT INTO customers SELECT i, i * 100 FROM generate_series(1, 100) i");
            db.sql("CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint NOT NULL, customer_tier text)");
            db.sql("INSERT INTO orders SELECT i, 1 + i % 100, 'gold' FROM generate_series(1, 3000) i");
            String before = db.digest("orders");
            Path path = Path.of("..", "examples", "correction", example);
            var read = SpecFile.read(Files.readString(path), example, SpecOverrides.NONE);
            var backhoe = db.backhoe().withFilesIn(Path.of("..", "examples", "correction"));
            Plan plan = backhoe.plan(read.spec(), read.warnings(), PlanOptions.LOOK_ONLY);

            var report = backhoe.run(plan, OPTIONS, new StopSignal(), RunListener.NONE);

            assertThat(report.run().state()).isEqualTo(RunState.SUCCEEDED);
            assertThat(report.changed()).isPositive();
            undo(db);
            assertThat(db.digest("orders")).isEqualTo(before);
        }
    }

    private void file(String text) throws IOException {
        Files.writeString(folder.resolve("fixes.csv"), text);
    }

    private Backhoe backhoe(TestDatabase db) {
        return db.backhoe().withFilesIn(folder);
    }

    private static io.backhoe.spec.ReadSpec read(String text) {
        return SpecFile.read(text, "test.yaml", SpecOverrides.NONE);
    }

    private Plan plan(TestDatabase db, String text) {
        var read = read(text);
        return backhoe(db).plan(read.spec(), read.warnings());
    }

    private RunReport run(TestDatabase db, Plan plan) {
        return backhoe(db).run(plan, OPTIONS, new StopSignal(), RunListener.NONE);
    }

    private static RunReport undo(TestDatabase db) {
        return db.backhoe().rollback(1, List.of(), OPTIONS, new StopSignal(), RunListener.NONE);
    }

    private static CheckRecord check(RunReport report, String name) {
        return report.checks().stream()
                .filter(c -> c.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private interface Work {
        void run() throws SQLException;
    }

    private static BackhoeException refusal(Work work) {
        return catchThrowableOfType(BackhoeException.class, work::run);
    }
}
