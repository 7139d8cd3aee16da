package io.backhoe.run;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A wish that the run stop, resumable: open batches end or are rolled back within five seconds. Thread-safe. */
public final class StopSignal {
    private final AtomicReference<@Nullable String> reason = new AtomicReference<>();

    /** @param why for the ledger and for people: {@code SIGINT} */
    public void request(String why) {
        reason.compareAndSet(null, why);
    }

    public @Nullable String reason() {
        return reason.get();
    }
}
