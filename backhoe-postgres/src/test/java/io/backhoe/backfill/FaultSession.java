package io.backhoe.backfill;

import io.backhoe.database.DatabaseException;
import io.backhoe.database.Row;
import io.backhoe.database.Session;
import io.backhoe.value.TableName;
import java.io.InputStream;
import java.io.OutputStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A real session whose calls a {@link FaultDatabase} lets through, or not. */
final class FaultSession implements Session {
    private final FaultDatabase database;
    private final Session real;
    private final String name;
    private volatile boolean gone;
    private volatile boolean inBatch;

    FaultSession(FaultDatabase database, Session real, String name) {
        this.database = database;
        this.real = real;
        this.name = name;
    }

    Session real() {
        return real;
    }

    String name() {
        return name;
    }

    /** Whether its transaction has moved the position of a segment. */
    boolean isInBatch() {
        return inBatch;
    }

    /** Cuts the connection. */
    void cut() {
        gone = true;
        real.abandon();
    }

    /** Cuts this end off, and leaves the server's end to somebody else. */
    void leave() {
        gone = true;
    }

    @Override
    public void begin(Isolation isolation) {
        inBatch = false;
        call("BEGIN", () -> real.begin(isolation));
    }

    @Override
    public void commit() {
        call("COMMIT", real::commit);
    }

    @Override
    public void rollback() {
        if (!gone) {
            real.rollback();
        }
    }

    @Override
    public boolean outdates(Set<TableName> tables) {
        var answer = new AtomicBoolean();
        call("outdates", () -> answer.set(real.outdates(tables)));
        return answer.get();
    }

    @Override
    public List<Row> query(String sql, Map<String, ? extends @Nullable String> parameters) {
        var rows = new AtomicReference<List<Row>>(List.of());
        call(sql, () -> rows.set(real.query(sql, parameters)));
        return rows.get();
    }

    @Override
    public long update(String sql, Map<String, ? extends @Nullable String> parameters) {
        var count = new AtomicReference<Long>(0L);
        call(sql, () -> count.set(real.update(sql, parameters)));
        inBatch |= sql.contains("UPDATE backhoe.segment") && sql.contains("position = :position");
        return count.get();
    }

    @Override
    public long copyOut(String sql, OutputStream to) {
        var count = new AtomicReference<Long>(0L);
        call(sql, () -> count.set(real.copyOut(sql, to)));
        return count.get();
    }

    @Override
    public long copyIn(String sql, InputStream from) {
        var count = new AtomicReference<Long>(0L);
        call(sql, () -> count.set(real.copyIn(sql, from)));
        return count.get();
    }

    @Override
    public void execute(String sql) {
        call(sql, () -> real.execute(sql));
    }

    @Override
    public Connection lend() {
        return real.lend();
    }

    @Override
    public void reclaim() {
        call("reclaim", real::reclaim);
    }

    @Override
    public DatabaseException classify(SQLException error, Duration elapsed) {
        return gone ? FaultDatabase.lost() : real.classify(error, elapsed);
    }

    @Override
    public void label(String applicationName) {
        call("label", () -> real.label(applicationName));
    }

    @Override
    public int processId() {
        return real.processId();
    }

    @Override
    public void cancel() {
        if (!gone) {
            real.cancel();
        }
    }

    @Override
    public void abandon() {
        if (!gone) {
            cut();
        }
    }

    @Override
    public void close() {
        if (!gone) {
            gone = true;
            real.close();
        }
    }

    private void call(String what, Runnable work) {
        if (gone) {
            throw FaultDatabase.lost();
        }
        database.call(this, what, work);
    }
}
