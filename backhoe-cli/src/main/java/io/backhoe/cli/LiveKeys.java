package io.backhoe.cli;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** What the keys of the live view do. What takes time is done on a thread of its own. Thread-safe. */
final class LiveKeys implements IntConsumer, AutoCloseable {
    /** What can be done to the run that is watched. */
    interface Actions {
        /** @return why it was not done; null when it was */
        @Nullable
        String pause();

        /** @return why it was not done; null when it was */
        @Nullable
        String workers(int wished);

        /** Leaves without an end of the run; {@link #leaveQuestion()} was answered with {@code l}, or there is none. */
        void leave();

        /** What is asked before leaving; null when leaving changes nothing. */
        @Nullable
        String leaveQuestion();
    }

    private static final int MOST_WORKERS = 64;

    private final Actions actions;
    private final IntSupplier workers;
    private final ExecutorService helper = Executors.newSingleThreadExecutor(LiveKeys::thread);
    private volatile @Nullable String said;
    private boolean asking;
    private int wished;

    /** @param workers how many there may be now; 0 while that is not known */
    LiveKeys(Actions actions, IntSupplier workers) {
        this.actions = actions;
        this.workers = workers;
    }

    private static Thread thread(Runnable work) {
        var thread = new Thread(work, "backhoe-keys");
        thread.setDaemon(true);
        return thread;
    }

    /** What is to be said in place of the keys; null for the keys. */
    @Nullable
    String said() {
        return said;
    }

    void say(@Nullable String text) {
        said = text;
    }

    @Override
    public synchronized void accept(int key) {
        if (asking) {
            asking = false;
            said = null;
            answer(key);
            return;
        }
        switch (key) {
            case 'p', 'P' -> pause();
            case '+', '=' -> tune(1);
            case '-', '_' -> tune(-1);
            case 'q', 'Q' -> leave();
            default -> said = null;
        }
    }

    private void answer(int key) {
        switch (key) {
            case 'p', 'P' -> pause();
            case 'l', 'L' -> {
                said = "leaving: open batches end first";
                actions.leave();
            }
            default -> {} // goes on watching
        }
    }

    private void pause() {
        said = "pausing: open batches end within 5 s";
        // Not behind what else was asked for.
        thread(() -> {
                    String trouble = actions.pause();
                    if (trouble != null) {
                        said = trouble;
                    }
                })
                .start();
    }

    private void leave() {
        String question = actions.leaveQuestion();
        if (question == null) {
            actions.leave();
        } else {
            asking = true;
            said = question;
        }
    }

    private void tune(int more) {
        int now = workers.getAsInt();
        if (now == 0) {
            return;
        }
        if (said == null) {
            wished = now;
        }
        wished = Math.max(1, Math.min(MOST_WORKERS, wished + more));
        int asked = wished;
        said = "asking for " + asked + (asked == 1 ? " worker" : " workers");
        helper.execute(() -> {
            String outcome = actions.workers(asked);
            synchronized (this) {
                if (wished == asked && !asking) {
                    said = outcome;
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
