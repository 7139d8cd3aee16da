package io.backhoe.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import io.backhoe.plan.Plan;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.concurrent.locks.LockSupport;

/** A table {@code orders} that remembers what it was, in a database where each write can be made to take its time. */
final class CrashScene {
    private static final LocalDate START = LocalDate.of(2023, 1, 1);
    private static final long PATIENCE_NANOS = Duration.ofSeconds(60).toNanos();

    private final TestDatabase db;
    private final int rows;
    private final LocalDate end;
    private final String before;
    private String transform = "{ set: { n: \"n + 1\" } }";

    /** @param months how many chunks the rows are spread over */
    CrashScene(TestDatabase db, int rows, int months) throws SQLException {
        this.db = db;
        this.rows = rows;
        this.end = START.plusMonths(months);
        db.sql(
                "CREATE TABLE orders (id bigint PRIMARY KEY, order_date timestamptz NOT NULL, n integer NOT NULL, tier text)");
        // In seconds, because days and months would be those of the session's time zone.
        double seconds = ChronoUnit.DAYS.between(START, end) * 86_400.0 / (rows + 1);
        db.sql("INSERT INTO orders SELECT i, timestamptz '2023-01-01 00:00+00' + i * interval '" + seconds
                + " seconds', i % 100, 'tier ' || i % 7 FROM generate_series(1, " + rows + ") i");
        db.sql("CREATE INDEX orders_by_date ON orders (order_date, id)");
        db.sql("ANALYZE orders");
        db.sql("CREATE TABLE original AS SELECT * FROM orders");
        db.sql("ALTER TABLE original ADD PRIMARY KEY (id)");
        db.sql("CREATE TABLE pace AS SELECT CAST(0 AS double precision) AS seconds");
        db.sql("""
                CREATE FUNCTION take_time() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    PERFORM pg_sleep(seconds) FROM public.pace WHERE seconds > 0;
                    RETURN NEW;
                END
                $$
                """);
        db.sql("CREATE TRIGGER take_time BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION take_time()");
        this.before = db.digest("orders");
    }

    /** Leaves the work to the function of that name, which {@link CrashProgram} has. */
    CrashScene calling(String function) {
        transform = "{ function: " + function + ", columns: [n] }";
        return this;
    }

    /** Gives its rows to the row function of that name, which {@link CrashProgram} has. */
    CrashScene givingRowsTo(String function) {
        transform = "{ java: " + function + ", reads: [n], columns: [n] }";
        return this;
    }

    /** Gives its rows to a shell script, which every process starts. */
    CrashScene streamingTo(Path script) {
        transform = "{ command: [/bin/sh, '" + script + "'], stream: true, reads: [n], columns: [n] }";
        return this;
    }

    /** Leaves the work to a statement. */
    CrashScene executing(String sql, String per) {
        transform = "{ sql: \"" + sql + "\", per: " + per + ", columns: [n] }";
        return this;
    }

    TestDatabase db() {
        return db;
    }

    /** How long each row takes that is written from now on, be it to run or to undo. */
    void pace(double secondsARow) throws SQLException {
        db.sql("UPDATE pace SET seconds = " + secondsARow);
    }

    /** Adds one to each row's {@code n}; a chunk is a month. */
    String spec(int parallelism) {
        return """
                backfill:
                  name: add_one
                  scope:
                    table: orders
                    date_column: order_date
                    date_range: { start: %s, end: %s }
                  transform: %s
                  strategy: { chunk_by: month, parallelism: %d, preserve_existing: false }
                """.formatted(START, end, transform, parallelism);
    }

    Plan plan(int parallelism) {
        return db.plan(spec(parallelism));
    }

    String orderToRun(int parallelism) {
        return "run " + Base64.getEncoder().encodeToString(spec(parallelism).getBytes(StandardCharsets.UTF_8));
    }

    /** The newest run; 0 when none has been entered. */
    long runId() throws SQLException {
        return db.one("SELECT to_regclass('backhoe.run')") == null
                ? 0
                : db.number("SELECT coalesce(max(run_id), 0) FROM backhoe.run");
    }

    int epoch() throws SQLException {
        return runId() == 0 ? 0 : (int) db.number("SELECT epoch FROM backhoe.run WHERE run_id = " + runId());
    }

    String state() throws SQLException {
        return runId() == 0 ? "NONE" : db.one("SELECT state FROM backhoe.run WHERE run_id = " + runId());
    }

