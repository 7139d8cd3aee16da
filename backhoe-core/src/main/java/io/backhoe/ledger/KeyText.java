package io.backhoe.ledger;

import io.backhoe.value.Key;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** A key as the ledger stores it: a JSON array of texts. */
final class KeyText {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final TypeReference<List<String>> TEXTS = new TypeReference<>() {};

    private KeyText() {}

    static @Nullable String write(@Nullable Key key) {
        return key == null ? null : array(key.values());
    }

    static String array(List<String> texts) {
        return JSON.writeValueAsString(texts);
    }

    static @Nullable Key read(@Nullable String text) {
        return text == null ? null : new Key(JSON.readValue(text, TEXTS));
    }
}
