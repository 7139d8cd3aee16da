package io.backhoe.spec;

import io.backhoe.value.Deadline;
import io.backhoe.value.Policy;
import io.backhoe.value.SignalName;
import io.backhoe.value.WorkHours;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a run gives way to others, and when it may work.
 *
 * @param policy null for {@link Policy#GENTLE}
 * @param throttle what is watched
 * @param runBetween the hours in which it may work; null for all
 * @param deadline when it should have ended; null for no such time
 * @param canary how much is done before a person looks, in percent of the estimated rows; null for no such stop
 */
public record Pacing(
        @Nullable Policy policy,
        Throttle throttle,
        @Nullable WorkHours runBetween,
        @Nullable Deadline deadline,
        @Nullable Double canary) {
    /** What holds where a file says nothing. */
    public static final Pacing USUAL =
            new Pacing(null, new Throttle(Map.of(), null, List.of(), null), null, null, null);

    /** The same to take a run back: who wants that wants it now, and all of it. */
    public Pacing forUndo() {
        return new Pacing(policy, throttle, null, null, null);
    }

    /** The policy that holds. */
    public Policy effectivePolicy() {
        return policy == null ? Policy.GENTLE : policy;
    }

    /** Whether the table is vacuumed between chunks. */
    public boolean vacuums(Policy now) {
        return throttle.vacuum == null ? now.vacuums() : throttle.vacuum;
    }

    /**
     * What is watched, and from where on it is too much.
     *
     * @param limits of signals, over those that are usual
     * @param probe a question of one's own; null for none
     * @param ignoreReplicas names of replicas that may be behind
     * @param vacuum whether the table is vacuumed between chunks; null leaves it to the policy
     */
    public record Throttle(
            Map<SignalName, Double> limits,
            @Nullable Probe probe,
            List<String> ignoreReplicas,
            @Nullable Boolean vacuum) {
        public Throttle {
            var sorted = new EnumMap<SignalName, Double>(SignalName.class);
            sorted.putAll(limits);
            limits = Collections.unmodifiableMap(sorted);
            ignoreReplicas = List.copyOf(ignoreReplicas);
        }
    }

    /**
     * A question of one's own, asked each second in a READ ONLY transaction.
     *
     * @param limitMillis how long its answer may take; null where the answer itself counts
     * @param most the highest number that it may answer; null where the time counts
     */
    public record Probe(
            String query,
            @Nullable Double limitMillis,
            @Nullable Double most) {
        /** From where on it is too much. */
        public double limit() {
            Double limit = limitMillis == null ? most : limitMillis;
            if (limit == null) {
                throw new IllegalStateException("a probe without a limit");
            }
            return limit;
        }
    }
}
