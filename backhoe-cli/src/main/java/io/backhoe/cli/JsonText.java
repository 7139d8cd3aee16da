package io.backhoe.cli;

import java.io.OutputStream;
import java.io.StringWriter;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.PrettyPrinter;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.DefaultPrettyPrinter;

/**
 * Writes documents of maps, lists, texts, numbers, booleans and nulls as JSON. Without data binding, which takes a quarter of
 * the time of a short command to get ready.
 */
final class JsonText {
    private static final JsonFactory JSON =
            JsonFactory.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();

    private JsonText() {}

    /** On one line. */
    static String line(Object value) {
        var text = new StringWriter();
        try (var json = JSON.createGenerator(text)) {
            write(json, value);
        }
        return text.toString();
    }

    /** Over many lines, for people, and piece by piece. Leaves the stream open. */
    static void page(OutputStream to, Object value) {
        try (var json = JSON.createGenerator(new Indented(), to)) {
            write(json, value);
        }
    }

    private static void write(JsonGenerator json, @Nullable Object value) {
        if (value == null) {
            json.writeNull();
        } else if (value instanceof Map<?, ?> map) {
            json.writeStartObject();
            map.forEach((name, of) -> {
                json.writeName(String.valueOf(name));
                write(json, of);
            });
            json.writeEndObject();
        } else if (value instanceof Iterable<?> list) {
            json.writeStartArray();
            list.forEach(item -> write(json, item));
            json.writeEndArray();
        } else if (value instanceof CharSequence text) {
            json.writeString(text.toString());
        } else if (value instanceof Boolean truth) {
            json.writeBoolean(truth);
        } else if (value instanceof Double || value instanceof Float) {
            json.writeNumber(((Number) value).doubleValue());
        } else if (value instanceof Long || value instanceof Integer) {
            json.writeNumber(((Number) value).longValue());
        } else {
            throw new IllegalArgumentException("a document cannot hold a " + value.getClass());
        }
    }

    /** A line for each name, and for each item of a list that is not short. */
    private static final class Indented extends ObjectWriteContext.Base {
        private final PrettyPrinter printer = new DefaultPrettyPrinter();

        @Override
        public PrettyPrinter getPrettyPrinter() {
            return printer;
        }

        @Override
        public boolean hasPrettyPrinter() {
            return true;
        }
    }
}
