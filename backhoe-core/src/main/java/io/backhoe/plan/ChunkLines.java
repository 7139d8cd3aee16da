package io.backhoe.plan;

import io.backhoe.spec.Moment;
import io.backhoe.value.ChunkExtent;
import io.backhoe.value.ChunkRange;
import io.backhoe.value.Key;
import io.backhoe.value.KeyRange;
import io.backhoe.value.TableName;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The chunks of a plan, a line each. A line is YAML and, after its dash, JSON as well: a YAML reader keeps a mark for each
 * of its words, which for a hundred thousand chunks is more memory than a command should take, so they are read as JSON.
 * Lines that are not as they were written here are left to the YAML reader, which says what is wrong with them.
 */
final class ChunkLines {
    private static final String HEAD = "    chunks:\n";
    private static final String START = "      - {";
    private static final Set<String> KNOWN =
            Set.of("id", "date_range", "range", "after", "upto", "partition", "estimated_rows");
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    /** @param rest the text without its chunks, line for line */
    record Taken(String rest, List<PlannedChunk> chunks) {}

    private ChunkLines() {}

    static String write(PlannedChunk chunk) {
        var line = new StringBuilder("- {\"id\": ").append(YamlText.inQuotes(chunk.id()));
        if (chunk.start() != null && chunk.end() != null) {
            list(line, "date_range", List.of(Moment.text(chunk.start()), Moment.text(chunk.end())));
        }
        ChunkExtent extent = chunk.extent();
        if (extent.dates() != null) {
            list(line, "range", List.of(extent.dates().start(), extent.dates().end()));
        }
        if (extent.keys().after() != null) {
            list(line, "after", extent.keys().after().values());
        }
        if (extent.keys().upTo() != null) {
            list(line, "upto", extent.keys().upTo().values());
        }
        if (extent.partition() != null) {
            line.append(", \"partition\": ")
                    .append(YamlText.inQuotes(extent.partition().toString()));
        }
        return line.append(", \"estimated_rows\": ")
                .append(chunk.estimatedRows())
                .append('}')
                .toString();
    }

    private static void list(StringBuilder line, String key, List<String> values) {
        line.append(", \"").append(key).append("\": ");
        line.append(values.stream().map(YamlText::inQuotes).collect(Collectors.joining(", ", "[", "]")));
    }

    /** The text of a plan up to its chunks; a text that has none as it is. */
    static String without(String text) {
        int head = text.indexOf("\n" + HEAD + START) + 1;
        return head == 0 ? text : text.substring(0, head);
    }

    /** Takes the chunks out of the text of a plan; empty when they are not at its end as they were written. */
    static Optional<Taken> take(String text) {
        int head = text.lastIndexOf("\n" + HEAD) + 1;
        if (head == 0) {
            return Optional.empty();
        }
        var chunks = new ArrayList<PlannedChunk>();
        int at = head + HEAD.length();
        while (text.startsWith(START, at)) {
            int end = text.indexOf('\n', at);
            PlannedChunk chunk = end < 0 ? null : read(text.substring(at + START.length() - 1, end));
            if (chunk == null) {
                return Optional.empty();
            }
            chunks.add(chunk);
            at = end + 1;
        }
        if (at < text.length() || chunks.isEmpty()) {
            return Optional.empty();
        }
        String rest = text.substring(0, head) + "    chunks: []\n";
        return Optional.of(new Taken(rest, List.copyOf(chunks)));
    }

    private static @Nullable PlannedChunk read(String json) {
        try {
            JsonNode line = JSON.readTree(json);
            if (!KNOWN.containsAll(line.propertyNames())
                    || !line.path("id").isString()
                    || !line.path("estimated_rows").isIntegralNumber()) {
                return null;
            }
            List<String> dates = pair(line, "date_range");
            List<String> range = pair(line, "range");
            var keys = new KeyRange(key(texts(line, "after")), key(texts(line, "upto")));
            JsonNode partition = line.path("partition");
            return new PlannedChunk(
                    line.path("id").asString(),
                    moment(dates, 0),
                    moment(dates, 1),
                    new ChunkExtent(
                            range == null ? null : new ChunkRange(range.get(0), range.get(1)),
                            keys,
                            partition.isMissingNode() ? null : TableName.parse(partition.asString())),
                    line.path("estimated_rows").asLong());
        } catch (JacksonException | IllegalArgumentException | IndexOutOfBoundsException e) {
            return null;
        }
    }

    private static @Nullable LocalDateTime moment(@Nullable List<String> dates, int place) {
        return dates == null ? null : Moment.parse(dates.get(place));
    }

    private static @Nullable Key key(@Nullable List<String> values) {
        return values == null ? null : new Key(values);
    }

    private static @Nullable List<String> pair(JsonNode line, String key) {
        List<String> pair = texts(line, key);
        if (pair != null && pair.size() != 2) {
            throw new IllegalArgumentException(key + " is no pair");
        }
        return pair;
    }

    private static @Nullable List<String> texts(JsonNode line, String key) {
        JsonNode list = line.path(key);
        if (list.isMissingNode()) {
            return null;
        }
        var texts = new ArrayList<String>();
        for (JsonNode item : list) {
            if (!item.isString()) {
                throw new IllegalArgumentException(key + " holds something else than texts");
            }
            texts.add(item.asString());
        }
        return texts;
    }
}
