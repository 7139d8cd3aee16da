package io.backhoe.backfill;

import io.backhoe.database.BatchShape;
import io.backhoe.database.BatchSql;
import io.backhoe.database.CheckSql;
import io.backhoe.database.ColumnFacts;
import io.backhoe.database.ColumnWidths;
import io.backhoe.database.Database;
import io.backhoe.database.DatabaseException;
import io.backhoe.database.ErrorKind;
import io.backhoe.database.GapSql;
import io.backhoe.database.Lineage;
import io.backhoe.database.Measured;
import io.backhoe.database.QueryPlan;
import io.backhoe.database.SampledRows;
import io.backhoe.database.ServerFacts;
import io.backhoe.database.Session;
import io.backhoe.database.SetOff;
import io.backhoe.database.Sizes;
import io.backhoe.database.Survey;
import io.backhoe.database.TableFacts;
import io.backhoe.database.TableSchemas;
import io.backhoe.database.UndoSql;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ChunkExtent;
import io.backhoe.value.ChunkRange;
import io.backhoe.value.ExitCode;
import io.backhoe.value.Key;
import io.backhoe.value.TableName;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiPredicate;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** A real database where one call, the n-th of all sessions together, goes wrong. Thread-safe. */
final class FaultDatabase implements Database {
    private static final String COMMIT = "COMMIT";
    private static final Duration A_MOMENT = Duration.ofMillis(150);

    private final Database real;
    private final FaultKind kind;
    private final int at;
    private final BiPredicate<FaultSession, String> counted;
    private final AtomicInteger calls = new AtomicInteger();
    private final Queue<FaultSession> sessions = new ConcurrentLinkedQueue<>();
    private final Queue<Thread> late = new ConcurrentLinkedQueue<>();
    private volatile boolean dead;
    private volatile boolean out;
    private volatile String where = "";

    private FaultDatabase(Database real, FaultKind kind, int at, BiPredicate<FaultSession, String> counted) {
        this.real = real;
        this.kind = kind;
        this.at = at;
        this.counted = counted;
    }

    static FaultDatabase none(Database real) {
        return new FaultDatabase(real, FaultKind.LOST_BEFORE, 0, (session, what) -> false);
    }

    /** @param at counted from 1 over the COMMITs of all sessions */
    static FaultDatabase atCommit(Database real, FaultKind kind, int at) {
        return new FaultDatabase(real, kind, at, (session, what) -> what.equals(COMMIT));
    }

    /** @param at counted from 1 over all statements of all sessions */
    static FaultDatabase atCall(Database real, FaultKind kind, int at) {
        return new FaultDatabase(real, kind, at, (session, what) -> true);
    }

    /** @param at counted from 1 over the COMMITs of batches, of all sessions */
    static FaultDatabase atBatch(Database real, FaultKind kind, int at) {
        return new FaultDatabase(real, kind, at, (session, what) -> what.equals(COMMIT) && session.isInBatch());
    }

    /** Whether it has come to it. */
    boolean happened() {
        return calls.get() >= at;
    }

    /** The name of the session that it happened in, and what it was doing. */
    String where() {
        return where;
    }

    /** Until the server has done everything that it was still at. */
    void awaitLate() throws InterruptedException {
        for (Thread thread : late) {
            thread.join();
        }
    }

    /** From now on there is no server. */
    void goOut() {
        out = true;
        sessions.forEach(FaultSession::cut);
    }

    @Override
    public Session open(String applicationName, Map<String, String> settings) {
        refuseDead();
        if (out) {
            throw new BackhoeException(ExitCode.UNREACHABLE, "server_unreachable", "the server is out", null);
        }
        if (applicationName.endsWith("/signals")) {
            // It asks by the clock, so that nobody can say which of its calls is the n-th; tests of its own cut it.
            return real.open(applicationName, settings);
        }
        var session = new FaultSession(this, real.open(applicationName, settings), applicationName);
        sessions.add(session);
        return session;
    }

    void call(FaultSession session, String what, Runnable work) {
        refuseDead();
        if (!counted.test(session, what) || calls.incrementAndGet() != at) {
            work.run();
            return;
        }
        where = session.name() + ": " + what.strip().lines().findFirst().orElse("");
        switch (kind) {
            case LOST_BEFORE -> session.cut();
            case LOST_AFTER -> {
                work.run();
                session.cut();
            }
            case LOST_DURING -> later(session, work);
            case DEAD_BEFORE -> die();
            case DEAD_AFTER -> {
                work.run();
                die();
            }
            case HALT_BEFORE -> Runtime.getRuntime().halt(137);
            case HALT_DURING -> {
                var halt = new Thread(() -> {
                    LockSupport.parkNanos(Duration.ofNanos(100_000L * (at % 8)).toNanos());
                    Runtime.getRuntime().halt(137);
                });
                halt.start();
                work.run();
                LockSupport.parkNanos(A_MOMENT.toNanos() * 100);
            }
            case HALT_AFTER -> {
                work.run();
                Runtime.getRuntime().halt(137);
            }
        }
        throw lost();
    }

