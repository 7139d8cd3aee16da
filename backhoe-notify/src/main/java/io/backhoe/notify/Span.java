package io.backhoe.notify;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * A span of a trace, as OTLP 1.x has it in JSON (opentelemetry.io/docs/specs/otlp, "JSON Protobuf Encoding"): ids in hex, 64-bit
 * numbers as strings.
 *
 * @param parent the id of the span that it is in; null for the run's own
 * @param attributes texts, and whole numbers
 * @param error why it did not end well, in a word; null when it did
 */
record Span(
        String trace,
        String id,
        @Nullable String parent,
        String name,
        Instant start,
        Instant end,
        Map<String, Object> attributes,
        @Nullable String error) {
    private static final int INTERNAL = 1;
    private static final int OK = 1;
    private static final int ERROR = 2;

    /** A new id of so many bytes; never all zeros, which would mean none. */
    static String newId(int bytes) {
        byte[] id = new byte[bytes];
        ThreadLocalRandom.current().nextBytes(id);
        id[0] |= 1;
        return HexFormat.of().formatHex(id);
    }

    Object json() {
        var span = new LinkedHashMap<String, Object>();
        span.put("traceId", trace);
        span.put("spanId", id);
        if (parent != null) {
            span.put("parentSpanId", parent);
        }
        span.put("name", name);
        span.put("kind", INTERNAL);
        span.put("startTimeUnixNano", nanos(start));
        span.put("endTimeUnixNano", nanos(end));
        span.put("attributes", attributes(attributes));
        span.put("status", error == null ? Map.of("code", OK) : Map.of("code", ERROR, "message", error));
        return span;
    }

    /** What is sent at once. */
    static Object json(String service, List<Span> spans) {
        var scope = Map.of(
                "scope",
                Map.of("name", "io.backhoe"),
                "spans",
                spans.stream().map(Span::json).toList());
        var resource = Map.of("attributes", attributes(Map.of("service.name", service)));
        return Map.of("resourceSpans", List.of(Map.of("resource", resource, "scopeSpans", List.of(scope))));
    }

    private static List<Object> attributes(Map<String, Object> attributes) {
        var list = new ArrayList<Object>();
        attributes.forEach((key, value) -> list.add(Map.of(
                "key",
                key,
                "value",
                value instanceof Number number
                        ? Map.of("intValue", Long.toString(number.longValue()))
                        : Map.of("stringValue", value.toString()))));
        return list;
    }

    private static String nanos(Instant instant) {
        return Long.toString(instant.getEpochSecond() * 1_000_000_000 + instant.getNano());
    }
}
