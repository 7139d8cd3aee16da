package io.backhoe.postgres;

import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/** Connections of a source that somebody else owns, such as a pool. It may make others wait, so nobody waits for long. */
final class PoolSource implements Source {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final DataSource pool;
    private final Duration patience;

    PoolSource(DataSource pool) {
        this(pool, PATIENCE);
    }

    PoolSource(DataSource pool, Duration patience) {
        this.pool = pool;
        this.patience = patience;
    }

    @Override
    public Connection connect() {
        Connection connection = borrow();
        try {
            if (connection.isWrapperFor(PGConnection.class)) {
                return connection;
            }
            connection.close();
        } catch (SQLException e) {
            throw explain(e);
        }
        throw new BackhoeException(
                ExitCode.USAGE,
                "not_postgresql",
                "The DataSource gives connections that are not those of PostgreSQL's driver.",
                "Give it org.postgresql:postgresql, and a pool that lets unwrap through.");
    }

    /** On a thread of its own: a pool may let its callers wait for ever, and would not hear them being interrupted. */
    private Connection borrow() {
        var borrowed = new CompletableFuture<Connection>();
        var thread = new Thread(() -> borrowInto(borrowed), "backhoe-connect");
        thread.setDaemon(true);
        thread.start();
        try {
            return borrowed.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw lateConnection(borrowed, exhausted(null));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw lateConnection(
                    borrowed,
                    new BackhoeException(
                            ExitCode.STOPPED, "interrupted", "Interrupted while waiting for a connection.", null, e));
        } catch (ExecutionException e) {
            throw e.getCause() instanceof SQLException error
                    ? explain(error)
                    : new IllegalStateException("the DataSource failed", e.getCause());
        }
    }

    private void borrowInto(CompletableFuture<Connection> borrowed) {
        try {
            Connection connection = pool.getConnection();
            if (!borrowed.complete(connection)) {
                connection.close();
            }
        } catch (SQLException | RuntimeException e) {
            borrowed.completeExceptionally(e);
        }
    }

    /** What comes after nobody waits any more goes back at once. */
    private BackhoeException lateConnection(CompletableFuture<Connection> borrowed, BackhoeException why) {
        if (!borrowed.completeExceptionally(why) && !borrowed.isCompletedExceptionally()) {
            try {
                borrowed.join().close();
            } catch (SQLException e) {
                why.addSuppressed(e);
            }
        }
        return why;
    }

    @Override
    public BackhoeException explain(SQLException error) {
        return error.getSQLState() == null || error.getSQLState().startsWith("08")
                ? exhausted(error)
                : new BackhoeException(
                        ExitCode.UNREACHABLE,
                        "server_unreachable",
                        "No connection from the DataSource: " + ErrorClassifier.message(error),
                        "see whether the program can connect by itself",
                        error);
    }

    private BackhoeException exhausted(@Nullable SQLException error) {
        return new BackhoeException(
                ExitCode.UNREACHABLE,
                "no_connection",
                "The DataSource gave no connection"
                        + (error == null
                                ? " within " + patience.toSeconds() + " s."
                                : ": " + ErrorClassifier.message(error)),
                "see whether the server is reachable, and whether all connections of the pool are in use",
                error);
    }

    @Override
    public Loan loan() {
        return new PoolLoan();
    }

    @Override
    public Optional<String> givenPassword() {
        return Optional.empty();
    }

    @Override
    public DataSource dataSource() {
        return pool;
    }

    /** Has them all at once for a moment: no pool tells how many there are to be had. */
    @Override
    public void refuseFewer(int connections) {
        var held = new ArrayList<Connection>();
        try {
            while (held.size() < connections) {
                held.add(borrow());
            }
        } catch (BackhoeException e) {
            if (held.isEmpty() || e.exit() != ExitCode.UNREACHABLE) {
                throw e;
            }
            throw new BackhoeException(
                    ExitCode.REFUSED,
                    "pool_too_small",
                    "The DataSource gave " + held.size() + " of " + connections
                            + " connections: a run needs one for each worker and two more, or three with a"
                            + " throttle.probe, all at the same time. Nothing was changed.",
                    "Make the pool larger by that many, or strategy.parallelism smaller.",
                    e);
        } finally {
            held.forEach(this::giveBack);
        }
    }

    private void giveBack(Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            // The pool's own matter: nothing was done with it.
            throw new IllegalStateException("a connection of the DataSource could not be given back", e);
        }
    }

    @Override
    public String userName() {
        return "";
    }

    @Override
    public String sources() {
        return "from a DataSource";
    }

    @Override
    public String toString() {
        return "the program's DataSource";
    }
}
