package io.backhoe.bench;

import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** What people write by hand: UPDATEs over two sessions, one after the other, without a pause. */
final class RawSql implements HarmSubject {
    private static final int SESSIONS = 2;
    private static final int ROWS = 2_000;

    private final String name;
    private final String url;
    private final List<List<String>> statements;
    private final AtomicLong rows = new AtomicLong();
    private final List<Statement> open = new CopyOnWriteArrayList<>();
    private final CountDownLatch ended = new CountDownLatch(SESSIONS);
    private volatile boolean stopped;
    private volatile long begun;
    private volatile long last;

    private RawSql(String name, String url, List<String> all) {
        this.name = name;
        this.url = url;
        this.statements = new ArrayList<>();
        for (int session = 0; session < SESSIONS; session++) {
            var own = new ArrayList<String>();
            for (int i = session; i < all.size(); i += SESSIONS) {
                own.add(all.get(i));
            }
            statements.add(own);
        }
    }

    static RawSql byMonth(String url) {
        return new RawSql("raw SQL, a month at a time", url, FillCase.JOIN.byMonth());
    }

    static RawSql byRows(String url, long orders) {
        return new RawSql("raw SQL, 2,000 rows at a time", url, FillCase.JOIN.byIds(orders, ROWS));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void start() {
        begun = System.nanoTime();
        for (List<String> own : statements) {
            var thread = new Thread(() -> work(own), "raw");
            thread.setDaemon(true);
            thread.start();
        }
    }

    private void work(List<String> own) {
        try (var connection = BenchOrders.connect(url);
                var statement = connection.createStatement()) {
            open.add(statement);
            for (String sql : own) {
                if (stopped) {
                    return;
                }
                rows.addAndGet(statement.executeUpdate(sql));
            }
            last = System.nanoTime();
        } catch (SQLException e) {
            if (!stopped) {
                throw new IllegalStateException(e);
            }
        } finally {
            ended.countDown();
        }
    }

    @Override
    public long rows() {
        return rows.get();
    }

    @Override
    public double await(double seconds) throws InterruptedException {
        boolean done = ended.await((long) (seconds * 1000), TimeUnit.MILLISECONDS);
        return done ? (last - begun) / 1e9 : 0;
    }

    @Override
    public void stop() throws SQLException, InterruptedException {
        stopped = true;
        for (Statement statement : open) {
            statement.cancel();
        }
        ended.await();
    }
}
