package io.backhoe.ledger;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What somebody changes of a run's pace; it changes nothing else.
 *
 * @param workers how many there may be, 1 to 64; null leaves it
 * @param batchTime how long a batch may take, 10 ms to 60 s; null leaves it
 */
public record Tuning(@Nullable Integer workers, @Nullable Duration batchTime) {
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
    }

    static Tuning of(@Nullable String workers, @Nullable String batchMillis) {
        return new Tuning(
                workers == null ? null : Integer.valueOf(workers),
                batchMillis == null ? null : Duration.ofMillis(Long.parseLong(batchMillis)));
    }

    /** {@code 4 workers, batches of 250 ms}. */
    @Override
    public String toString() {
        List<String> said = new ArrayList<>();
        if (workers != null) {
            said.add(workers + (workers == 1 ? " worker" : " workers"));
        }
        if (batchTime != null) {
            said.add("batches of " + batchTime.toMillis() + " ms");
        }
        return said.isEmpty() ? "as planned" : String.join(", ", said);
    }

    @Nullable
    String workersText() {
        return workers == null ? null : workers.toString();
    }

    @Nullable
    String batchMillisText() {
        return batchTime == null ? null : Long.toString(batchTime.toMillis());
    }
}
