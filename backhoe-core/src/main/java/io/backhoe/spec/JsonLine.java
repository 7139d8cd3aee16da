package io.backhoe.spec;

import java.util.Map;
import java.util.OptionalLong;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** A JSON object in a line, which is YAML as well. */
public final class JsonLine {
    private JsonLine() {}

    /** The whole number at a key of the object itself; empty when there is none, or this is no object. */
    public static OptionalLong number(String line, String key) {
        try {
            Object read = new Load(LoadSettings.builder().build()).loadFromString(line);
            Object value = read instanceof Map<?, ?> map ? map.get(key) : null;
            return value instanceof Integer || value instanceof Long
                    ? OptionalLong.of(((Number) value).longValue())
                    : OptionalLong.empty();
        } catch (YamlEngineException e) {
            return OptionalLong.empty();
        }
    }
}