    static DatabaseException lost() {
        return new DatabaseException(ErrorKind.CONNECTION_LOST, "08006", "the test has cut the connection", null, null);
    }

    private void later(FaultSession session, Runnable work) {
        session.leave();
        var thread = new Thread(() -> {
            LockSupport.parkNanos(A_MOMENT.toNanos());
            work.run();
            session.real().close();
        });
        late.add(thread);
        thread.start();
    }

    private void die() {
        dead = true;
        sessions.forEach(FaultSession::cut);
        refuseDead();
    }

    private void refuseDead() {
        if (dead) {
            throw new BackhoeException(ExitCode.UNEXPECTED, "dead", "this process is dead", null);
        }
    }

    @Override
    public String describe() {
        return real.describe();
    }

    @Override
    public ServerFacts server(Session session) {
        return real.server(real(session));
    }

    @Override
    public TableFacts table(Session session, TableName name) {
        return real.table(real(session), name);
    }

    @Override
    public List<String> missingRights(Session session, TableFacts table, Set<String> columns) {
        return real.missingRights(real(session), table, columns);
    }

    @Override
    public List<String> missingRights(Session session, TableFacts table, BatchShape shape) {
        return real.missingRights(real(session), table, shape);
    }

    @Override
    public List<String> columns(Session session, String query) {
        return real.columns(real(session), query);
    }

    @Override
    public double cost(Session session, String sql, Map<String, ? extends @Nullable String> parameters) {
        return real.cost(real(session), sql, parameters);
    }

    @Override
    public SetOff setsOff(Session session, TableName table) {
        return real.setsOff(real(session), table);
    }

    @Override
    public void verify(Session session, TableFacts table, BatchShape shape) {
        real.verify(real(session), table, shape);
    }

    @Override
    public List<String> volatileFunctions(Session session, BatchShape shape) {
        return real.volatileFunctions(real(session), shape);
    }

    @Override
    public Lineage lineage(Session session, BatchShape shape) {
        return real.lineage(real(session), shape);
    }

    @Override
    public TableSchemas schemas(Session session, Collection<TableName> tables) {
        return real.schemas(real(session), tables);
    }

    @Override
    public BatchSql sql(ServerFacts server, TableFacts table, BatchShape shape) {
        return real.sql(server, table, shape);
    }

    @Override
    public BatchSql sqlOfRows(ServerFacts server, TableFacts table, BatchShape shape, List<String> reads) {
        return real.sqlOfRows(server, table, shape, reads);
    }

    @Override
    public BatchSql sqlAroundCall(TableFacts table, BatchShape shape) {
        return real.sqlAroundCall(table, shape);
    }

    @Override
    public GapSql gapSql(TableFacts table, BatchShape shape) {
        return real.gapSql(table, shape);
    }

    @Override
    public UndoSql undoSql(TableFacts table, BatchShape shape) {
        return real.undoSql(table, shape);
    }

    @Override
    public CheckSql checkSql(TableFacts table, BatchShape shape, Set<String> mayChange) {
        return real.checkSql(table, shape, mayChange);
    }

    @Override
    public List<Long> estimateRows(
            Session session, TableName table, @Nullable ColumnFacts column, List<ChunkExtent> extents) {
        return real.estimateRows(real(session), table, column, extents);
    }

    @Override
    public Optional<SampledRows> sampleRows(
            Session session, TableName table, @Nullable ColumnFacts column, List<ChunkExtent> extents) {
        return real.sampleRows(real(session), table, column, extents);
    }

    @Override
    public Map<TableName, Long> partitions(
            Session session, TableName table, @Nullable ColumnFacts column, @Nullable ChunkRange range) {
        return real.partitions(real(session), table, column, range);
    }

    @Override
    public List<List<Key>> cuts(Session session, BatchShape shape, List<ChunkExtent> extents, List<Integer> parts) {
        return real.cuts(real(session), shape, extents, parts);
    }

    @Override
    public QueryPlan explain(
            Session session,
            TableName table,
            String column,
            String sql,
            Map<String, ? extends @Nullable String> parameters) {
        return real.explain(real(session), table, column, sql, parameters);
    }

    @Override
    public Measured measure(
            Session session, TableName table, String sql, Map<String, ? extends @Nullable String> parameters) {
        return real.measure(real(session), table, sql, parameters);
    }

    @Override
    public Sizes sizes(Session session, TableName table) {
        return real.sizes(real(session), table);
    }

    @Override
    public void vacuum(Session session, TableName table) {
        real.vacuum(session, table);
    }

    @Override
    public ColumnWidths widths(Session session, TableFacts table) {
        return real.widths(real(session), table);
    }

    @Override
    public long mostOfOneValue(Session session, TableFacts table, String column) {
        return real.mostOfOneValue(real(session), table, column);
    }

    @Override
    public List<Double> averageBytes(Session session, String table) {
        return real.averageBytes(real(session), table);
    }

    @Override
    public Survey survey(Session session) {
        return real.survey(real(session));
    }

    @Override
    public DataSource dataSource() {
        return real.dataSource();
    }

    private static Session real(Session session) {
        return session instanceof FaultSession faulty ? faulty.real() : session;
    }
}
