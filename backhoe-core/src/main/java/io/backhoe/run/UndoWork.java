package io.backhoe.run;

import io.backhoe.database.BatchSql;
import io.backhoe.database.Database;
import io.backhoe.database.DatabaseException;
import io.backhoe.database.Session;
import io.backhoe.ledger.LaterImages;
import io.backhoe.ledger.RunRecord;
import io.backhoe.plan.Plan;
import io.backhoe.plan.Planner;
import io.backhoe.run.batch.BatchStatements;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import io.backhoe.value.OnConflict;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What taking a run back needs to know of the table and of later runs before its first batch. Immutable.
 *
 * @param triggers of the table, which may change what is restored
 * @param restored counts what is as it was before; null where the undo's own count says that
 */
record UndoWork(
        Plan plan,
        long run,
        LaterImages later,
        List<String> triggers,
        @Nullable String restored) {
    static UndoWork look(Database database, Plan plan, RunRecord run, Session session) {
        var table = database.table(session, plan.spec().scope().table());
        var triggers = table.triggers();
        var later = LaterImages.find(session, run, plan);
        return new UndoWork(
                plan,
                run.id(),
                later,
                triggers,
                // Of rows that were inserted, one that is gone is as it was, whoever deleted it.
                triggers.isEmpty()
                                && later.later().isEmpty()
                                && plan.spec().requiredTransform().source() == null
                        ? null
                        : database.undoSql(table, Planner.undoShapeOf(plan, table))
                                .restored());
    }

    BatchStatements statements(OnConflict onConflict) {
        return BatchStatements.undo(plan.sql(), later, onConflict == OnConflict.OVERWRITE, restored);
    }

    /** Over a connection of its own: it may take minutes, and a wish to stop ends it. */
    void buildIndexes(Database database, StopSignal stop) {
        var indexes = new ArrayList<>(later.indexes());
        String own = plan.sql().undoIndex();
        if (own != null) {
            indexes.add(own.replace(BatchSql.RUN, Long.toString(run)));
        }
        var settings = new HashMap<>(plan.session());
        settings.put("lock_timeout", "5s");
        settings.put("statement_timeout", "0");
        try (var session = database.open("backhoe/" + run + "/index", settings)) {
            stop.whenRequested(session::cancel);
            indexes.forEach(session::execute);
        } catch (DatabaseException e) {
            if (stop.reason() == null) {
                throw e;
            }
            throw new BackhoeException(
                    ExitCode.STOPPED,
                    "stopped",
                    "Stopped by " + stop.reason() + " before anything of run " + run + " was taken back.",
                    "backhoe resume " + run,
                    e);
        } finally {
            stop.whenRequested(() -> {});
        }
    }

    /** Of rows that are not as they were before the run: why that may be, after their number. */
    String kept() {
        String since = later.runs().isEmpty()
                ? ""
                : ", or written since by run "
                        + later.runs().stream().map(String::valueOf).collect(Collectors.joining(", "))
                        + ",";
        return "changed since" + since + " and kept"
                + (triggers.isEmpty()
                        ? ""
                        : ", or changed by a trigger (" + String.join(", ", triggers) + ") when restored");
    }
}
