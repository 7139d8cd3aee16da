package io.backhoe;

import io.backhoe.database.BatchSql;
import io.backhoe.database.Database;
import io.backhoe.database.DatabaseException;
import io.backhoe.database.ErrorKind;
import io.backhoe.database.Measured;
import io.backhoe.database.QueryPlan;
import io.backhoe.database.Session;
import io.backhoe.plan.ForecastSample;
import io.backhoe.plan.Plan;
import io.backhoe.plan.PlannedChunk;
import io.backhoe.run.batch.Batch;
import io.backhoe.run.batch.BatchLook;
import io.backhoe.run.batch.BatchStatements;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import io.backhoe.value.KeyRange;
import io.backhoe.value.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Executes small batches of a plan, each in a transaction that is rolled back, and measures them. Executes once. */
final class Rehearsal {
    private static final int MOST_ROWS = 500;
    private static final int LEAST_ROWS = 50;
    private static final int FAR_SMALLER = 10;

    private final Database database;
    private final Plan plan;
    private final Session session;
    private final Time time;
    private final BatchSql sql;
    private final String images;
    private final @Nullable String ownSchema;
    private final int most;
    private final List<ForecastSample> samples = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private int failed;
    private @Nullable String lastFailure;

    Rehearsal(Database database, Plan plan, Session session, Time time) {
        this.database = database;
        this.plan = plan;
        this.session = session;
        this.time = time;
        boolean ledger = !session.query("SELECT FROM pg_namespace WHERE nspname = 'backhoe'", Map.of())
                .isEmpty();
        String own = "backhoe_rehearsal_" + session.processId();
        // Who makes a schema waits for another who makes one of the same name; and a temporary table writes no log.
        this.ownSchema = ledger ? null : own;
        this.images = ledger ? "backhoe.rehearsal_" + session.processId() : own + ".image";
        this.sql = plan.sql().withImages(images);
        long all = plan.chunks().stream()
                .mapToLong(PlannedChunk::estimatedRows)
                .filter(rows -> rows > 0)
                .sum();
        this.most = (int) Math.max(LEAST_ROWS, Math.min(MOST_ROWS, all / 100));
    }

    /** No more rows than this are locked at a time, and left behind as dead versions: a hundredth of a small table. */
    int rows() {
        return most;
    }

    List<ForecastSample> samples() {
        return List.copyOf(samples);
    }

    /** What a reviewer should know. */
    List<String> notes() {
        return List.copyOf(notes);
    }

    /** @throws BackhoeException REFUSED {@code rehearsal_failed} when no batch works, {@code batch_scans_table} */
    void over(List<Spot> spots) {
        spots.forEach(this::rehearse);
        if (failed > 0 && failed == spots.size()) {
            throw new BackhoeException(
                    ExitCode.REFUSED,
                    "rehearsal_failed",
                    "None of " + failed + " batches works that were tried on " + table()
                            + " and rolled back. The last: " + lastFailure + " Nothing was changed.",
                    "Mend the expressions, or look at these rows; --no-rehearsal plans without trying.");
        }
    }

    /** A batch with a bad row in it is tried smaller, as a run does. */
    private void rehearse(Spot spot) {
        for (int rows = most; rows > 0; ) {
            try {
                once(spot, rows);
                return;
            } catch (DatabaseException e) {
                if (e.kind() == ErrorKind.TIMEOUT && rows >= FAR_SMALLER) {
                    rows /= FAR_SMALLER;
                    continue;
                }
                if (e.kind() != ErrorKind.BAD_ROW || rows == 1) {
                    failed(spot, e);
                    return;
                }
                if (rows == most) {
                    notes.add(
                            "A rehearsed batch of chunk " + spot.chunk().id() + " holds a row that cannot be changed: "
                                    + sentence(e) + " A run sets such rows aside, and pauses when they are many.");
                }
                rows /= 2;
            }
        }
    }

