package io.backhoe.ledger;

import io.backhoe.value.Key;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonToken;
import tools.jackson.core.json.JsonFactory;

/** A key as the ledger stores it: a JSON array of texts. Read and written without data binding, which is slow to get ready. Thread-safe. */
public final class KeyText {
    private static final JsonFactory JSON = new JsonFactory();
    private static final String NO_KEY = "the ledger holds a key that is no array of texts";

    private KeyText() {}

    /** Null for none. */
    public static @Nullable String write(@Nullable Key key) {
        return key == null ? null : array(key.values());
    }

    static String array(List<String> texts) {
        var array = new StringWriter();
        try (var json = JSON.createGenerator(array)) {
            json.writeStartArray();
            texts.forEach(json::writeString);
            json.writeEndArray();
        }
        return array.toString();
    }

    /**
     * Null for none.
     *
     * @throws IllegalStateException when it is no array of texts
     */
    public static @Nullable Key read(@Nullable String text) {
        if (text == null) {
            return null;
        }
        try (var json = JSON.createParser(text)) {
            var texts = new ArrayList<String>();
            expect(json.nextToken() == JsonToken.START_ARRAY);
            while (json.nextToken() != JsonToken.END_ARRAY) {
                expect(json.currentToken() == JsonToken.VALUE_STRING);
                texts.add(json.getString());
            }
            expect(json.nextToken() == null);
            return new Key(texts);
        } catch (JacksonException e) {
            throw new IllegalStateException(NO_KEY, e);
        }
    }

    private static void expect(boolean is) {
        if (!is) {
            throw new IllegalStateException(NO_KEY);
        }
    }
}