    /** Whether the newest run is being executed or taken back, as the ledger has it, and something of it is left. */
    boolean hasWorkLeft() throws SQLException {
        return switch (state()) {
            case "RUNNING" -> count("state IN ('pending', 'running')") > 0;
            case "ROLLING_BACK" -> count("undo_asked AND state <> 'rolled_back'") > 0;
            default -> false;
        };
    }

    private long count(String chunks) throws SQLException {
        return db.number("SELECT count(*) FROM backhoe.chunk WHERE run_id = " + runId() + " AND " + chunks);
    }

    /** Until a process has taken the run over and committed a batch, or has ended. */
    void awaitBatch(CrashProcess process, int formerEpoch) throws SQLException {
        long rowsBefore = examined();
        await(() -> !process.isAlive() || (epoch() > formerEpoch && examined() > rowsBefore), process);
        assertThat(process.isAlive()).as("works: %s", process.said()).isTrue();
    }

    /** Until a process has taken the run over, or has ended. */
    void awaitTakeover(CrashProcess process, int formerEpoch) throws SQLException {
        await(() -> !process.isAlive() || epoch() > formerEpoch, process);
    }

    /** Leaves a run in the middle of its work, and slow, whose process was killed. */
    void leaveDead(int workers) throws Exception {
        pace(0.0005);
        try (var process = CrashProcess.ordered(db, orderToRun(workers))) {
            awaitBatch(process, 0);
            process.kill();
        }
        assertThat(hasWorkLeft()).isTrue();
    }

    private long examined() throws SQLException {
        return runId() == 0
                ? 0
                : db.number("SELECT coalesce(sum(examined), 0) FROM backhoe.segment WHERE run_id = " + runId());
    }

    interface Condition {
        boolean holds() throws SQLException;
    }

    static void await(Condition condition, Object what) throws SQLException {
        long since = System.nanoTime();
        while (!condition.holds()) {
            assertThat(System.nanoTime() - since).as("waiting for %s", what).isLessThan(PATIENCE_NANOS);
            LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
        }
    }

    void everyRowHasOneMore() throws SQLException {
        long run = runId();
        assertThat(state()).isEqualTo("SUCCEEDED");
        assertThat(db.number("""
                        SELECT count(*) FROM orders o FULL JOIN original b USING (id)
                        WHERE o.n IS DISTINCT FROM b.n + 1 OR o.tier IS DISTINCT FROM b.tier
                           OR o.order_date IS DISTINCT FROM b.order_date
                        """))
                .as("rows that are not what they were, plus one")
                .isZero();
        assertThat(db.number("SELECT count(*) FROM backhoe.before_image_" + run))
                .as("before-images")
                .isEqualTo(rows);
        assertThat(db.number("SELECT count(*) FROM original b JOIN backhoe.before_image_" + run
                        + " i ON i.key_1 = b.id WHERE i.old_1 = b.n AND i.new_1 = b.n + 1"))
                .as("rows with a before-image of what they were and became")
                .isEqualTo(rows);
        assertThat(db.one("SELECT sum(examined) || ' ' || sum(changed) || ' ' || bool_and(done) FROM backhoe.segment"
                        + " WHERE phase = 'run' AND run_id = " + run))
                .isEqualTo(rows + " " + rows + " true");
        assertThat(count("state <> 'success'")).isZero();
    }

    void everythingIsAsBefore() throws SQLException {
        assertThat(state()).isEqualTo("ROLLED_BACK");
        assertThat(db.digest("orders")).isEqualTo(before);
        assertThat(db.one("SELECT sum(examined) || ' ' || sum(changed) || ' ' || bool_and(done) FROM backhoe.segment"
                        + " WHERE phase = 'undo' AND run_id = " + runId()))
                .isEqualTo(rows + " " + rows + " true");
        assertThat(count("state <> 'rolled_back'")).isZero();
    }

    /** As {@link #everythingIsAsBefore}, for a run that was not finished when it was taken back. */
    void everyChangedRowIsAsBefore() throws SQLException {
        assertThat(state()).isEqualTo("ROLLED_BACK");
        assertThat(db.digest("orders")).isEqualTo(before);
    }

    /** Everything that a run has written, in a form that changes with any of it. */
    String fingerprint() throws SQLException {
        var digest = new StringBuilder(db.digest("orders"));
        for (String table : new String[] {"run", "chunk", "segment", "event", "request", "quarantine"}) {
            digest.append(' ')
                    .append(db.one("SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), ''))"
                            + " FROM backhoe." + table + " t"));
        }
        return digest.toString();
    }
}
