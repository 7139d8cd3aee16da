package io.backhoe.postgres;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was said about a connection, by the names that libpq has for it. Whoever speaks first is heard; an empty text
 * says nothing. Not thread-safe.
 */
final class Given {
    private final Map<String, Setting> settings = new LinkedHashMap<>();

    void add(String source, String name, @Nullable String value) {
        if (value != null && !value.isEmpty()) {
            settings.putIfAbsent(name, new Setting(value, source));
        }
    }

    void add(String source, Map<String, String> values) {
        values.forEach((name, value) -> add(source, name, value));
    }

    @Nullable
    Setting get(String name) {
        return settings.get(name);
    }

    Map<String, Setting> all() {
        return settings;
    }
}
