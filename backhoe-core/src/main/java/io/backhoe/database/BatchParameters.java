package io.backhoe.database;

import io.backhoe.value.ChunkRange;
import io.backhoe.value.Key;
import io.backhoe.value.KeyRange;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the statements of {@link BatchSql} are given, but for the rows of a batch; they do not rest. */
public final class BatchParameters {
    /** Index columns that a table may have, at most (PostgreSQL's INDEX_MAX_KEYS); names without a place in the SQL are spare. */
    private static final int MOST_KEYS = 32;

    private BatchParameters() {}

    /**
     * For a stretch of a chunk; a new map each time.
     *
     * @param chunk its number
     * @param dates null where it has none
     */
    public static Map<String, @Nullable String> of(int chunk, @Nullable ChunkRange dates, KeyRange keys) {
        var parameters = new HashMap<String, @Nullable String>();
        parameters.put("chunk", Integer.toString(chunk));
        parameters.put("chunk_start", dates == null ? null : dates.start());
        parameters.put("chunk_end", dates == null ? null : dates.end());
        parameters.putAll(BatchSql.WITHOUT_RESTS);
        put(parameters, "after_", keys.after());
        put(parameters, "upto_", keys.upTo());
        return parameters;
    }

    /** For all keys of these dates, where no chunk is made yet. */
    public static Map<String, @Nullable String> of(@Nullable ChunkRange dates) {
        return of(0, dates, KeyRange.ALL);
    }

    private static void put(Map<String, @Nullable String> parameters, String prefix, @Nullable Key key) {
        for (int i = 0; i < MOST_KEYS; i++) {
            parameters.put(
                    prefix + (i + 1),
                    key == null || i >= key.values().size()
                            ? null
                            : key.values().get(i));
        }
    }
}