    private void failed(Spot spot, DatabaseException error) {
        String where = "chunk " + spot.chunk().id();
        switch (error.kind()) {
            case BAD_ROW, STATEMENT -> {
                failed++;
                lastFailure = where + ": " + sentence(error);
                if (error.kind() == ErrorKind.STATEMENT) {
                    notes.add("A rehearsed batch does not work, " + lastFailure);
                }
            }
            case LOCK_TIMEOUT, TRANSIENT ->
                notes.add("A batch of " + where + " was not rehearsed, because others held what it needs: "
                        + sentence(error));
            case TIMEOUT ->
                notes.add("A rehearsed batch of " + where
                        + " did not end within a second, however small, and was given up: " + sentence(error));
            default -> throw error;
        }
    }

    private static String sentence(DatabaseException error) {
        return error.getMessage().endsWith(".") ? error.getMessage() : error.getMessage() + ".";
    }

    private void once(Spot spot, int rows) {
        var batch = spot.batch(BatchStatements.run(sql, 0));
        session.begin(
                batch.statements().repeatableRead()
                        ? Session.Isolation.REPEATABLE_READ
                        : Session.Isolation.READ_COMMITTED);
        try {
            createImages();
            long begun = time.nanos();
            var boundary = batch.boundary(session, spot.rest(), rows);
            long found = time.nanos() - begun;
            if (boundary != null) {
                var range = new KeyRange(spot.after(), boundary.last());
                measure(batch, range, boundary.rows(), found);
            }
        } finally {
            session.rollback();
        }
    }

    private void createImages() {
        String create = sql.images();
        if (create == null) {
            return;
        }
        if (ownSchema != null) {
            session.execute("CREATE SCHEMA " + ownSchema);
        }
        session.execute(create);
    }

    private void measure(Batch batch, KeyRange range, long rows, long found) {
        var parameters = batch.parameters(range);
        var statements = batch.statements();
        String capture = statements.capture();
        Measured captured = capture == null
                ? null
                : database.measure(session, plan.spec().scope().table(), capture, parameters);
        long begun = time.nanos();
        Measured written = database.measure(session, plan.spec().scope().table(), statements.write(), parameters);
        Duration overhead = Duration.ofNanos(
                Math.max(0, time.nanos() - begun - written.took().toNanos()));
        if (captured != null && captured.written() != written.written()) {
            throw Batch.mismatch(captured.written(), written.written());
        }
        refuseScan(written.read(), rows);
        Duration finding = Duration.ofNanos(Math.max(0, found - overhead.toNanos()));
        List<Double> bytes =
                sql.images() == null || written.written() == 0 ? List.of() : database.averageBytes(session, images);
        samples.add(new ForecastSample(
                rows,
                written.written(),
                written.hot(),
                finding.plus(written.took()).plus(captured == null ? Duration.ZERO : captured.took()),
                overhead,
                written.walBytes() + (captured == null ? 0 : captured.walBytes()),
                written.pageImages() + (captured == null ? 0 : captured.pageImages()),
                bytes.isEmpty() ? 0 : bytes.get(bytes.size() - 1),
                grown(bytes)));
    }

    /** Where chunks are looked for in all of the key, a batch may have to read much; the plan says so already. */
    private void refuseScan(long read, long rows) {
        boolean byKeyAlone = plan.access().keyset().equals(plan.access().key());
        if (!byKeyAlone && QueryPlan.farTooMany(read, rows)) {
            throw new BatchLook(database, plan)
                    .scans(
                            session,
                            String.format(
                                    Locale.ROOT,
                                    "A rehearsed batch of %,d rows read %,d rows of %s.",
                                    rows,
                                    read,
                                    table()));
        }
    }

    /** The columns are chunk, the key, then old and new of each column that is set. */
    private double grown(List<Double> bytes) {
        double grown = 0;
        for (int old = 1 + plan.access().key().size(); old + 1 < bytes.size() - 1; old += 2) {
            grown += bytes.get(old + 1) - bytes.get(old);
        }
        return grown;
    }

    private String table() {
        return plan.spec().scope().table().toString();
    }
}
