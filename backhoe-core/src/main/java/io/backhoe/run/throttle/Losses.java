package io.backhoe.run.throttle;

import io.backhoe.database.DatabaseException;
import io.backhoe.ledger.LostTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/** What workers wait for instead of working, and how much that has cost. Thread-safe. */
public final class Losses {
    /**
     * Why workers wait.
     *
     * @param workers how many wait for it
     */
    public record Wait(String reason, int workers) {}

    /** The server is out of reach. */
    public static final String CONNECTION = "connection";

    /** The place of the backup does not take what a batch would overwrite. */
    public static final String BACKUP = "backup";

    /** A wait that can be interrupted. */
    public interface Waiting {
        boolean pause() throws InterruptedException;
    }

    private final LongSupplier nanos;
    private final Map<String, Integer> waiting = new HashMap<>();
    private final Map<String, long[]> lost = new HashMap<>();

    /** @param nanos a monotonic clock */
    public Losses(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** What an error makes workers wait for, in a word. */
    public static String reason(DatabaseException error) {
        return switch (error.kind()) {
            case CONNECTION_LOST -> CONNECTION;
            case LOCK_TIMEOUT -> "lock_timeout";
            case TIMEOUT -> "statement_timeout";
            default ->
                switch (error.sqlState()) {
                    case "40001" -> "serialization_failure";
                    case "40P01" -> "deadlock";
                    case "53300" -> "too_many_connections";
                    case "53200" -> "out_of_memory";
                    default -> "other_error";
                };
        };
    }

    /** Waits, and is seen to wait. */
    public void during(String reason, Waiting wait) throws InterruptedException {
        begin(reason);
        long begun = nanos.getAsLong();
        try {
            wait.pause();
        } finally {
            end(reason, nanos.getAsLong() - begun);
        }
    }

    /** As {@link #during}, where a share of the wait, from 0 to 1, is for another reason. */
    public void duringBoth(String reason, String other, double share, Waiting wait) throws InterruptedException {
        begin(reason);
        long begun = nanos.getAsLong();
        try {
            wait.pause();
        } finally {
            long waited = nanos.getAsLong() - begun;
            long others = Math.round(share * waited);
            end(reason, waited - others);
            waste(other, others);
        }
    }

    /** Time that nobody waits, and in which more could have been done. */
    public synchronized void waste(String reason, long time) {
        if (time > 0) {
            lost.computeIfAbsent(reason, r -> new long[2])[1] += time;
        }
    }

    private synchronized void begin(String reason) {
        waiting.merge(reason, 1, Integer::sum);
    }

    private synchronized void end(String reason, long waited) {
        waiting.computeIfPresent(reason, (r, workers) -> workers == 1 ? null : workers - 1);
        lost.computeIfAbsent(reason, r -> new long[2])[1] += waited;
    }

    /** Work that came to nothing. */
    public synchronized void add(String reason, long spent) {
        long[] sum = lost.computeIfAbsent(reason, r -> new long[2]);
        sum[0]++;
        sum[1] += spent;
    }

    /** What most workers wait for now. */
    public synchronized Optional<Wait> waiting() {
        return waiting.entrySet().stream()
                .max(Map.Entry.<String, Integer>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
                .map(e -> new Wait(e.getKey(), e.getValue()));
    }

    /** What was lost since the last call. */
    public synchronized List<LostTime> drain() {
        var drained = new ArrayList<LostTime>();
        lost.forEach((reason, sum) -> drained.add(new LostTime(reason, sum[0], Duration.ofNanos(sum[1]))));
        lost.clear();
        return drained;
    }
}
