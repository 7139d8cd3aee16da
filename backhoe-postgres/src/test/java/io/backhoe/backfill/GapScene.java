package io.backhoe.backfill;

import static io.backhoe.backfill.TestDatabase.OPTIONS;

import io.backhoe.plan.Plan;
import io.backhoe.plan.PlanFile;
import io.backhoe.report.RunReport;
import io.backhoe.run.RunListener;
import io.backhoe.run.StopSignal;
import io.backhoe.undo.UndoOptions;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Base64;

/**
 * Payments of a quarter as they were sent, and a table that has received some of them: none of February, half of March. A
 * row that was received has the note 'there', one that is inserted later the column's default.
 */
final class GapScene {
    static final String SPEC = """
            backfill:
              name: payments_gap
              scope:
                table: received
                date_column: day
                date_range: { start: 2024-01-01, end: 2024-04-01 }
              transform:
                query: SELECT id, day, amount FROM sent
              strategy: { type: gap_fill, chunk_by: month, parallelism: 2 }
            """;

    private final TestDatabase db;

    /** @param perDay rows of each of the 91 days */
    GapScene(TestDatabase db, int perDay) throws SQLException {
        this.db = db;
        db.sql("CREATE TABLE sent (id bigint PRIMARY KEY, day date NOT NULL, amount numeric NOT NULL)");
        db.sql("INSERT INTO sent SELECT i, date '2024-01-01' + i / " + perDay
                + ", i * 1.25 FROM generate_series(0, 91 * " + perDay + " - 1) i");
        db.sql("CREATE INDEX ON sent (day, id)");
        db.sql("""
                CREATE TABLE received (id bigint PRIMARY KEY, day date NOT NULL, amount numeric(12,2) NOT NULL,
                                       note text DEFAULT 'inserted')""");
        db.sql("CREATE INDEX ON received (day, id)");
        db.sql("INSERT INTO received SELECT id, day, amount, 'there' FROM sent"
                + " WHERE day < '2024-02-01' OR day >= '2024-03-01' AND id % 2 = 0");
        db.sql("ANALYZE sent, received");
        db.sql("CREATE TABLE original AS TABLE received");
    }

    long missing() throws SQLException {
        return db.number("SELECT count(*) FROM sent s WHERE NOT EXISTS (SELECT FROM original o WHERE o.id = s.id)");
    }

    /** Through its file, as it is reviewed and committed. */
    Plan plan(String spec) {
        return PlanFile.read(PlanFile.write(db.plan(spec)), "plan.yaml");
    }

    RunReport run(String spec) {
        return db.backhoe().run(plan(spec), OPTIONS, new StopSignal(), RunListener.NONE);
    }

    RunReport undo(RunReport report, UndoOptions what) {
        return db.backhoe().rollback(report.run().id(), what, OPTIONS, new StopSignal(), RunListener.NONE);
    }

    static String order(String spec) {
        return "run " + Base64.getEncoder().encodeToString(spec.getBytes(StandardCharsets.UTF_8));
    }

    static String spec(String... pairs) {
        String spec = SPEC;
        for (int i = 0; i < pairs.length; i += 2) {
            if (!spec.contains(pairs[i])) {
                throw new IllegalArgumentException(pairs[i] + " does not stand in the spec");
            }
            spec = spec.replace(pairs[i], pairs[i + 1]);
        }
        return spec;
    }
}
