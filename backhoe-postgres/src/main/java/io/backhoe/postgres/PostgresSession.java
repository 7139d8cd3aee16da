package io.backhoe.postgres;

import io.backhoe.database.DatabaseException;
import io.backhoe.database.ErrorKind;
import io.backhoe.database.NamedSql;
import io.backhoe.database.Row;
import io.backhoe.database.Session;
import io.backhoe.value.TableName;
import io.backhoe.value.Time;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;

/** A session over one JDBC connection, which stays in autocommit: BEGIN and COMMIT are statements like others. */
final class PostgresSession implements Session {
    private static final Duration SILENCE = Duration.ofSeconds(20);

    // In milliseconds. Not from pg_settings, which writes out each of the server's 400 settings and takes a
    // millisecond.
    private static final String STATEMENT_TIMEOUT =
            "CAST(extract(epoch FROM CAST(current_setting('statement_timeout') AS interval)) * 1000 AS bigint)";

    private final Connection connection;
    private final Loan loan;
    private final Time time;
    private final ReadStatements read = new ReadStatements();
    private final int processId;
    private final boolean pooled;
    private Duration statementTimeout = Duration.ZERO;
    private boolean statementTimeoutMayHaveChanged;
    private boolean inTransaction;
    private volatile boolean busy;
    private volatile boolean stopped;
    private boolean lent;
    private boolean everLent;
    private volatile boolean gone;

    /** Held while the connection is cut or handed on: who comes late must not meet who has it next. */
    private final Object ending = new Object();

    private volatile boolean cancelled;
    private volatile boolean over;

