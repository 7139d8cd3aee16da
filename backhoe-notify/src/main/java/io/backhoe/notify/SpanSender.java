package io.backhoe.notify;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Sends spans, many at a time and at most about once a second, by a thread of its own. Whoever puts one in never waits; when too
 * many wait, those of batches are dropped, and later those of chunks, and what was not taken is not sent again. Thread-safe.
 */
final class SpanSender implements AutoCloseable {
    private static final int MOST_BATCHES = 4_096;
    private static final int MOST = 16_384;
    private static final int AT_ONCE = 512;
    private static final Duration GATHER = Duration.ofSeconds(1);
    private static final Duration SLICE = Duration.ofMillis(100);

    private final URI to;
    private final Map<String, String> headers;
    private final String service;
    private final Post post;
    private final Patience patience;
    private final Trouble trouble;
    private final LinkedBlockingDeque<Span> waiting = new LinkedBlockingDeque<>();
    private final AtomicLong dropped = new AtomicLong();
    private final Thread thread = new Thread(this::work, "backhoe-traces");
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile boolean given;
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
        put(span, MOST_BATCHES);
    }

    void put(Span span) {
        put(span, MOST);
    }

    private void put(Span span, int most) {
        if (waiting.size() < most) {
            waiting.addLast(span);
        } else {
            dropped.incrementAndGet();
        }
    }

    /** The one that matters most: whatever else waits is sent after it. */
    void putFirst(Span span) {
        waiting.addFirst(span);
    }

    /** How many spans were dropped so far, or were not taken. */
    long dropped() {
        return dropped.get();
    }

    private void work() {
        while (!over()) {
            try {
                gather();
                if (!waiting.isEmpty()) {
                    send();
                }
            } catch (InterruptedException e) {
                told("did not take spans before the run was over");
            }
        }
    }

    private boolean over() {
        return closed.getCount() == 0 && (given || waiting.isEmpty());
    }

    /** While there is time, so that a request is not made for each batch. */
    private void gather() throws InterruptedException {
        for (long slices = GATHER.dividedBy(SLICE); slices > 0 && waiting.size() < AT_ONCE; slices--) {
            if (closed.await(SLICE.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        }
    }

    private void send() throws InterruptedException {
        var spans = new ArrayList<Span>();
        waiting.drainTo(spans, AT_ONCE);
        String problem;
        try {
            problem = post.send(to, headers, Body.JSON.writeValueAsString(Span.json(service, spans)))
                    .problem();
        } catch (RuntimeException e) {
            // Not its message, which may tell the address.
            problem = "cannot be told: " + e.getClass().getSimpleName();
        }
        if (problem != null) {
            dropped.addAndGet(spans.size());
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

    /** Sends what is left, within a bounded time; what hangs is given up for the first of the rest, which matters most. */
    @Override
    public void close() {
        closed.countDown();
        long half = patience.end().toNanos() / 2;
        try {
            TimeUnit.NANOSECONDS.timedJoin(thread, half);
            thread.interrupt();
            TimeUnit.NANOSECONDS.timedJoin(thread, half);
            given = true;
            thread.interrupt();
            TimeUnit.NANOSECONDS.timedJoin(thread, half);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
