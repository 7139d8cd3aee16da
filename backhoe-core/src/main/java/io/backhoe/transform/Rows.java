package io.backhoe.transform;

import io.backhoe.database.BatchSql;
import io.backhoe.database.NamedSql;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a batch, as they are named in a statement of one's own.
 *
 * @param table the table, or the partition that the chunk is, by the name that the condition knows it by
 * @param condition with a {@code ?} for each value
 * @param values in the order of the question marks, in the server's text form; null is an open end
 */
public record Rows(String table, String condition, List<@Nullable String> values) {
    public Rows {
        values = Collections.unmodifiableList(new ArrayList<>(values));
    }

    /** @param parameters of the batch, by name */
    public static Rows of(BatchSql.Call sql, Map<String, @Nullable String> parameters) {
        NamedSql named = NamedSql.of(sql.rows(), parameters.keySet());
        var values = new ArrayList<@Nullable String>();
        named.parameters().forEach(name -> values.add(parameters.get(name)));
        return new Rows(sql.target(), named.jdbc(), values);
    }
}
