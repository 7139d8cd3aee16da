package io.backhoe.run.throttle;

import io.backhoe.value.SignalName;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** From where on each signal is too much. Immutable. */
public final class Limits {
    /** Busy sessions that a server bears besides one for each of its processors. */
    private static final int BESIDE_CPUS = 2;

    private final Map<SignalName, Double> limits;

    private Limits(Map<SignalName, Double> limits) {
        this.limits = limits;
    }

    /**
     * Those of a run.
     *
     * @param cpus of the server; null where nobody has said
     * @param asked what files and people ask for, over what is usual
     */
    public static Limits of(@Nullable Integer cpus, Map<SignalName, Double> asked) {
        var limits = new EnumMap<SignalName, Double>(SignalName.class);
        for (SignalName name : SignalName.values()) {
            Double usual = name == SignalName.ACTIVE_SESSIONS && cpus != null
                    ? Double.valueOf(cpus + BESIDE_CPUS)
                    : name.usual();
            if (usual != null) {
                limits.put(name, usual);
            }
        }
        limits.putAll(asked);
        return new Limits(limits);
    }

    /** The same with others in place of some. */
    public Limits with(Map<SignalName, Double> others) {
        var all = new EnumMap<SignalName, Double>(SignalName.class);
        all.putAll(limits);
        all.putAll(others);
        return new Limits(all);
    }

    /** Null where there is none; {@link SignalName#OFF} where nobody wants it watched. */
    public @Nullable Double of(SignalName name) {
        return limits.get(name);
    }
}
