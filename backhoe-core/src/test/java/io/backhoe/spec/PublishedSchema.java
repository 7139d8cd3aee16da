package io.backhoe.spec;

import com.networknt.schema.Error;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The schema that editors use, and what it says of a file. */
public final class PublishedSchema {
    private static final JsonMapper JSON = new JsonMapper();
    private static final JsonNode SCHEMA = read();

    private PublishedSchema() {}

    /** What an editor would mark in this YAML, read as editors read it (YAML 1.2, JSON types). */
    public static List<String> problems(String yaml) {
        Object document =
                new Load(LoadSettings.builder().setBufferSize(yaml.length() + 2).build()).loadFromString(yaml);
        return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(SCHEMA)
                .validate(JSON.<JsonNode>valueToTree(document))
                .stream()
                .map(Error::toString)
                .toList();
    }

    /**
     * The keys by path, without maps of free keys.
     *
     * @param without keys that the schema marks so are left out: {@code plan}, {@code spec}, or nothing
     */
    public static Map<String, Set<String>> keys(String without) {
        var keys = new TreeMap<String, Set<String>>();
        collect(SCHEMA.at("/properties/backfill"), "", without, keys);
        return keys;
    }

    /** The keys that an editor has nothing to say about. */
    static Set<String> undescribed() {
        var undescribed = new TreeSet<String>();
        for (JsonNode properties : SCHEMA.findValues("properties")) {
            properties.forEachEntry((key, value) -> {
                if (!value.has("description")) {
                    undescribed.add(key);
                }
            });
        }
        undescribed.remove("name"); // of a check
        return undescribed;
    }

    private static void collect(JsonNode node, String path, String without, Map<String, Set<String>> keys) {
        if (node.has("items")) {
            collect(node.get("items"), path + "[]", without, keys);
        }
        if (!node.has("properties")) {
            return;
        }
        keys.put(path, new TreeSet<>());
        node.get("properties").forEachEntry((key, value) -> {
            if (without.isEmpty() || !value.path("$comment").asString("").equals(without)) {
                Objects.requireNonNull(keys.get(path)).add(key);
                collect(value, path.isEmpty() ? key : path + "." + key, without, keys);
            }
        });
    }

    private static JsonNode read() {
        try (InputStream in = SpecFile.class.getResourceAsStream("backfill.schema.json")) {
            return JSON.readTree(Objects.requireNonNull(in).readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
