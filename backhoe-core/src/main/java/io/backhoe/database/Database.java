package io.backhoe.database;

import io.backhoe.value.ChunkRange;
import io.backhoe.value.TableName;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;

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

    /**
     * Asks the server to plan the write, without running it, so that a misspelt column or a wrong type is found now.
     *
     * @throws io.backhoe.value.BackhoeException with code {@code expression_invalid} and the server's own words, naming
     *     the piece of SQL that is at fault
     */
    void verify(Session session, TableFacts table, BatchShape shape);

    /**
     * The volatile functions that the shape's SQL calls directly (not what a view behind it calls), such as {@code
     * random()}. Must be called outside of a transaction, on a server that takes writes; leaves nothing behind.
     */
    List<String> volatileFunctions(Session session, BatchShape shape);

    /**
     * The statements for a batch of this shape on this server.
     *
     * @throws io.backhoe.value.BackhoeException with code {@code column_not_settable} or {@code column_not_found}
     */
    BatchSql sql(ServerFacts server, TableFacts table, BatchShape shape);

    /** What the server expects each of the chunks to hold, from its statistics. */
    List<Long> estimateRows(Session session, BatchShape shape, List<ChunkRange> ranges);

    /** What can be seen before anything is done; of the session, and for as long as it is open. */
    Survey survey(Session session);

    /** For the ledger's migrations, and nothing else. */
    DataSource dataSource();
}
