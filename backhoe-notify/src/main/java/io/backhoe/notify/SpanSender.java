package io.backhoe.notify;

import java.net.URI;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Sends spans, many at a time, by a thread of its own. Whoever puts one in never waits; those of batches are dropped when too
 * many wait, and what was not taken is not sent again. Thread-safe.
 */
final class SpanSender implements AutoCloseable {
    private static final int MOST_BATCHES = 4_096;
    private static final int AT_ONCE = 512;

    private final URI to;
    private final Map<String, String> headers;
    private final String service;
    private final Post post;
    private final Patience patience;
    private final Trouble trouble;
    private final LinkedBlockingQueue<Span> waiting = new LinkedBlockingQueue<>();
    private final AtomicLong dropped = new AtomicLong();
    private final Thread thread = new Thread(this::work, "backhoe-traces");
    private volatile boolean closed;
    private boolean deaf;

    SpanSender(Collector collector, Post post, Patience patience, Trouble trouble) {
        this.to = collector.address();
        this.headers = collector.headers();
        this.service = collector.service();
        this.post = post;
        this.patience = patience;
        this.trouble = trouble;
        thread.setDaemon(true);
        thread.start();
    }

    /** One of very many. */
    void putBatch(Span span) {
        if (waiting.size() < MOST_BATCHES) {
            waiting.add(span);
        } else {
            dropped.incrementAndGet();
        }
    }

    void put(Span span) {
        waiting.add(span);
    }

    /** How many spans of batches were dropped so far. */
    long dropped() {
        return dropped.get();
    }

    private void work() {
        try {
            while (!closed || !waiting.isEmpty()) {
                Span first = waiting.poll(100, TimeUnit.MILLISECONDS);
                if (first != null) {
                    send(first);
                }
            }
        } catch (InterruptedException e) {
            told("did not take spans before the run was over");
        }
    }

    private void send(Span first) throws InterruptedException {
        var spans = new ArrayList<Span>();
        spans.add(first);
        waiting.drainTo(spans, AT_ONCE - 1);
        String problem;
        try {
            problem = post.send(to, headers, Body.JSON.writeValueAsString(Span.json(service, spans)))
                    .problem();
        } catch (RuntimeException e) {
            // Not its message, which may tell the address.
            problem = "cannot be told: " + e.getClass().getSimpleName();
        }
        told(problem);
    }

    private void told(@Nullable String problem) {
        boolean news = deaf != (problem != null);
        deaf = problem != null;
        String who = "OpenTelemetry at " + to.getScheme() + "://" + to.getHost();
        if (news && problem == null) {
            trouble.back(who + " takes spans again");
        } else if (news) {
            trouble.lost(who + " " + problem);
        }
    }

    /** Sends what is left, within a bounded time. */
    @Override
    public void close() {
        closed = true;
        try {
            TimeUnit.NANOSECONDS.timedJoin(thread, patience.end().toNanos());
            thread.interrupt();
            TimeUnit.NANOSECONDS.timedJoin(thread, patience.end().toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
