package io.backhoe.database;

import io.backhoe.value.TableName;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One session of the server, with its settings pinned. Values travel as text, in and out, and SQL casts them: Java
 * never interprets a value of the user's table. Parameters are written {@code :name} in the SQL and only those names
 * that are keys of the map are parameters, so that colons, casts and question marks in a user's own SQL stay.
 *
 * <p>Not thread-safe, except {@link #cancel()} and {@link #abandon()}. Every method throws {@link DatabaseException}.
 */
public interface Session extends AutoCloseable {
    /** How much of others' work a transaction may see. */
    enum Isolation {
        READ_COMMITTED,
        REPEATABLE_READ,
        READ_ONLY
    }

    /** Starts a transaction; outside of one, each statement commits by itself. */
    void begin(Isolation isolation);

    void commit();

    /** Ends the transaction without its effects; does nothing when there is none, and never throws. */
    void rollback();

    List<Row> query(String sql, Map<String, ? extends @Nullable String> parameters);

    /**
     * Whether one of these tables, or of their partitions, was rewritten, emptied or replaced after the snapshot of the open
     * REPEATABLE READ transaction was taken: what the snapshot shows of it is then nothing, or not what is there (PostgreSQL's
     * manual, "MVCC caveats"). True answers stay true, and false ones too for tables that the transaction has read.
     */
    boolean outdates(Set<TableName> tables);

    /** Runs a statement that writes, and returns the number of rows that it wrote. */
    long update(String sql, Map<String, ? extends @Nullable String> parameters);

    /**
     * Writes what a COPY ... TO STDOUT says, streaming. What the stream throws, this throws, an {@link IOException} as
     * {@link UncheckedIOException}; the open transaction is then of no more use.
     *
     * @return how many rows
     */
    long copyOut(String sql, OutputStream to);

    /**
     * Gives a COPY ... FROM STDIN all of a stream. What the stream throws, this throws, as {@link #copyOut}.
     *
     * @return how many rows
     */
    long copyIn(String sql, InputStream from);

    /** Runs statements that take no parameters, such as DDL. */
    void execute(String sql);

    /**
     * The connection of the open transaction, not in autocommit, for somebody who brings statements of their own. Who has it
     * must neither end the transaction nor close the connection; to be given back by {@link #reclaim()}.
     */
    Connection lend();

    /** Refuses to go on (STATEMENT) when the transaction has failed, or is another, since {@link #lend()}. */
    void reclaim();

    /**
     * What an error on a lent connection means.
     *
     * @param elapsed how long the statement had run
     */
    DatabaseException classify(SQLException error, Duration elapsed);

    /** Names the session for everybody who looks at the server's activity. */
    void label(String applicationName);

    /** The server's process number of this session. */
    int processId();

    /** Asks the server to end the statement that runs now, from another thread. */
    void cancel();

    /** Cuts the connection from another thread, without a word to the server. */
    void abandon();

    @Override
    void close();
}
