package io.backhoe.notify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.openlineage.client.OpenLineage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * An event, read by the classes that OpenLineage generates from its schema, which no artifact holds itself: what they do not
 * know is refused, what they require has to be there, and written again it is the same.
 */
record OpenLineageEvent(OpenLineage.RunEvent event, JsonNode json) {
    private static final ObjectMapper THEIRS = new ObjectMapper()
            .registerModule(new JavaTimeModule())
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .setSerializationInclusion(JsonInclude.Include.NON_NULL);

    static OpenLineageEvent read(String text) {
        try {
            var event = THEIRS.readValue(text, OpenLineage.RunEvent.class);
            var read = new OpenLineageEvent(event, Body.JSON.readTree(text));
            read.refuseWhatIsMissing();
            refuseWhatIsUnknown(event);
            read.refuseWhatIsLost();
            return read;
        } catch (JsonProcessingException e) {
            throw new AssertionError("not an event: " + text, e);
        }
    }

    private void refuseWhatIsMissing() {
        assertThat(event.getEventType()).isNotNull();
        assertThat(event.getEventTime()).isNotNull();
        assertThat(event.getProducer().isAbsolute()).isTrue();
        assertThat(event.getSchemaURL().isAbsolute()).isTrue();
        assertThat(event.getRun().getRunId()).isNotNull();
        assertThat(event.getJob().getNamespace()).isNotBlank();
        assertThat(event.getJob().getName()).isNotBlank();
        event.getInputs().forEach(OpenLineageEvent::refuseNameless);
        event.getOutputs().forEach(OpenLineageEvent::refuseNameless);
        JsonNode plan = json.at("/run/facets/backhoe_plan");
        assertThat(SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                        .getSchema(planSchema())
                        .validate(plan))
                .isEmpty();
    }

    private static JsonNode planSchema() {
        try {
            return Body.JSON.readTree(Files.readString(Path.of("..", "docs", "BackhoePlanRunFacet.json")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void refuseNameless(OpenLineage.Dataset dataset) {
        assertThat(dataset.getNamespace()).isNotBlank();
        assertThat(dataset.getName()).isNotBlank();
    }

    /** Also what they keep aside because a facet may be extended; a facet of one's own has a prefix. */
    private static void refuseWhatIsUnknown(@Nullable Object node) {
        if (node instanceof Collection<?> list) {
            list.forEach(OpenLineageEvent::refuseWhatIsUnknown);
        } else if (node instanceof Map<?, ?> map) {
            map.values().forEach(OpenLineageEvent::refuseWhatIsUnknown);
        } else if (node != null
                && node.getClass().getEnclosingClass() == OpenLineage.class
                && !(node instanceof Enum)) {
            for (Method getter : node.getClass().getMethods()) {
                if (getter.getName().startsWith("get") && getter.getParameterCount() == 0) {
                    look(node, getter);
                }
            }
        }
    }

    private static void look(Object node, Method getter) {
        Object value = get(node, getter);
        boolean free = node instanceof OpenLineage.ColumnLineageDatasetFacetFields
                || node instanceof OpenLineage.DefaultRunFacet;
        switch (getter.getName()) {
            case "getAdditionalProperties" -> {
                var keys = value instanceof Map<?, ?> map ? map.keySet() : Set.of();
                if (!free) {
                    assertThat(keys).as("of %s", node.getClass()).allMatch(key -> key.equals("backhoe_plan"));
                }
                refuseWhatIsUnknown(value);
            }
            case "get_producer", "get_schemaURL" -> assertThat(value).isNotNull();
            case "getClass" -> {} // every object's
            default -> refuseWhatIsUnknown(value);
        }
    }

    private static @Nullable Object get(Object node, Method getter) {
        try {
            return getter.invoke(node);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(getter.toString(), e);
        }
    }

    /** Their own facets carry the schema that the classes were made of, so that is compared too. */
    private void refuseWhatIsLost() throws JsonProcessingException {
        var again = (ObjectNode) Body.JSON.readTree(THEIRS.writeValueAsString(event));
        var ours = (ObjectNode) json.deepCopy();
        for (var tree : new ObjectNode[] {again, ours}) {
            tree.remove("eventTime");
            ((ObjectNode) tree.at("/run/facets")).remove("backhoe_plan");
        }
        assertThat(again).isEqualTo(ours);
    }

    /** What the facet columnLineage says of a column: {@code name.field}, in order; null where it says nothing. */
    @Nullable
    String madeOf(String column) {
        JsonNode fields = json.at("/outputs/0/facets/columnLineage/fields").get(column);
        return fields == null ? null : fields(fields.get("inputFields"));
    }

    /** What it says of the whole data set. */
    String decidedBy() {
        return fields(json.at("/outputs/0/facets/columnLineage/dataset"));
    }

    private static String fields(JsonNode fields) {
        var text = new StringBuilder();
        fields.forEach(field -> {
            text.append(text.isEmpty() ? "" : ", ");
            text.append(field.get("name").asString())
                    .append('.')
                    .append(field.get("field").asString());
            if (field.has("transformations")) {
                text.append(' ').append(field.at("/transformations/0/subtype").asString());
            }
        });
        return text.toString();
    }
}
