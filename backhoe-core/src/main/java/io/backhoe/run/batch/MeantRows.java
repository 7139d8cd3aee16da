package io.backhoe.run.batch;

import io.backhoe.database.BatchSql;
import io.backhoe.database.Database;
import io.backhoe.database.DatabaseException;
import io.backhoe.database.ErrorKind;
import io.backhoe.database.Session;
import io.backhoe.database.TriggerFacts;
import io.backhoe.plan.Plan;
import io.backhoe.plan.Planner;
import io.backhoe.value.SqlName;
import io.backhoe.value.TableName;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The rows that a batch is to change, counted before the write, of its snapshot, where a trigger may keep some of them from
 * being written. Immutable.
 *
 * @param sql reads their number for a range of keys
 * @param triggers that may do it
 */
public record MeantRows(String sql, TableName table, List<String> triggers) {
    /** The condition that tells a batch which wrote other rows than it was to from other failures. */
    public static final String SQLSTATE = "BH002";

    public MeantRows {
        triggers = List.copyOf(triggers);
    }

    /** Null where the table has no trigger that sees each row before it is written, or where a function or a query decides what is written. */
    public static @Nullable MeantRows of(Database database, Plan plan, Session session) {
        var transform = plan.spec().requiredTransform();
        if (transform.function() != null || transform.source() != null) {
            return null;
        }
        var table = database.table(session, plan.spec().scope().table());
        var keepers = table.triggers().isEmpty()
                ? List.<String>of()
                : database.survey(session).table(table).triggers().value().stream()
                        .filter(trigger -> mayKeep(
                                trigger, plan.spec().requiredTransform().set().keySet()))
                        .map(TriggerFacts::name)
                        .distinct()
                        .toList();
        return keepers.isEmpty()
                ? null
                : new MeantRows(
                        database.checkSql(table, Planner.shapeOf(plan, table), Set.of())
                                .meant(),
                        table.name(),
                        keepers);
    }

    /** Others only follow what was written; those that look at other columns do not fire. */
    private static boolean mayKeep(TriggerFacts trigger, Set<String> set) {
        return trigger.before()
                && trigger.eachRow()
                && (trigger.columns().isEmpty() || !Collections.disjoint(trigger.columns(), set));
    }

    /** The same for a run, whose number may stand in it. */
    public MeantRows of(long runId) {
        return new MeantRows(sql.replace(BatchSql.RUN, Long.toString(runId)), table, triggers);
    }

    MeantRows in(@Nullable TableName partition) {
        return partition == null
                ? this
                : new MeantRows(sql.replace(BatchSql.PARTITION, SqlName.quote(partition)), table, triggers);
    }

    /** @throws DatabaseException naming the triggers, when not all were written */
    void compare(long meant, long written) {
        if (meant != written) {
            throw new DatabaseException(
                    ErrorKind.BAD_ROW,
                    SQLSTATE,
                    String.format(
                            Locale.ROOT,
                            "rows of %s that the batch was to change: %,d, written: %,d. A trigger (%s) keeps rows as"
                                    + " they are, as one that returns NULL before the update does. The batch was rolled"
                                    + " back. Leave such rows out with scope.where, or disable the trigger and retry"
                                    + " with --accept-drift.",
                            table,
                            meant,
                            written,
                            String.join(", ", triggers)),
                    null,
                    null);
        }
    }
}
