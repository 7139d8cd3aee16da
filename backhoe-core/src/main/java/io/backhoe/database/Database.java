package io.backhoe.database;

import io.backhoe.value.ChunkExtent;
import io.backhoe.value.ChunkRange;
import io.backhoe.value.Key;
import io.backhoe.value.TableName;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A database that holds a table to be backfilled. Thread-safe. Methods throw {@code BackhoeException} where a person
 * can mend it (server not reachable, table not there), {@link DatabaseException} otherwise.
 */
public interface Database {
    /** For messages: where this is, without a secret. */
    String describe();

    /**
     * Opens a session.
     *
     * @param settings session settings to pin, over the ones every session has; in order
     */
    Session open(String applicationName, Map<String, String> settings);

    /**
     * Refuses when this program cannot have so many sessions at the same time; may open and close them to find out.
     *
     * @throws io.backhoe.value.BackhoeException REFUSED {@code pool_too_small}
     */
    default void refuseFewer(int sessions) {}

    ServerFacts server(Session session);

    /**
     * Reads what is true of a table.
     *
     * @throws io.backhoe.value.BackhoeException when there is no such table, or it is of a kind that cannot be filled
     */
    TableFacts table(Session session, TableName name);

    /**
     * What the session's user lacks to fill these columns and to keep a ledger: for each right the statement that grants
     * it, for a DBA to run. Empty when nothing is missing.
     */
    List<String> missingRights(Session session, TableFacts table, Set<String> columns);

    /** As above, for all that batches of this shape and their undo do. */
    List<String> missingRights(Session session, TableFacts table, BatchShape shape);

    /**
     * The columns that a query yields, in their order. Executes nothing of it.
     *
     * @throws io.backhoe.value.BackhoeException with code {@code query_invalid} and the server's own words
     */
    List<String> columns(Session session, String query);

    /**
     * What the server believes that a statement costs, in its own units. Executes nothing.
     */
    double cost(Session session, String sql, Map<String, ? extends @Nullable String> parameters);

    /** What inserting and deleting rows of a table sets off elsewhere. */
    SetOff setsOff(Session session, TableName table);

    /**
     * Asks the server to plan the write, without running it, so that a misspelt column or a wrong type is found now.
     *
     * @throws io.backhoe.value.BackhoeException with code {@code expression_invalid} and the server's own words, naming
     *     the piece of SQL that is at fault
     */
    void verify(Session session, TableFacts table, BatchShape shape);

    /**
     * The volatile functions that the shape's SQL calls directly and views behind it call, such as {@code
     * random()}. Must be called outside of a transaction, on a server that takes writes; leaves nothing behind.
     */
    List<String> volatileFunctions(Session session, BatchShape shape);

    /**
     * What the shape's expressions read, column by column. Must be called outside of a transaction, on a server that takes
     * writes; leaves nothing behind.
     */
    Lineage lineage(Session session, BatchShape shape);

    /** Where the session is, and what these tables have as columns; one that is not there is left out. Reads only. */
    TableSchemas schemas(Session session, Collection<TableName> tables);

    /**
     * The statements for a batch of this shape on this server.
     *
     * @throws io.backhoe.value.BackhoeException with code {@code column_not_settable} or {@code column_not_found}
     */
    BatchSql sql(ServerFacts server, TableFacts table, BatchShape shape);

    /**
     * The statements of batches whose rows are given to a function; what they set is what it makes of them.
     *
     * @param shape each column that it sets, to whatever
     * @param reads what it is given of a row besides the key, in order
     * @throws io.backhoe.value.BackhoeException when a column is not there, or cannot be set
     */
    BatchSql sqlOfRows(ServerFacts server, TableFacts table, BatchShape shape, List<String> reads);

    /**
     * As {@link #sql}, for a function that does the work: it stands between statements that see what it has done.
     *
     * @param shape sets each column to itself
     */
    BatchSql sqlAroundCall(TableFacts table, BatchShape shape);

    /**
     * The queries by which checks look at a backfill of this shape.
     *
     * @param mayChange columns that a batch may change besides those that it sets, as by a trigger
     */
    CheckSql checkSql(TableFacts table, BatchShape shape, Set<String> mayChange);

    /**
     * The queries by which rows that there are to be are compared with those that are there.
     *
     * @param shape has a source
     */
    GapSql gapSql(TableFacts table, BatchShape shape);

    /**
     * The queries by which an undo looks at what it restores.
     *
     * @param shape keeps before-images
     */
    UndoSql undoSql(TableFacts table, BatchShape shape);

    /**
     * What the server expects each of the extents to hold, from its statistics; their keys are not looked at.
     *
     * @param column the chunk column; null where no extent has dates
     */
    List<Long> estimateRows(Session session, TableName table, @Nullable ColumnFacts column, List<ChunkExtent> extents);

    /**
     * What the extents hold, by counting the live rows of some pages: it owes nothing to statistics, and dead rows do not
     * count. Reads only, for five seconds at most; must be called outside of a transaction.
     *
     * @param extents their dates ascend and do not overlap; none to count the table alone
     * @return empty when there was no time for it
     */
    Optional<SampledRows> sampleRows(
            Session session, TableName table, @Nullable ColumnFacts column, List<ChunkExtent> extents);

    /**
     * The partitions that can hold rows of the range, in the order of the server's own plan, with the rows that it expects
     * in each; empty when the table is not partitioned.
     *
     * @param range null for all rows
     */
    Map<TableName, Long> partitions(
            Session session, TableName table, @Nullable ColumnFacts column, @Nullable ChunkRange range);

    /**
     * Keys that cut extents into parts of about equal size, by a sample of the table's pages. Cuts are in the order of the
     * walk, and the server's order is the only one there is. A part too small for the sample to see is left out.
     *
     * @param extents their dates do not overlap and ascend, or there is one extent a partition
     * @param parts as many as extents; into how many parts, at least 1
     * @return for each extent at most one key less than parts
     */
    List<List<Key>> cuts(Session session, BatchShape shape, List<ChunkExtent> extents, List<Integer> parts);

    /**
     * How the server would execute a statement, with these values. Executes nothing.
     *
     * @param table the table that the statement is about
     * @param column the column of it that a batch is a range of, first of all
     */
    QueryPlan explain(
            Session session,
            TableName table,
            String column,
            String sql,
            Map<String, ? extends @Nullable String> parameters);

    /** Executes a statement that writes, in the caller's transaction, and measures it. */
    Measured measure(Session session, TableName table, String sql, Map<String, ? extends @Nullable String> parameters);

    Sizes sizes(Session session, TableName table);

    /**
     * Makes the room of dead rows free for new ones; nobody has to wait for it. Outside of a transaction.
     *
     * @throws DatabaseException LOCK_TIMEOUT when somebody has a lock that is in its way: it was not done
     */
    void vacuum(Session session, TableName table);

    /**
     * What the rows of a table that the session sees take up, on average: each column in order, nothing for a null, and
     * at last the whole row with its header. Reads all of the table; empty when it has no rows.
     *
     * @param table as it stands in statements
     */
    List<Double> averageBytes(Session session, String table);

    /** Apart from what is true of the table, which is asked more often and has to be cheap. */
    ColumnWidths widths(Session session, TableFacts table);

    /**
     * How many rows hold the most frequent value of a column, by the statistics; -1 where there are none.
     *
     * @param column its name
     */
    long mostOfOneValue(Session session, TableFacts table, String column);

    /** What can be seen before anything is done; of the session, and for as long as it is open. */
    Survey survey(Session session);

    /** For the ledger's migrations, and nothing else. */
    DataSource dataSource();
}
