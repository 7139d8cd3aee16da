package io.backhoe.transform;

import io.backhoe.value.ChunkRange;
import io.backhoe.value.KeyRange;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link BatchFunction} is to do now. The simplest use of it is {@link #update}:
 *
 * <pre>{@code
 * (range, connection) -> range.update(connection, "UPDATE {table} SET n = n + 1 WHERE {rows}")
 * }</pre>
 *
 * @param chunk its id, as reports show it
 * @param dates the chunk's range of the date column, in the server's text form; null where chunks have no dates
 * @param keys the batch's stretch in the order of the walk, in the server's text form
 * @param rows how many rows lie in it; those that need no change are among them
 * @param where which they are, in SQL
 */
public record BatchRange(long runId, String chunk, @Nullable ChunkRange dates, KeyRange keys, long rows, Rows where) {
    /** The table as {@link #condition()} knows it, for FROM or UPDATE: {@code shop.orders}. */
    public String table() {
        return where.table();
    }

    /**
     * The rows that are to be changed, as an SQL condition with a {@code ?} for each of its values: the range of the batch,
     * the spec's {@code where}, and, with {@code preserve_existing}, that a value is missing. Columns in it are qualified by
     * the table's name.
     */
    public String condition() {
        return where.condition();
    }

    /**
     * Gives the condition its values.
     *
     * @param first the place of its first question mark among all of the statement's, counted from 1
     * @return the place after its last
     */
    public int bind(PreparedStatement statement, int first) throws SQLException {
        int place = first;
        for (String value : where.values()) {
            // Without a type: the SQL around it says what it is.
            statement.setObject(place++, value, Types.OTHER);
        }
        return place;
    }

    /**
     * A statement about the rows of the batch, ready to be executed.
     *
     * @param sql holds <code>{rows}</code> once, and <code>{table}</code> where the table is named; no question marks
     */
    public PreparedStatement prepare(Connection connection, String sql) throws SQLException {
        int at = sql.indexOf("{rows}");
        if (at < 0 || at != sql.lastIndexOf("{rows}")) {
            throw new IllegalArgumentException("the statement has to hold {rows} once: " + sql);
        }
        PreparedStatement statement = connection.prepareStatement(
                sql.replace("{table}", table()).replace("{rows}", "(" + condition() + "\n)"));
        bind(statement, 1);
        return statement;
    }

    /**
     * Executes a statement as {@link #prepare} takes it.
     *
     * @return the rows that it wrote
     */
    public long update(Connection connection, String sql) throws SQLException {
        try (PreparedStatement statement = prepare(connection, sql)) {
            return statement.executeLargeUpdate();
        }
    }
}
