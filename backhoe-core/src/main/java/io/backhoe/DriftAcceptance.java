package io.backhoe;

import io.backhoe.database.BatchSql;
import io.backhoe.database.Database;
import io.backhoe.database.DatabaseException;
import io.backhoe.database.Session;
import io.backhoe.database.TableFacts;
import io.backhoe.ledger.ChunkTable;
import io.backhoe.ledger.NewRun;
import io.backhoe.ledger.RunRecord;
import io.backhoe.ledger.RunTable;
import io.backhoe.plan.Drift;
import io.backhoe.plan.Plan;
import io.backhoe.plan.Planner;
import io.backhoe.run.batch.Batch;
import io.backhoe.run.batch.BatchStatements;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.Cause;
import io.backhoe.value.ChunkState;
import io.backhoe.value.ExitCode;
import io.backhoe.value.KeyRange;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Lets a run go on with a table that is no longer as it was planned for, when its statements are those that a plan of today
 * would have. Thread-safe.
 */
record DriftAcceptance(Database database, Runs runs) {
    /**
     * Does nothing when the table is as planned.
     *
     * @return the differences that are accepted
     * @throws BackhoeException CONFLICT when a process executes the run; DRIFTED when its statements would be wrong
     */
    List<String> accept(long runId, Cause cause) {
        try (var session = database.open("backhoe/accept", Backhoe.SETTINGS)) {
            if (!RunTable.lock(session, runId)) {
                throw new BackhoeException(
                        ExitCode.CONFLICT,
                        "run_is_executed",
                        "Run " + runId + " is executed by a process. Nothing was changed.",
                        "backhoe status " + runId);
            }
            try {
                return accepted(session, runId, cause);
            } finally {
                // At once: the server ends the session in its own time, and whoever goes on with the run wants the lock
                // now.
                unlock(session, runId);
            }
        }
    }

    private static void unlock(Session session, long runId) {
        try {
            session.rollback();
            RunTable.unlock(session, runId);
        } catch (DatabaseException e) {
            // The lock goes with the session.
            session.abandon();
        }
    }

    private List<String> accepted(Session session, long runId, Cause cause) {
        var run = runs.required(session, runId);
        var plan = NewRun.planOf(session, run);
        var table = database.table(session, plan.spec().scope().table());
        var drift = new Drift(plan);
        var lines = drift.found(table.fingerprint());
        // Taking back looks at the few things that it needs by itself.
        if (lines.isEmpty() || run.undoing()) {
            return List.of();
        }
        refuseWrong(session, run, plan, table, lines);
        RunTable.accept(session, run, drift.relevant(table.fingerprint()), lines, cause);
        return lines;
    }

    private void refuseWrong(Session session, RunRecord run, Plan plan, TableFacts table, List<String> lines) {
        var why = new ArrayList<String>();
        boolean there = table.indexes().stream()
                .anyMatch(i -> i.name().equals(plan.access().index()));
        if (!there) {
            why.add("index " + plan.access().index() + ", which batches walk, is gone");
        }
        if (!table.key().equals(plan.access().key())) {
            why.add("the key is another");
        }
        if (why.isEmpty()) {
            why.addAll(unfit(session, run, plan, table));
        }
        if (!why.isEmpty()) {
            throw new BackhoeException(
                    ExitCode.DRIFTED,
                    "drift_not_acceptable",
                    "Run " + run.id() + " cannot go on with table " + table.name() + " as it is: "
                            + String.join("; ", why) + ". Nothing was changed.\n  " + String.join("\n  ", lines),
                    "Bring the table back to what it was; or backhoe cancel " + run.id()
                            + ", and plan the rest anew: backhoe plan --rest-of " + run.id() + "; or backhoe rollback "
                            + run.id() + ".");
        }
    }

    private List<String> unfit(Session session, RunRecord run, Plan plan, TableFacts table) {
        try {
            var now = Planner.sqlOf(plan, database, database.server(session), table);
            var different = different(plan.sql(), now);
            if (different.isEmpty()) {
                explain(session, run, plan);
            }
            return different.stream()
                    .map(name -> "its statement '" + name + "' would be another for this table")
                    .toList();
        } catch (BackhoeException | DatabaseException | NoSuchElementException e) {
            return List.of("its statements do not fit this table: " + e.getMessage());
        }
    }

    private static List<String> different(BatchSql planned, BatchSql now) {
        var pairs = new LinkedHashMap<String, List<@Nullable String>>();
        if (skips(planned) == skips(now)) {
            pairs.put("boundary", pair(planned.boundary(), now.boundary()));
        }
        pairs.put("capture", pair(planned.capture(), now.capture()));
        pairs.put("write", pair(planned.write(), now.write()));
        pairs.put("read", pair(read(planned), read(now)));
        pairs.put("images", pair(planned.images(), now.images()));
        pairs.put("undo_write", pair(planned.undoWrite(), now.undoWrite()));
        return pairs.entrySet().stream()
                .filter(e -> !Objects.equals(e.getValue().get(0), e.getValue().get(1)))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Plans of before the end of a batch was skipped to count its rows; the write of both has the same bounds. */
    private static boolean skips(BatchSql sql) {
        return sql.boundary().contains("OFFSET");
    }

    private static @Nullable String read(BatchSql sql) {
        return sql.given() == null ? null : sql.given().read();
    }

    private static List<@Nullable String> pair(@Nullable String one, @Nullable String other) {
        var pair = new ArrayList<@Nullable String>();
        pair.add(one);
        pair.add(other);
        return pair;
    }

    /** The server says whether it can still execute the write: an expression may use a column that is gone. */
    private void explain(Session session, RunRecord run, Plan plan) {
        var statements = BatchStatements.run(plan.sql(), run.id());
        var next = ChunkTable.all(session, run.id()).stream()
                .filter(c -> c.state() == ChunkState.PENDING || c.state() == ChunkState.RUNNING)
                .findFirst();
        if (next.isEmpty() || plan.spec().requiredTransform().perChunk() != null) {
            return;
        }
        plan.sql().makeTables(session, run.id());
        var batch = new Batch(statements, next.get().number(), next.get().extent());
        database.explain(
                session,
                plan.spec().scope().table(),
                plan.access().keyset().get(0),
                batch.statements().write(),
                batch.parameters(KeyRange.ALL));
    }
}
