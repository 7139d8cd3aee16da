package io.backhoe.testkit;

import io.backhoe.database.BatchSql;
import io.backhoe.database.Row;
import io.backhoe.database.Session;
import io.backhoe.database.Session.Isolation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Walks a chunk in batches with the statements of a plan, without a ledger: each batch is a transaction. */
final class Walk {
    /** @param batches the rows examined by each batch */
    record Result(List<Long> batches, long changed) {
        long examined() {
            return batches.stream().mapToLong(Long::longValue).sum();
        }
    }

    private final BatchSql sql;
    private final long run;
    private final Map<String, @Nullable String> parameters = new HashMap<>();

    Walk(BatchSql sql, long run) {
        this.sql = sql;
        this.run = run;
        parameters.putAll(BatchSql.WITHOUT_RESTS);
        chunk(1, "", "");
    }

    Walk chunk(int number, String start, String end) {
        parameters.put("chunk", Integer.toString(number));
        parameters.put("chunk_start", start);
        parameters.put("chunk_end", end);
        return this;
    }

    /** Rests in each period of the clock but for its first microseconds. */
    Walk slices(long periodMicros, long workMicros) {
        parameters.put(BatchSql.SLICE_PERIOD, Long.toString(periodMicros));
        parameters.put(BatchSql.SLICE_WORK, Long.toString(workMicros));
        return this;
    }

    Walk makeImages(Session session) {
        session.execute(named(Objects.requireNonNull(sql.images())));
        return this;
    }

    Result forward(Session session, int batchRows) {
        return walk(session, batchRows, sql.boundary(), sql.capture(), sql.write(), sql.repeatableRead());
    }

    Result back(Session session, int batchRows) {
        session.execute(named(Objects.requireNonNull(sql.undoIndex())));
        return walk(
                session,
                batchRows,
                Objects.requireNonNull(sql.undoBoundary()),
                null,
                Objects.requireNonNull(sql.undoWrite()),
                false);
    }

    /** The rows of the chunk that {@link #back} leaves alone. */
    List<Row> conflicts(Session session) {
        return look(session, Objects.requireNonNull(sql.undoConflicts()));
    }

    /** One of the queries by which an undo looks, over the chunk. */
    List<Row> look(Session session, String query) {
        between(List.of(), List.of());
        return session.query(named(query), parameters);
    }

    /** Restores them after {@link #back}, as far as they are there. */
    long overwrite(Session session) {
        between(List.of(), List.of());
        return session.update(named(Objects.requireNonNull(sql.undoOverwrite())), parameters);
    }

    private Result walk(
            Session session,
            int batchRows,
            String boundary,
            @Nullable String capture,
            String write,
            boolean repeatableRead) {
        var batches = new ArrayList<Long>();
        long changed = 0;
        between(List.of(), List.of());
        while (true) {
            session.begin(repeatableRead ? Isolation.REPEATABLE_READ : Isolation.READ_COMMITTED);
            parameters.put("batch_rows", Integer.toString(batchRows));
            List<Row> found = session.query(named(boundary), parameters);
            if (found.isEmpty()) {
                session.rollback();
                return new Result(batches, changed);
            }
            List<String> last = keys(found.get(0));
            between(null, last);
            if (capture != null) {
                session.update(named(capture), parameters);
            }
            changed += session.update(named(write), parameters);
            session.commit();
            batches.add(found.get(0).number(last.size()));
            between(last, List.of());
        }
    }

    private static List<String> keys(Row row) {
        return row.values().subList(0, row.values().size() - 1).stream()
                .map(Objects::requireNonNull)
                .toList();
    }

    /** @param after null leaves it as it is; empty is open */
    Walk between(@Nullable List<String> after, List<String> upTo) {
        for (int i = 0; i < 4; i++) {
            if (after != null) {
                parameters.put("after_" + (i + 1), i < after.size() ? after.get(i) : null);
            }
            parameters.put("upto_" + (i + 1), i < upTo.size() ? upTo.get(i) : null);
        }
        return this;
    }

    /** The key that the next rows end in and their number; null when there are none. */
    @Nullable
    Row boundary(Session session, int batchRows) {
        parameters.put("batch_rows", Integer.toString(batchRows));
        List<Row> found = session.query(named(sql.boundary()), parameters);
        return found.isEmpty() ? null : found.get(0);
    }

    long capture(Session session) {
        return session.update(named(Objects.requireNonNull(sql.capture())), parameters);
    }

    long write(Session session) {
        return session.update(named(sql.write()), parameters);
    }

    private String named(String text) {
        return text.replace(BatchSql.RUN, Long.toString(run));
    }
}
