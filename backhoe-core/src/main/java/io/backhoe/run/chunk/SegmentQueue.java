package io.backhoe.run.chunk;

import io.backhoe.ledger.ChunkRecord;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Hands out segments until none is left. A worker that finds nothing to take waits; the one with the largest segment
 * learns of it between two batches and gives half away. A segment that may not begin yet is passed over until it may.
 * Thread-safe.
 */
public final class SegmentQueue {
    private static final long CANNOT_SPLIT = -1;

    private final Deque<SegmentTask> waiting;
    private final Map<SegmentTask, Long> active = new IdentityHashMap<>();
    private final Predicate<SegmentTask> mayBegin;
    private int idle;
    private boolean closed;

    public SegmentQueue(Collection<SegmentTask> tasks) {
        this(tasks, task -> true);
    }

    /** @param mayBegin asked again after {@link #lookAgain} */
    public SegmentQueue(Collection<SegmentTask> tasks, Predicate<SegmentTask> mayBegin) {
        this.waiting = new ArrayDeque<>(tasks);
        this.mayBegin = mayBegin;
    }

    /** The next segment; null when there is no work left and none can come, or the queue was closed. */
    public synchronized @Nullable SegmentTask take() throws InterruptedException {
        idle++;
        try {
            while (!closed && !(waiting.isEmpty() && active.isEmpty())) {
                SegmentTask task = next();
                if (task != null) {
                    active.put(task, task.estimatedRows());
                    return task;
                }
                wait();
            }
        } finally {
            idle--;
        }
        notifyAll();
        return null;
    }

    private @Nullable SegmentTask next() {
        for (var tasks = waiting.iterator(); tasks.hasNext(); ) {
            SegmentTask task = tasks.next();
            if (mayBegin.test(task)) {
                tasks.remove();
                return task;
            }
        }
        return null;
    }

    /** What may begin is not what it was. */
    public synchronized void lookAgain() {
        notifyAll();
    }

    /** The work that nobody has taken yet, in order. */
    public synchronized List<SegmentTask> waiting() {
        return List.copyOf(waiting);
    }

    /** More work, split off or found; before chunks that nobody has begun. */
    public synchronized void offer(SegmentTask task) {
        waiting.addFirst(task);
        notifyAll();
    }

    /** The task has ended, in whatever way. */
    public synchronized void finished(SegmentTask task) {
        active.remove(task);
        notifyAll();
    }

    /** Nobody gets anything any more. */
    public synchronized void close() {
        closed = true;
        notifyAll();
    }

    /** Whether somebody waits for work and this task is the one to give some. */
    public synchronized boolean wantsSplit(SegmentTask task, long remainingRows) {
        if (!active.containsKey(task)) {
            return false;
        }
        if (active.get(task) != CANNOT_SPLIT) {
            active.put(task, Math.max(0, remainingRows));
        }
        return idle > waiting.stream().filter(mayBegin).limit(idle).count()
                && active.get(task) != CANNOT_SPLIT
                && active.values().stream().allMatch(other -> other <= active.get(task));
    }

    /** The task is too small to be split, and stays so. */
    public synchronized void cannotSplit(SegmentTask task) {
        active.replace(task, CANNOT_SPLIT);
    }

    /** The chunks that are being worked on, once for each worker. */
    public synchronized List<ChunkRecord> busy() {
        return active.keySet().stream().map(SegmentTask::chunk).toList();
    }

    /** Whether there is work that nobody has taken yet. */
    public synchronized boolean hasWaiting() {
        return !waiting.isEmpty();
    }
}
