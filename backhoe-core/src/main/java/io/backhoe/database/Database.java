package io.backhoe.database;

import io.backhoe.value.ChunkRange;
import io.backhoe.value.TableName;
import java.util.Map;
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

    /** @throws io.backhoe.value.BackhoeException when there is no such table, or it is of a kind that cannot be filled */
    TableFacts table(Session session, TableName name);

    /** The statements for a batch of this shape on this server. */
    BatchSql sql(ServerFacts server, TableFacts table, BatchShape shape);

    /** What the server expects a chunk to hold, from its statistics. */
    long estimateRows(Session session, BatchShape shape, ChunkRange range);

    /** For the ledger's migrations, and nothing else. */
    DataSource dataSource();
}
