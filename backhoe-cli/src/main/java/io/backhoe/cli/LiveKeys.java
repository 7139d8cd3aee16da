package io.backhoe.cli;

import io.backhoe.ledger.PaceRecord;
import io.backhoe.ledger.Tuning;
import io.backhoe.value.Time;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the keys of the live view do. What takes time is done on a thread of its own. Thread-safe. */
final class LiveKeys implements IntConsumer, AutoCloseable {
    /**
     * What became of a wish.
     *
     * @param done whether it holds
     * @param text for people
     */
    record Outcome(boolean done, String text) {}

    /** What can be done to the run that is watched. */
    interface Actions {
        /** @return why it was not done; null when it was */
        @Nullable
        String pause();

        Outcome workers(int wished);

        /** Leaves without an end of the run; {@link #leaveQuestion()} was answered with {@code l}, or there is none. */
        void leave();

        /** What is asked before leaving; null when leaving changes nothing. */
        @Nullable
        String leaveQuestion();
    }

    private static final long OUTCOME_STAYS_NANOS = Duration.ofSeconds(5).toNanos();

    private final Actions actions;
    private final WorkersInForce workers;
    private final Time time;
    private final ExecutorService helper = Executors.newSingleThreadExecutor(LiveKeys::thread);
    private @Nullable String said;
    private @Nullable Long saidUntil;
    private boolean asking;
    private int wished;

    /** @param pace what is known of how fast the run is; null while nothing is */
    LiveKeys(Actions actions, Supplier<@Nullable PaceRecord> pace, Time time) {
        this.actions = actions;
        this.time = time;
        this.workers = new WorkersInForce(pace, time);
    }

    private static Thread thread(Runnable work) {
        var thread = new Thread(work, "backhoe-keys");
        thread.setDaemon(true);
        return thread;
    }

    /** What is to be said in place of the keys; null for the keys. Asked for each picture. */
    synchronized @Nullable String said() {
        workers.look();
        Long until = saidUntil;
        if (until != null && time.nanos() - until > 0) {
            say(null);
        }
        return said;
    }

    synchronized void say(@Nullable String text) {
        said = text;
        saidUntil = null;
    }

    @Override
    public synchronized void accept(int key) {
        if (asking) {
            asking = false;
            say(null);
            answer(key);
            return;
        }
        switch (key) {
            case 'p', 'P' -> pause();
            case '+', '=' -> tune(1);
            case '-', '_' -> tune(-1);
            case 'q', 'Q' -> leave();
            default -> say(null);
        }
    }

    private void answer(int key) {
        switch (key) {
            case 'p', 'P' -> pause();
            case 'l', 'L' -> {
                say("leaving: open batches end first");
                actions.leave();
            }
            default -> {} // goes on watching
        }
    }

    private void pause() {
        say("pausing: open batches end within 5 s");
        // Not behind what else was asked for.
        thread(() -> {
                    String trouble = actions.pause();
                    if (trouble != null) {
                        say(trouble);
                    }
                })
                .start();
    }

    private void leave() {
        String question = actions.leaveQuestion();
        if (question == null) {
            actions.leave();
        } else {
            say(question);
            asking = true;
        }
    }

    private void tune(int more) {
        int now = workers.look();
        if (now == 0) {
            say("how many workers there are is not known yet");
        } else if (now + more < 1) {
            say("there is 1 worker, and fewer cannot be; p pauses the run");
        } else if (now + more > Tuning.MOST_WORKERS) {
            say("there are " + now + " workers, and more cannot be");
        } else {
            ask(now + more);
        }
    }

    private void ask(int asked) {
        wished = asked;
        workers.wished(asked);
        say("asking for " + asked + (asked == 1 ? " worker" : " workers"));
        helper.execute(() -> {
            var outcome = actions.workers(asked);
            synchronized (this) {
                if (wished == asked && !asking) {
                    if (!outcome.done()) {
                        workers.refused();
                    }
                    say(outcome.text());
                    saidUntil = time.nanos() + OUTCOME_STAYS_NANOS;
                }
            }
        });
    }

    @Override
    public void close() {
        helper.shutdownNow();
        try {
            helper.awaitTermination(1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
