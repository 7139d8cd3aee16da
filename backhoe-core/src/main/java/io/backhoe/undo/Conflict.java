package io.backhoe.undo;

import io.backhoe.value.Key;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A row that the run wrote and that somebody, or a later run, has changed or deleted since. It holds values of the user's table, for
 * whoever asks and for nobody else.
 *
 * @param chunk the chunk's id
 * @param there whether the row is still there
 * @param laterRun the later run that was the last to write it; null when nobody knows of one
 * @param values of the columns that the run set, in the order of the plan
 */
public record Conflict(
        String chunk, Key key, boolean there, @Nullable Long laterRun, List<Value> values) {
    /** A column: what the run wrote, what is there now, what was there before; in the server's text form. */
    public record Value(
            String column,
            @Nullable String written,
            @Nullable String present,
            @Nullable String before) {}

    public Conflict {
        values = List.copyOf(values);
    }
}
