package io.backhoe.cli;

import io.backhoe.spec.Pacing;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How a plan says that its run gives way, for people. */
final class PacingLines {
    private PacingLines() {}

    /** By key, as in the file; what is not said is not there. */
    static Map<String, String> keys(Pacing pacing) {
        var keys = new LinkedHashMap<String, String>();
        put(keys, "policy", pacing.policy() == null ? null : pacing.policy().word());
        put(keys, "run_between", pacing.runBetween());
        put(keys, "deadline", pacing.deadline());
        put(keys, "canary", pacing.canary() == null ? null : pacing.canary() + " %");
        var throttle = pacing.throttle();
        throttle.limits().forEach((name, limit) -> put(keys, "throttle." + name.word(), name.written(limit)));
        var probe = throttle.probe();
        if (probe != null) {
            put(keys, "throttle.probe.query", probe.query());
            put(keys, "throttle.probe.limit_ms", probe.limitMillis());
            put(keys, "throttle.probe.max", probe.most());
        }
        if (!throttle.ignoreReplicas().isEmpty()) {
            put(keys, "throttle.ignore_replicas", String.join(", ", throttle.ignoreReplicas()));
        }
        put(keys, "throttle.vacuum", throttle.vacuum());
        return keys;
    }

    private static void put(Map<String, String> keys, String key, @Nullable Object value) {
        if (value != null) {
            keys.put(key, value.toString());
        }
    }

    /** {@code gentle; canary 1.0 %}. */
    static String line(Pacing pacing) {
        String rest = keys(pacing).entrySet().stream()
                .filter(e -> !e.getKey().equals("policy"))
                .map(e -> "; " + e.getKey() + " " + e.getValue())
                .collect(Collectors.joining());
        return pacing.effectivePolicy().word() + rest;
    }
}
