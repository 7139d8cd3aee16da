package io.backhoe.assess;

import io.backhoe.spec.Spec;
import org.jspecify.annotations.Nullable;

/** How many workers a server has room for, where the spec says how many processors it has. */
public final class Workers {
    private Workers() {}

    /** A sentence about a spec that wants more workers than that; null when it does not, or nobody knows. */
    public static @Nullable String moreThanCpus(Spec spec) {
        Integer cpus = spec.server().cpus();
        int workers = spec.strategy().parallelism();
        return cpus == null || workers <= cpus
                ? null
                : "strategy.parallelism is " + workers + ", and server.cpus " + cpus
                        + ": with a worker for each processor nothing is left for the application, and more of them do not"
                        + " make it faster.";
    }
}
