package io.backhoe.backfill;

import static io.backhoe.backfill.TestDatabase.OPTIONS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.backhoe.report.RunReport;
import io.backhoe.run.BatchOutcome;
import io.backhoe.run.RunListener;
import io.backhoe.run.StopSignal;
import io.backhoe.undo.UndoOptions;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.OnConflict;
import io.backhoe.value.RunState;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What keeps rows of a derived table apart besides its key, and what a rollback makes of it. */
class DerivedUndoTest {
    private static final String SPEC = """
            backfill:
              name: totals
              scope: { table: totals, date_column: day, date_range: { start: 2023-01-01, end: 2023-02-01 } }
              transform:
                query: SELECT day, customer, sum(amount) AS total FROM sales GROUP BY day, customer
                into: replace
              strategy: { chunk_by: month }
            """;

    private TestDatabase db;

    @BeforeEach
    void renamed() throws SQLException {
        db = TestDatabase.create();
        db.sql("CREATE TABLE sales (day date NOT NULL, customer text NOT NULL, amount numeric)");
        db.sql("INSERT INTO sales VALUES ('2023-01-03', 'Acme', 5), ('2023-01-04', 'Bolt', 7)");
        db.sql("""
                CREATE TABLE totals (day date, customer text, total numeric, note text,
                                     folded text GENERATED ALWAYS AS (lower(customer)) STORED, PRIMARY KEY (day, customer))""");
        db.sql("INSERT INTO totals VALUES ('2023-01-03', 'acme', 4, 'kept'), ('2023-01-04', 'Bolt', 6, 'kept')");
        db.sql("CREATE TABLE original AS TABLE totals");
    }

