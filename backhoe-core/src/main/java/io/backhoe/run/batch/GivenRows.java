package io.backhoe.run.batch;

import io.backhoe.database.BatchSql;
import io.backhoe.database.DatabaseException;
import io.backhoe.database.ErrorKind;
import io.backhoe.database.Session;
import io.backhoe.ledger.ChunkRecord;
import io.backhoe.ledger.RunRecord;
import io.backhoe.plan.Plan;
import io.backhoe.transform.Call;
import io.backhoe.transform.RowColumns;
import io.backhoe.transform.RowCopy;
import io.backhoe.value.SqlName;
import io.backhoe.value.TableName;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A batch whose rows are given to a function before they are written: read, computed while no row is locked, and copied to where
 * the statements of the batch take from what they write. See {@code docs/adr/0019-rows-come-back-by-a-join.md}. Immutable.
 */
public final class GivenRows {
    private final Call call;
    private final BatchSql.Given sql;
    private final long runId;
    private final RowColumns columns;
    private final List<String> sets;

    private GivenRows(Call call, BatchSql.Given sql, long runId, RowColumns columns, List<String> sets) {
        this.call = call;
        this.sql = sql;
        this.runId = runId;
        this.columns = columns;
        this.sets = sets;
    }

    /** Null where the plan gives rows to nobody, and when it is taken back. */
    public static @Nullable GivenRows of(Plan plan, Call call, RunRecord run, ChunkRecord chunk) {
        BatchSql.Given sql = plan.sql().given();
        var transform = plan.spec().requiredTransform();
        if (!call.isOfRows()
                || sql == null
                || transform.function() == null
                || transform.function().rows() == null) {
            return null;
        }
        String number = Long.toString(run.id());
        TableName partition = chunk.extent().partition();
        String read = sql.read().replace(BatchSql.RUN, number);
        var filled = new BatchSql.Given(
                sql.results().replace(BatchSql.RUN, number),
                partition == null ? read : read.replace(BatchSql.PARTITION, SqlName.quote(partition)),
                sql.types(),
                sql.copy().replace(BatchSql.RUN, number));
        var columns =
                new RowColumns(plan.access().key(), transform.function().rows().reads(), sql.types());
        return new GivenRows(call, filled, run.id(), columns, transform.columns());
    }

    /** Makes the table that results come into, if it is not there. */
    public void prepare(Session session) {
        session.execute(sql.results());
    }

    /** @return how many rows are to be written */
    long give(Session session, Map<String, @Nullable String> parameters) {
        prepare(session);
        var rows = new RowCopy(columns, sets);
        rows.read(session.query(sql.read(), parameters));
        return rows.isEmpty() ? 0 : rows.compute(call, runId).copy(session, sql.copy());
    }

    /** In one snapshot nobody else changes a row between: it would have failed (40001), and the batch been repeated. */
    void compare(long meant, long written) {
        if (meant != written) {
            throw new DatabaseException(
                    ErrorKind.BAD_ROW,
                    MeantRows.SQLSTATE,
                    String.format(
                            Locale.ROOT,
                            "%,d rows came back to be written, and %,d were: a trigger keeps rows as they are, or changes"
                                    + " others of the same batch. The batch was rolled back. Leave such rows out with"
                                    + " scope.where, or disable the trigger and retry with --accept-drift.",
                            meant,
                            written),
                    null,
                    null);
        }
    }
}
