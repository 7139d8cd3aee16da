package io.backhoe.ledger;

import io.backhoe.database.Row;
import io.backhoe.value.Policy;
import io.backhoe.value.SignalName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What somebody changes of a run's pace; it changes nothing else.
 *
 * @param workers how many there may be, 1 to 64; null leaves it
 * @param batchTime how long a batch may take, 10 ms to 60 s; null leaves it
 * @param policy how much it gives way; null leaves it
 * @param limits of signals; one that is not here stays
 */
public record Tuning(
        @Nullable Integer workers,
        @Nullable Duration batchTime,
        @Nullable Policy policy,
        Map<SignalName, Double> limits) {
    public static final int MOST_WORKERS = 64;
    public static final Duration SHORTEST = Duration.ofMillis(10);
    public static final Duration LONGEST = Duration.ofSeconds(60);
    public static final Tuning NONE = new Tuning(null, null);

    public Tuning {
        if (workers != null && (workers < 1 || workers > MOST_WORKERS)) {
            throw new IllegalArgumentException("workers are 1 to " + MOST_WORKERS + ", not " + workers);
        }
        if (batchTime != null && (batchTime.compareTo(SHORTEST) < 0 || batchTime.compareTo(LONGEST) > 0)) {
            throw new IllegalArgumentException("a batch may take 10 ms to 60 s, not " + batchTime.toMillis() + " ms");
        }
        var sorted = new EnumMap<SignalName, Double>(SignalName.class);
        sorted.putAll(limits);
        limits = Collections.unmodifiableMap(sorted);
    }

    /** Of workers and batches alone. */
    public Tuning(@Nullable Integer workers, @Nullable Duration batchTime) {
        this(workers, batchTime, null, Map.of());
    }

    static Tuning of(Row row, int at) {
        String workers = row.text(at);
        String batchMillis = row.text(at + 1);
        String policy = row.text(at + 2);
        String limits = row.text(at + 3);
        return new Tuning(
                workers == null ? null : Integer.valueOf(workers),
                batchMillis == null ? null : Duration.ofMillis(Long.parseLong(batchMillis)),
                policy == null ? null : Policy.of(policy).orElseThrow(() -> unknown("policy", policy)),
                limits == null ? Map.of() : limits(limits));
    }

    private static Map<SignalName, Double> limits(String text) {
        var limits = new EnumMap<SignalName, Double>(SignalName.class);
        for (String each : text.split(" ")) {
            String[] parts = each.split("=", 2);
            var name = SignalName.of(parts[0]).orElseThrow(() -> unknown("signal", parts[0]));
            limits.put(name, name.limit(parts[1]));
        }
        return limits;
    }

    /** A newer program has written it: what it wants is not known here, and is not passed over. */
    private static IllegalStateException unknown(String what, String word) {
        return new IllegalStateException("the " + what + " '" + word + "' in the ledger is not known here");
    }

    /** This, where the other says nothing. */
    Tuning then(Tuning other) {
        var all = new EnumMap<SignalName, Double>(SignalName.class);
        all.putAll(limits);
        all.putAll(other.limits);
        return new Tuning(
                other.workers == null ? workers : other.workers,
                other.batchTime == null ? batchTime : other.batchTime,
                other.policy == null ? policy : other.policy,
                all);
    }

    /** {@code policy balanced, 4 workers, batches of 250 ms, replica_lag 10 s}. */
    @Override
    public String toString() {
        List<String> said = new ArrayList<>();
        if (policy != null) {
            said.add("policy " + policy.word());
        }
        if (workers != null) {
            said.add(workers + (workers == 1 ? " worker" : " workers"));
        }
        if (batchTime != null) {
            said.add("batches of " + batchTime.toMillis() + " ms");
        }
        limits.forEach((name, limit) -> said.add(name.word() + " " + name.shown(limit)));
        return said.isEmpty() ? "as planned" : String.join(", ", said);
    }

    /** As the columns of the ledger hold it. */
    Map<String, @Nullable String> parameters() {
        var parameters = new HashMap<String, @Nullable String>();
        parameters.put("workers", workers == null ? null : workers.toString());
        parameters.put("batch", batchTime == null ? null : Long.toString(batchTime.toMillis()));
        parameters.put("policy", policy == null ? null : policy.word());
        parameters.put("limits", limits.isEmpty() ? null : written());
        return parameters;
    }

    private String written() {
        return limits.entrySet().stream()
                .map(e -> e.getKey().word() + "=" + e.getKey().written(e.getValue()))
                .collect(Collectors.joining(" "));
    }
}
