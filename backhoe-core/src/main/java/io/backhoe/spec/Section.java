package io.backhoe.spec;

import io.backhoe.value.Spelling;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/**
 * A map of a file, read key by key. The keys that are known are those that were asked for, so that what is read and
 * what is accepted cannot differ. Not thread-safe.
 */
public final class Section {
    private record Entry(Node key, Value value) {}

    private final Node node;
    private final String path;
    private final Problems problems;
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final Set<String> asked = new LinkedHashSet<>();
    private final Set<String> refused = new LinkedHashSet<>();
    private boolean free;

    Section(MappingNode node, String path, Problems problems) {
        this.node = node;
        this.path = path;
        this.problems = problems;
        for (NodeTuple tuple : node.getValue()) {
            add(tuple.getKeyNode(), tuple.getValueNode());
        }
    }

    private void add(Node key, Node value) {
        if (!(key instanceof ScalarNode scalar)) {
            problems.add(key, path, "a key is a single word", null);
            return;
        }
        String name = scalar.getValue();
        var entry = new Entry(key, new Value(value, below(name), problems));
        Entry first = entries.putIfAbsent(name, entry);
        if (first != null) {
            int line = first.key.getStartMark().map(m -> m.getLine() + 1).orElse(0);
            problems.add(key, below(name), "this key was already given in line " + line, null);
        }
    }

    /** What stands at a key, or null. */
    public @Nullable Value value(String key) {
        asked.add(key);
        Entry entry = entries.get(key);
        return entry == null ? null : entry.value;
    }

    public <T> @Nullable T read(String key, Function<Value, @Nullable T> how) {
        Value value = value(key);
        return value == null ? null : how.apply(value);
    }

    /** As {@link #read}; a key that is not there is a problem. */
    public <T> @Nullable T require(String key, Function<Value, @Nullable T> how) {
        Value value = value(key);
        if (value == null) {
            problems.add(node, below(key), "is required", null);
            return null;
        }
        return how.apply(value);
    }

    public <T> T readOr(T otherwise, String key, Function<Value, @Nullable T> how) {
        T read = read(key, how);
        return read == null ? otherwise : read;
    }

    public List<Value> items(String key) {
        return readOr(List.of(), key, Value::items);
    }

    /** Every key, in the order of the file, for maps whose keys are the user's own. */
    public Map<String, Value> free() {
        free = true;
        var all = new LinkedHashMap<String, Value>();
        entries.forEach((name, entry) -> all.put(name, entry.value));
        return all;
    }

    /** Notes a problem at what stands at a key. */
    public void problem(String key, String message) {
        Entry entry = entries.get(key);
        if (entry == null) {
            problems.add(node, below(key), message, null);
        } else {
            entry.value.problem(message);
        }
    }

    /** Notes a problem at each of these keys at which something stands. */
    void problemBeside(List<String> keys, String message) {
        for (String key : keys) {
            Value value = value(key);
            if (value != null && !value.isEmpty()) {
                problem(key, message);
            }
        }
    }

    /** Notes a problem at a key that must not be there. */
    void refuse(String key, String message) {
        refused.add(key);
        Entry entry = entries.get(key);
        if (entry != null) {
            problems.add(entry.key, below(key), message, null);
        }
    }

    /** Notes a problem at each key, here and below, that nobody asked for. */
    void close() {
        entries.forEach((name, entry) -> {
            entry.value.opened().forEach(Section::close);
            if (!free && !asked.contains(name) && !refused.contains(name)) {
                problems.add(entry.key, below(name), "unknown key", Spelling.nearest(name, asked));
            }
        });
    }

    /**
     * The keys that were asked for so far, here and below, by path ({@code execution.chunks[]}); maps of free keys are
     * left out.
     */
    public Map<String, Set<String>> asked() {
        var all = new TreeMap<String, Set<String>>();
        if (!free) {
            all.put(path.replaceAll("\\[\\d+]", "[]"), new TreeSet<>(asked));
        }
        entries.values().stream()
                .flatMap(entry -> entry.value.opened())
                .forEach(child -> child.asked()
                        .forEach((at, keys) ->
                                all.computeIfAbsent(at, p -> new TreeSet<>()).addAll(keys)));
        return all;
    }

    private String below(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }
}