    @AfterEach
    void drop() throws SQLException {
        db.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"(day, lower(customer))", "(day, folded)", "(lower(customer)) WHERE total > 0"})
    void aRowIsPutBackThatMeetsTheOneWrittenInItsPlace(String unique) throws Exception {
        var report = run(SPEC);
        assertThat(db.one("SELECT string_agg(customer, ' ' ORDER BY day) FROM totals"))
                .isEqualTo("Acme Bolt");
        db.sql("CREATE UNIQUE INDEX ON totals " + unique);

        var undone = undo(report);

        assertThat(rows("totals")).isEqualTo(rows("original"));
        assertThat(undone.run().state()).isEqualTo(RunState.ROLLED_BACK);
        assertThat(undone.restored()).isEqualTo(report.changed());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CREATE UNIQUE INDEX other ON totals (day, lower(customer))",
                "CREATE UNIQUE INDEX other ON totals (day, folded)",
                "CREATE UNIQUE INDEX other ON totals (total) WHERE total > 0",
                "CREATE UNIQUE INDEX other ON totals (day, customer text_pattern_ops)",
                "ALTER TABLE totals ADD CONSTRAINT other EXCLUDE USING btree (total WITH =)"
            })
    void whatElseKeepsRowsApartIsRefused(String sql) throws Exception {
        db.sql(sql);

        assertThat(catchThrowableOfType(BackhoeException.class, () -> db.plan(SPEC)))
                .hasMessageContaining("index other ")
                .extracting(BackhoeException::code)
                .isEqualTo("other_unique_index");
        assertThat(db.plan(upsert()).chunks()).isNotEmpty();
    }

    @Test
    void aColumnThatTheQueryDoesNotYieldKeepsRowsApart() throws Exception {
        db.sql("CREATE UNIQUE INDEX ON totals (day, note) WHERE total > 5");
        db.sql("CREATE UNIQUE INDEX ON totals (day, customer) WHERE total > 5");

        var report = run(SPEC);

        assertThat(report.run().state()).isEqualTo(RunState.SUCCEEDED);
        undo(report);
        assertThat(rows("totals")).isEqualTo(rows("original"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"UNIQUE (note)", "EXCLUDE USING btree (note WITH =)"})
    void aDeferrableConstraintIsRefusedWhereRowsAreInsertedAgain(String constraint) throws Exception {
        db.sql("UPDATE totals SET note = customer");
        db.sql("UPDATE original SET note = customer");
        db.sql("ALTER TABLE totals ADD CONSTRAINT later " + constraint + " DEFERRABLE");

        assertThat(catchThrowableOfType(BackhoeException.class, () -> db.plan(SPEC))
                        .code())
                .isEqualTo("deferrable_key");
        var report = run(upsert());
        assertThat(report.changed()).isEqualTo(2);
        assertThat(undo(report).run().state()).isEqualTo(RunState.ROLLED_BACK);
        assertThat(rows("totals")).isEqualTo(rows("original"));
    }

    @Test
    void aForeignKeyThatCascadesAndCameMeanwhileKeepsFromGoingOn() throws Exception {
        var stop = new StopSignal();
        var afterOne = new RunListener() {
            @Override
            public void batch(BatchOutcome batch) {
                stop.request("test");
            }
        };
        db.sql("INSERT INTO totals VALUES ('2023-01-30', 'Gone', 1, 'kept')");
        db.sql("INSERT INTO original VALUES ('2023-01-30', 'Gone', 1, 'kept', 'gone')");
        var plan = db.plan(SPEC.replace("chunk_by: month", "chunk_by: day, parallelism: 1"));
        var report = db.backhoe().run(plan, OPTIONS, stop, afterOne);
        assertThat(report.run().state()).isEqualTo(RunState.PAUSED);
        db.sql("CREATE TABLE remarks (day date, customer text,"
                + " FOREIGN KEY (day, customer) REFERENCES totals ON DELETE CASCADE)");
        db.sql("INSERT INTO remarks VALUES ('2023-01-30', 'Gone')");

        var refused = catchThrowableOfType(
                BackhoeException.class,
                () -> db.backhoe().resume(report.run().id(), OPTIONS, new StopSignal(), RunListener.NONE));

        assertThat(refused.code()).isEqualTo("replace_would_cascade");
        assertThat(refused).hasMessageContaining("What was committed stays");
        assertThat(db.number("SELECT count(*) FROM remarks")).isEqualTo(1);
        db.sql("DROP TABLE remarks");
        undo(report);
        assertThat(rows("totals")).isEqualTo(rows("original"));
    }

    /** However far apart batches end: chunks of a day have each row in a batch of its own. */
    @ParameterizedTest
    @ValueSource(strings = {"day", "month"})
    void aKeyThatIsThereUnderAnotherDateIsSetAsideWhereverBatchesEnd(String unit) throws Exception {
        db.sql("CREATE TABLE bills (id int PRIMARY KEY, day date NOT NULL, total int)");
        db.sql("INSERT INTO bills VALUES (7, '2023-01-03', 1), (9, '2023-01-05', 1)");
        var report = run("""
                backfill:
                  name: bills
                  scope: { table: bills, date_column: day, date_range: { start: 2023-01-01, end: 2023-02-01 } }
                  transform:
                    query: |
                      SELECT id, CAST(day AS date) AS day, total
                      FROM (VALUES (7, '2023-01-20', 2), (8, '2023-01-04', 3), (8, '2023-01-21', 4), (9, '2023-01-05', 5))
                        AS v (id, day, total)
                    into: upsert
                  strategy: { chunk_by: %s, parallelism: 1 }
                """.formatted(unit));

        assertThat(db.one("SELECT string_agg(t::text, ' ' ORDER BY id) FROM bills t"))
                .isEqualTo("(7,2023-01-03,1) (8,2023-01-04,3) (9,2023-01-05,5)");
        assertThat(report.quarantined()).isEqualTo(2);
        assertThat(db.one("SELECT string_agg(DISTINCT sqlstate, ' ') FROM backhoe.quarantine"))
                .isEqualTo("23505");
    }

    private String rows(String table) throws SQLException {
        return db.one("SELECT string_agg(t::text, ' ' ORDER BY t) FROM " + table + " t");
    }

    private static String upsert() {
        return SPEC.replace("into: replace", "into: upsert");
    }

    private RunReport run(String spec) {
        return db.backhoe().run(db.plan(spec), OPTIONS, new StopSignal(), RunListener.NONE);
    }

    private RunReport undo(RunReport report) {
        return db.backhoe()
                .rollback(
                        report.run().id(),
                        new UndoOptions(List.of(), OnConflict.SKIP),
                        OPTIONS,
                        new StopSignal(),
                        RunListener.NONE);
    }
}
