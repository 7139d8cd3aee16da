package io.backhoe.notify;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Letters that wait to be sent, by a thread of its own. Whoever puts one in never waits. Of progress only the newest is
 * kept, and of very many the oldest are dropped. Thread-safe.
 */
final class Outbox implements AutoCloseable {
    private static final int MOST = 32;

    private final Courier courier;
    private final String who;
    private final Trouble trouble;
    private final Patience patience;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Letter> waiting = new ArrayDeque<>();
    private final Thread thread = new Thread(this::work, "backhoe-outbox");
    private @Nullable Letter current;
    private boolean closed;
    private boolean deaf;

    /**
     * @param who where they go, for people
     * @param trouble told of on the thread of this outbox
     */
    Outbox(Courier courier, String who, Patience patience, Trouble trouble) {
        this.courier = courier;
        this.who = who;
        this.patience = patience;
        this.trouble = trouble;
        thread.setDaemon(true);
        thread.start();
    }

    void put(Letter letter) {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            if (letter.isProgress() || letter.isLast()) {
                waiting.removeIf(Letter::isProgress);
            }
            if (waiting.size() == MOST) {
                waiting.removeFirst();
            }
            waiting.addLast(letter);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void work() {
        for (Letter next = next(); next != null; next = next()) {
            try {
                told(courier.deliver(next));
            } catch (InterruptedException e) {
                // Given up for the last letter of the run, or because the run is over: next() says which.
                told("did not take a message before the run was over");
            } catch (RuntimeException e) {
                // Not its message, which may tell the address.
                told("cannot be told: " + e.getClass().getSimpleName());
            }
        }
    }

    private @Nullable Letter next() {
        lock.lock();
        try {
            current = null;
            // What was meant for the message before must not strike the next.
            Thread.interrupted();
            changed.signalAll();
            while (waiting.isEmpty() && !closed) {
                changed.awaitUninterruptibly();
            }
            current = waiting.pollFirst();
            return current;
        } finally {
            lock.unlock();
        }
    }

    private void told(@Nullable String problem) {
        boolean news;
        lock.lock();
        try {
            news = deaf != (problem != null);
            deaf = problem != null;
        } finally {
            lock.unlock();
        }
        if (news && problem == null) {
            trouble.back(who + " takes messages again");
        } else if (news) {
            trouble.lost(who + " " + problem);
        }
    }

    /** Sends what is left, within a bounded time. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
            long half = patience.end().toNanos() / 2;
            awaitEmpty(half);
            // What is left of the time is for the last one alone.
            waiting.removeIf(letter -> !letter.isLast());
            Letter stuck = current;
            if (stuck != null && !stuck.isLast()) {
                thread.interrupt();
            }
            awaitEmpty(half);
            waiting.clear();
            if (current != null) {
                thread.interrupt();
            }
        } catch (InterruptedException e) {
            waiting.clear();
            thread.interrupt();
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
        join();
    }

    private void awaitEmpty(long nanos) throws InterruptedException {
        long left = nanos;
        while (left > 0 && (current != null || !waiting.isEmpty())) {
            left = changed.awaitNanos(left);
        }
    }

    /** What it says last, of trouble, is said before the process ends. */
    private void join() {
        try {
            TimeUnit.NANOSECONDS.timedJoin(thread, patience.end().toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
