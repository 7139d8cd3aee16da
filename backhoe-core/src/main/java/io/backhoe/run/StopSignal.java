package io.backhoe.run;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A wish that the run stop, resumable: open batches end or are rolled back within five seconds. Thread-safe. */
public final class StopSignal {
    private final AtomicReference<@Nullable String> reason = new AtomicReference<>();
    private volatile Runnable then = () -> {};

    /** @param why for the ledger and for people: {@code SIGINT} */
    public void request(String why) {
        if (reason.compareAndSet(null, why)) {
            then.run();
        }
    }

    public @Nullable String reason() {
        return reason.get();
    }

    /** What ends the one long statement that is under way; at once, when the wish is older than the statement. */
    public void whenRequested(Runnable action) {
        then = action;
        if (reason.get() != null) {
            action.run();
        }
    }
}
