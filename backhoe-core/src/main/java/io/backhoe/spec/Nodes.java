package io.backhoe.spec;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** Maps, lists and texts as if they had been read from a file, but without a place in one. */
final class Nodes {
    private Nodes() {}

    static Section section(Map<String, ? extends @Nullable Object> keys, Problems problems) {
        return new Section(mapping(keys), "", problems);
    }

    private static MappingNode mapping(Map<?, ? extends @Nullable Object> keys) {
        var tuples = new ArrayList<NodeTuple>();
        keys.forEach((key, value) -> tuples.add(new NodeTuple(scalar(key), node(value))));
        return new MappingNode(Tag.MAP, tuples, FlowStyle.BLOCK);
    }

    private static Node node(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            return mapping(map);
        } else if (value instanceof List<?> list) {
            return new SequenceNode(Tag.SEQ, list.stream().map(Nodes::node).toList(), FlowStyle.FLOW);
        }
        return scalar(value);
    }

    /** In quotes, so that no text is taken for something else; what is null is an empty text. */
    private static Node scalar(@Nullable Object value) {
        return new ScalarNode(Tag.STR, value == null ? "" : value.toString(), ScalarStyle.DOUBLE_QUOTED);
    }
}