    /**
     * Pins the settings. The session owns the connection from here on, also when this throws.
     *
     * @param loan what is owed to who has the connection after it
     */
    PostgresSession(Connection connection, Loan loan, String applicationName, Map<String, String> settings, Time time) {
        this.connection = connection;
        this.loan = loan;
        this.time = time;
        try {
            int announced = connection.unwrap(PGConnection.class).getBackendPID();
            loan.taken(this, connection, SessionSettings.names(settings));
            var pinned = SessionSettings.pin(applicationName, settings);
            select(pinned.sql(), pinned.values());
            Row self = select("SELECT pg_backend_pid(), " + STATEMENT_TIMEOUT, Map.of())
                    .get(0);
            processId = (int) self.number(0);
            pooled = announced != processId;
            statementTimeout = Duration.ofMillis(self.number(1));
            if (!statementTimeout.isZero()) {
                // A network that has gone silent must not look like a statement that takes its time.
                connection.setNetworkTimeout(
                        Runnable::run, (int) statementTimeout.plus(SILENCE).toMillis());
            }
        } catch (SQLException e) {
            close();
            throw ErrorClassifier.classify(e, Duration.ZERO, Duration.ZERO);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** A pooler makes up a process number when it greets us; the server's own is another. */
    boolean pooled() {
        return pooled;
    }

    /** By which it was connected to; may hold a secret. */
    String url() {
        try {
            return connection.getMetaData().getURL();
        } catch (SQLException e) {
            throw ErrorClassifier.classify(e, Duration.ZERO, Duration.ZERO);
        }
    }

    boolean inTransaction() {
        return inTransaction;
    }

    @Override
    public void begin(Isolation isolation) {
        if (inTransaction) {
            throw new IllegalStateException("a transaction is open");
        }
        run(
                switch (isolation) {
                    case READ_COMMITTED -> "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE";
                    case REPEATABLE_READ -> "BEGIN ISOLATION LEVEL REPEATABLE READ READ WRITE";
                    // Not one snapshot for all: a long one would keep vacuum from its work.
                    case READ_ONLY -> "BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY";
                });
        inTransaction = true;
    }

    @Override
    public boolean outdates(Set<TableName> tables) {
        return OutdatedSnapshot.of(this, tables);
    }

    @Override
    public void commit() {
        refuseFailed();
        inTransaction = false;
        run("COMMIT");
        returned();
        rereadStatementTimeout();
    }

    /** The server answers COMMIT with ROLLBACK where a statement has failed, and the driver takes that for success. */
    private void refuseFailed() {
        boolean failed =
                timed(() -> connection.unwrap(BaseConnection.class).getTransactionState() == TransactionState.FAILED);
        if (failed) {
            rollback();
            throw new DatabaseException(
                    ErrorKind.STATEMENT,
                    "25P02",
                    "a statement of this transaction has failed, so it was rolled back (SQLSTATE 25P02)",
                    null,
                    null);
        }
    }

    @Override
    public void rollback() {
        if (!inTransaction) {
            return;
        }
        inTransaction = false;
        try {
            run("ROLLBACK");
            returned();
            rereadStatementTimeout();
        } catch (RuntimeException e) {
            // A transaction that may still be open holds locks: without a connection it cannot.
            abandon();
        }
    }

    @Override
    public List<Row> query(String sql, Map<String, ? extends @Nullable String> parameters) {
        List<Row> rows = select(sql, parameters);
        watchTimeout(sql);
        return rows;
    }

    private List<Row> select(String sql, Map<String, ? extends @Nullable String> parameters) {
        return timed(() -> {
            try (PreparedStatement statement = prepare(sql, parameters);
                    ResultSet result = statement.executeQuery()) {
                return rows(result);
            }
        });
    }

    /** What a statement would yield, by name. It is looked at by the server, and not executed. */
    List<String> columns(String sql) {
        return timed(() -> {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                var described = statement.getMetaData();
                var names = new ArrayList<String>();
                for (int i = 1; described != null && i <= described.getColumnCount(); i++) {
                    names.add(described.getColumnName(i));
                }
                return names;
            }
        });
    }

    @Override
    public long update(String sql, Map<String, ? extends @Nullable String> parameters) {
        return timed(() -> {
            try (PreparedStatement statement = prepare(sql, parameters)) {
                return statement.executeLargeUpdate();
            }
        });
    }

    @Override
    public long copyOut(String sql, OutputStream to) {
        return timed(() -> {
            try {
                return connection.unwrap(PGConnection.class).getCopyAPI().copyOut(sql, to);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    @Override
    public long copyIn(String sql, InputStream from) {
        return timed(() -> {
            try {
                return connection.unwrap(PGConnection.class).getCopyAPI().copyIn(sql, from);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    @Override
    public void execute(String sql) {
        run(sql);
        watchTimeout(sql);
    }

    /** For VACUUM, which passes over a table that it may not have with a warning. */
    void refuseWarning(String sql) {
        timed(() -> {
            try (Statement statement = connection.createStatement()) {
                statement.execute(sql);
                ErrorClassifier.refuseSkipped(statement.getWarnings());
                return true;
            }
        });
    }

    @Override
    public Connection lend() {
        if (!inTransaction) {
            throw new IllegalStateException("no transaction is open");
        }
        lent = true;
        everLent = true;
        return timed(() -> {
            // With a transaction open already, this neither begins nor ends one; cursors and savepoints need it.
            connection.setAutoCommit(false);
            return connection;
        });
    }

    @Override
    public void reclaim() {
        TransactionState state =
                timed(() -> connection.unwrap(BaseConnection.class).getTransactionState());
        if (state != TransactionState.OPEN) {
            throw new DatabaseException(
                    ErrorKind.STATEMENT,
                    state == TransactionState.FAILED ? "25P02" : "2D000",
                    state == TransactionState.FAILED
                            ? "a statement of the function has failed, and the function went on; the batch was rolled back"
                            : "the function has ended the transaction that it was called in",
                    null,
                    null);
        }
    }

    /** After the end of a transaction that was lent: with none open, this commits nothing. */
    private void returned() {
        if (lent) {
            lent = false;
            timed(() -> {
                connection.setAutoCommit(true);
                return true;
            });
        }
    }

    @Override
    public DatabaseException classify(SQLException error, Duration elapsed) {
        return gone
                ? new DatabaseException(
                        ErrorKind.CONNECTION_LOST, "08003", "the connection was cut (SQLSTATE 08003)", null, error)
                : ErrorClassifier.classify(error, elapsed, statementTimeout);
    }

    @Override
    public void label(String applicationName) {
        query("SELECT set_config('application_name', :name, false)", Map.of("name", applicationName));
    }

    @Override
    public int processId() {
        return processId;
    }

    @Override
    public void cancel() {
        synchronized (ending) {
            if (over) {
                return;
            }
            // From now on it is not kept for another session, so that the wish may take its time.
            cancelled = true;
        }
        try {
            connection.unwrap(PGConnection.class).cancelQuery();
        } catch (SQLException e) {
            throw ErrorClassifier.classify(e, Duration.ZERO, Duration.ZERO);
        }
    }

    /**
     * Lets it begin no further statement, and asks the server to end the one that runs now; from another thread.
     *
     * @return whether there was one
     */
    boolean stop() {
        stopped = true;
        boolean running = busy;
        if (running) {
            cancel();
        }
        return running;
    }

    @Override
    public void abandon() {
        synchronized (ending) {
            if (over) {
                return;
            }
            gone = true;
            try {
                connection.abort(Runnable::run);
                loan.lost(connection);
            } catch (SQLException e) {
                throw ErrorClassifier.classify(e, Duration.ZERO, Duration.ZERO);
            }
        }
    }

    @Override
    public void close() {
        rollback();
        if (gone || over) {
            return;
        }
        try {
            loan.restore(this, connection);
            handOn();
        } catch (SQLException | DatabaseException e) {
            // Whose it is must not get it back with our settings.
            abandon();
        }
    }

    /** Whether nobody else has had a hand on its connection, and nobody wished to stop what it was doing. */
    boolean isOursAlone() {
        return !everLent && !cancelled && !stopped;
    }

    private void handOn() throws SQLException {
        synchronized (ending) {
            if (!gone) {
                loan.handOn(this, connection);
                over = true;
            }
        }
    }

    private void run(String sql) {
        timed(() -> {
            try (Statement statement = connection.createStatement()) {
                return statement.execute(sql);
            }
        });
    }

    /** Values go without a type, so that the SQL around them says what they are, also for NULL. */
    private PreparedStatement prepare(String sql, Map<String, ? extends @Nullable String> parameters)
            throws SQLException {
        NamedSql named = read.of(sql, parameters.keySet());
        PreparedStatement statement = connection.prepareStatement(named.jdbc());
        int at = 1;
        for (String name : named.parameters()) {
            statement.setObject(at++, parameters.get(name), Types.OTHER);
        }
        return statement;
    }

    private static List<Row> rows(ResultSet result) throws SQLException {
        var rows = new ArrayList<Row>();
        int columns = result.getMetaData().getColumnCount();
        while (result.next()) {
            var values = new ArrayList<@Nullable String>(columns);
            for (int i = 1; i <= columns; i++) {
                values.add(result.getString(i));
            }
            rows.add(new Row(values));
        }
        return rows;
    }

    /** Whether a cancelled statement ran into its timeout can only be told by who knows the timeout. */
    private void watchTimeout(String sql) {
        if (sql.contains("statement_timeout")) {
            readStatementTimeout();
            statementTimeoutMayHaveChanged = inTransaction;
        }
    }

    private void rereadStatementTimeout() {
        if (statementTimeoutMayHaveChanged) {
            statementTimeoutMayHaveChanged = false;
            readStatementTimeout();
        }
    }

    private void readStatementTimeout() {
        statementTimeout = Duration.ofMillis(
                select("SELECT " + STATEMENT_TIMEOUT, Map.of()).get(0).number(0));
    }

    private interface Work<T extends @Nullable Object> {
        T run() throws SQLException;
    }

    private <T> T timed(Work<T> work) {
        long start = time.nanos();
        busy = true;
        try {
            refuseEnded();
            return work.run();
        } catch (SQLException e) {
            throw classify(e, Duration.ofNanos(time.nanos() - start));
        } finally {
            busy = false;
        }
    }

    private void refuseEnded() {
        if (over) {
            throw new DatabaseException(
                    ErrorKind.CONNECTION_LOST, "08003", "the session is closed (SQLSTATE 08003)", null, null);
        }
        if (stopped) {
            throw new DatabaseException(ErrorKind.STATEMENT, "57014", "this session was told to stop", null, null);
        }
    }
}
