package io.backhoe.run.batch;

import static java.util.Objects.requireNonNull;

import io.backhoe.database.BatchSql;
import io.backhoe.database.DmlStatement;
import io.backhoe.database.Row;
import io.backhoe.database.Session;
import io.backhoe.transform.BatchRange;
import io.backhoe.transform.Call;
import io.backhoe.transform.Rows;
import io.backhoe.value.ChunkRange;
import io.backhoe.value.KeyRange;
import io.backhoe.value.TableName;
import io.backhoe.value.Time;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A batch whose rows a function changes: what was there is kept before the call and compared after it, in one transaction.
 * See {@code docs/adr/0008-a-function-is-called-between-two-looks.md}. Immutable.
 *
 * @param chunk its id
 * @param table that the batch is of
 */
public record CalledWrite(Call call, long runId, String chunk, TableName table, Time time) {
    /** Where in its chunk a batch is. */
    record Place(@Nullable ChunkRange dates, KeyRange keys) {}

    boolean takesWholeChunks() {
        return call.takesWholeChunks();
    }

    /** @return the rows that it says it wrote */
    private long execute(Session session, String work, Map<String, @Nullable String> parameters, long rows) {
        long written = session.update(work, parameters);
        if (written > rows && rows == 0) {
            throw call.misbehaved(String.format(
                    Locale.ROOT,
                    "wrote %,d rows for a range in which the table has none, and as many as it has are allowed. It was"
                            + " rolled back. Leave the range out of scope.date_range, or have the statement write nothing there;"
                            + " rows that the table itself lacks are what strategy.type: gap_fill is for",
                    written));
        }
        if (written > rows) {
            throw call.misbehaved(String.format(
                    Locale.ROOT,
                    "wrote %,d rows, more than the %,d that the table has in this range: it reaches beyond its range, or writes"
                            + " several rows for one. It was rolled back",
                    written,
                    rows));
        }
        return written;
    }

    /** What it wrote of the table outside of the range has no before-images, and later chunks would take it for done. */
    private void refuseBeyond(String work, long written, Row seen) {
        // Plans of before this was asked have three columns.
        if (seen.values().size() > 3 && written > seen.number(3) && new DmlStatement(work).updates(table)) {
            throw call.misbehaved(String.format(
                    Locale.ROOT,
                    "wrote %,d rows of %s, and %,d of them are in this range: the others would not be kept for undo. It was"
                            + " rolled back. Write the range of the date column as >= :chunk_start AND < :chunk_end"
                            + " (BETWEEN takes the first instant of the next chunk along), or {{rows}}",
                    written,
                    table,
                    seen.number(3)));
        }
    }

    /** @return the rows changed, as seen and not as reported */
    long write(Session session, BatchStatements statements, Map<String, @Nullable String> parameters, Place place) {
        BatchSql.Call sql = requireNonNull(statements.call());
        session.execute(sql.scratch());
        long rows = session.update(requireNonNull(statements.capture()), parameters);
        String work = sql.work();
        long written = 0;
        if (work == null) {
            var range = new BatchRange(runId, chunk, place.dates(), place.keys(), rows, Rows.of(sql, parameters));
            call.batch(session, range, time);
        } else {
            written = execute(session, work, parameters, rows);
        }
        // Triggers that wait for COMMIT would change rows after the look.
        session.execute("SET CONSTRAINTS ALL IMMEDIATE");
        Row seen = session.query(statements.write(), parameters).get(0);
        long protectedRows = seen.number(1);
        long gone = seen.number(2);
        if (protectedRows > 0) {
            throw call.misbehaved(
                    "changed " + protectedRows + " rows whose values strategy.preserve_existing or"
                            + " scope.where protects; use the condition that it is given (of SQL {{rows}}), or preserve_existing: false");
        }
        if (gone > 0) {
            throw call.misbehaved("deleted " + gone + " rows, or changed their keys");
        }
        if (work != null) {
            refuseBeyond(work, written, seen);
        }
        return seen.number(0);
    }
}
