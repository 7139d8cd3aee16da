package io.backhoe.transform;

import io.backhoe.database.DatabaseException;
import io.backhoe.database.ErrorKind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a program answers for the rows of a batch, in whatever order: one line for each. Confined to one thread at a time. */
final class StreamAnswers {
    /** What a program must not say. */
    static final class Wrong extends IOException {
        private static final long serialVersionUID = 1L;

        Wrong(String what) {
            super(what);
        }
    }

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private final List<String> keys;
    private final Map<List<@Nullable String>, Integer> places = new HashMap<>();
    private final @Nullable RowResult[] results;
    private final Consumer<String> log;
    /** Also read by who waits for the answers. */
    private volatile int answered;

    private int errors;

    /** @param log for what may hold values, and is not said elsewhere */
    StreamAnswers(List<InputRow> rows, Consumer<String> log) {
        this.keys = rows.get(0).columns().keys();
        this.results = new RowResult[rows.size()];
        this.log = log;
        for (int i = 0; i < rows.size(); i++) {
            places.put(rows.get(i).texts().subList(0, keys.size()), i);
        }
    }

    boolean complete() {
        return answered == results.length;
    }

    /** For whoever looks for what it does wrong. */
    String counted() {
        return String.format(
                Locale.ROOT, "it was asked for %,d rows, and had answered %,d of them", results.length, answered);
    }

    /** Of a batch that is complete. */
    void more(String line) throws Wrong {
        throw wrong("answered more than it was asked", line);
    }

    /** @throws Wrong when the line is no answer to any of the rows, or the second to one */
    void add(String line) throws Wrong {
        JsonNode answer = object(line);
        Integer place = places.get(key(answer, line));
        if (place == null) {
            throw wrong("answered for a key that is not of this batch", line);
        } else if (results[place] != null) {
            throw wrong("answered twice for the same key", line);
        }
        results[place] = result(answer, line);
        answered = answered + 1;
    }

    private JsonNode object(String line) throws Wrong {
        try {
            JsonNode read = JSON.readTree(line);
            if (read.isObject()) {
                return read;
            }
        } catch (JacksonException e) {
            throw wrong("said a line on its output that is not JSON", line);
        }
        throw wrong("said a line on its output that is no JSON object", line);
    }

    private List<@Nullable String> key(JsonNode answer, String line) throws Wrong {
        JsonNode key = answer.path("key");
        if (!key.isObject()) {
            throw wrong("answered without a key", line);
        }
        var values = new ArrayList<@Nullable String>();
        keys.forEach(column -> values.add(text(key.path(column))));
        return values;
    }

    private RowResult result(JsonNode answer, String line) throws Wrong {
        boolean skips = answer.path("skip").booleanValue(false);
        JsonNode set = answer.path("set");
        boolean fails = answer.has("error");
        if ((skips ? 1 : 0) + (set.isObject() ? 1 : 0) + (fails ? 1 : 0) != 1) {
            throw wrong("answered for a row with neither or several of set, skip and error", line);
        }
        if (fails) {
            errors++;
            log.accept(line);
        }
        if (!set.isObject()) {
            return RowResult.leave();
        }
        var values = new LinkedHashMap<String, @Nullable Object>();
        set.forEachEntry((column, value) -> values.put(column, text(value)));
        return RowResult.set(values);
    }

    /** As the server reads it; of what has parts its JSON. */
    private static @Nullable String text(JsonNode value) {
        if (value.isNull() || value.isMissingNode()) {
            return null;
        } else if (value.isNumber() || value.isBoolean()) {
            return SqlValue.write(value.isIntegralNumber() ? value.bigIntegerValue() : number(value));
        }
        return value.isString() ? value.stringValue() : value.toString();
    }

    private static Object number(JsonNode value) {
        return value.isBoolean() ? value.booleanValue() : value.decimalValue();
    }

    private Wrong wrong(String what, String line) {
        log.accept(line);
        return new Wrong(what);
    }

    /**
     * For each row, in order; when all are answered.
     *
     * @throws DatabaseException BAD_ROW when it says of one that it cannot be done
     */
    List<RowResult> results() {
        if (errors > 0) {
            throw new DatabaseException(
                    ErrorKind.BAD_ROW,
                    Guard.STATE,
                    "the command says of " + errors + " of " + results.length
                            + " rows that they cannot be done; why is in the run's log of it",
                    null,
                    null);
        }
        return Arrays.stream(results).map(Objects::requireNonNull).toList();
    }
}
