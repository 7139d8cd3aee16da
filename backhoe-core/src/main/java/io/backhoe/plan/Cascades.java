package io.backhoe.plan;

import io.backhoe.database.Database;
import io.backhoe.database.Session;
import io.backhoe.database.SetOff;
import io.backhoe.spec.SourceQuery;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import io.backhoe.value.RowsInto;
import io.backhoe.value.TableName;
import org.jspecify.annotations.Nullable;

/**
 * Foreign keys of other tables by which rows of theirs would go with rows that are deleted. They are no drift of this table, so
 * they are looked for whenever it is looked at.
 */
public record Cascades(Database database, Plan plan) {
    private @Nullable SourceQuery source() {
        var transform = plan.spec().transform();
        return transform == null ? null : transform.source();
    }

    /** @throws BackhoeException REFUSED {@code replace_would_cascade}, before a run begins */
    public void refuse(Session session) {
        refuse(session, "Nothing was changed.");
    }

    /** @throws BackhoeException REFUSED {@code replace_would_cascade}, for a run that has begun */
    public void refuseGoingOn(Session session) {
        refuse(session, "What was committed stays, and nothing more was changed.");
    }

    private void refuse(Session session, String state) {
        var source = source();
        if (source != null && source.into() == RowsInto.REPLACE) {
            TableName table = plan.spec().scope().table();
            refuse(database.setsOff(session, table), table, source, state);
        }
    }

    static void refuse(SetOff follows, TableName table, SourceQuery source, String state) {
        if (!follows.cascades().isEmpty() && source.into() == RowsInto.REPLACE) {
            throw new BackhoeException(
                    ExitCode.REFUSED,
                    "replace_would_cascade",
                    "transform.into: replace deletes rows of " + table
                            + ", and with them rows of other tables would be deleted or changed: "
                            + String.join(", ", follows.cascades()) + ". " + state,
                    "Write transform.into: upsert, which deletes nothing; or make the foreign key one that does not"
                            + " cascade (ON DELETE NO ACTION).");
        }
    }

    /**
     * Whoever refers to a row that the run inserted must not lose theirs with it, unasked.
     *
     * @param state what is now true in the database
     * @throws BackhoeException REFUSED {@code undo_would_cascade}
     */
    public void refuseUndo(Session session, long runId, String state) {
        if (source() == null) {
            return;
        }
        TableName table = plan.spec().scope().table();
        var cascades = database.setsOff(session, table).cascades();
        if (!cascades.isEmpty()) {
            throw new BackhoeException(
                    ExitCode.REFUSED,
                    "undo_would_cascade",
                    "Run " + runId + " inserted rows of " + table
                            + ", and deleting them would delete or change rows of other tables: "
                            + String.join(", ", cascades) + ". " + state,
                    "Make the foreign key one that does not cascade (ON DELETE NO ACTION) while this is taken back; rows"
                            + " that others refer to are kept then, and counted.");
        }
    }
}
