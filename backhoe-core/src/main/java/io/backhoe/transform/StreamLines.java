package io.backhoe.transform;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The rows of a batch as lines of JSON, and a last line that says how many they were. Whole numbers and booleans are such in JSON, and of
 * what is no key real and double precision are; all else is text in the server's form, which loses nothing.
 */
final class StreamLines {
    private static final JsonMapper JSON = new JsonMapper();

    private final List<InputRow> rows;

    StreamLines(List<InputRow> rows) {
        this.rows = rows;
    }

    void write(OutputStream to) throws IOException {
        var out = new BufferedOutputStream(to);
        for (InputRow row : rows) {
            var line = JSON.createObjectNode();
            var columns = row.columns();
            int keys = columns.keys().size();
            put(line.putObject("key"), row, 0, keys);
            put(line.putObject("row"), row, keys, columns.size());
            out.write((JSON.writeValueAsString(line) + "\n").getBytes(StandardCharsets.UTF_8));
        }
        out.write(("{\"end\":" + rows.size() + "}\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
        to.flush();
    }

    private static void put(ObjectNode into, InputRow row, int from, int to) {
        var columns = row.columns();
        for (int i = from; i < to; i++) {
            boolean key = i < columns.keys().size();
            put(into, columns.name(i), columns.types().get(i), row.texts().get(i), key);
        }
    }

    private static void put(ObjectNode into, String name, String type, @Nullable String text, boolean key) {
        if (text == null) {
            into.putNull(name);
            return;
        }
        switch (type) {
            case "smallint", "integer", "bigint" -> into.put(name, Long.parseLong(text));
            case "boolean" -> into.put(name, text.startsWith("t"));
            case "real", "double precision" -> {
                if (key || text.equals("NaN") || text.endsWith("Infinity")) {
                    into.put(name, text);
                } else {
                    into.put(name, new BigDecimal(text));
                }
            }
            default -> into.put(name, text);
        }
    }
}
