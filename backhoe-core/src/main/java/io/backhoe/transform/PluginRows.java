package io.backhoe.transform;

import io.backhoe.database.DatabaseException;
import io.backhoe.database.ErrorKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Gives rows to a function in Java, in parts, on as many threads as there are processors. The threads are shared by all workers of
 * a run, and end by themselves when there is nothing to do. Thread-safe.
 */
final class PluginRows implements RowComputation {
    /** For the rows of a batch; the same that the server waits for whoever does nothing within a transaction. */
    private static final int MOST_SECONDS = 50;

    private static final int SMALLEST_PART = 16;
    private static final int IDLE_SECONDS = 5;
    private static final String TIMED_OUT = "57014";

    private final String who;
    private final RowTransform transform;
    private final int processors;
    private final ThreadPoolExecutor pool;

    PluginRows(String who, RowTransform transform) {
        this.who = who;
        this.transform = transform;
        this.processors = Runtime.getRuntime().availableProcessors();
        this.pool = new ThreadPoolExecutor(
                processors, processors, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), this::thread);
        pool.allowCoreThreadTimeOut(true);
    }

    private Thread thread(Runnable work) {
        var thread = new Thread(work, "backhoe-rows");
        thread.setDaemon(true);
        thread.setContextClassLoader(transform.getClass().getClassLoader());
        return thread;
    }

    @Override
    public List<RowResult> of(long runId, List<InputRow> rows) throws Exception {
        int size = Math.max(SMALLEST_PART, (rows.size() + processors - 1) / processors);
        var parts = new ArrayList<Callable<List<RowResult>>>();
        for (int from = 0; from < rows.size(); from += size) {
            var part = rows.subList(from, Math.min(rows.size(), from + size));
            parts.add(() -> answered(part));
        }
        var results = new ArrayList<RowResult>(rows.size());
        for (Future<List<RowResult>> part : pool.invokeAll(parts, MOST_SECONDS, TimeUnit.SECONDS)) {
            results.addAll(result(part));
        }
        return results;
    }

    @Override
    public Duration patience() {
        return Duration.ofSeconds(MOST_SECONDS);
    }

    private List<RowResult> answered(List<InputRow> rows) throws Exception {
        List<RowResult> results = transform.apply(List.copyOf(rows));
        long answers =
                results == null ? 0 : results.stream().filter(Objects::nonNull).count();
        if (results == null || answers != results.size() || answers != rows.size()) {
            throw error(
                    "answered " + answers + " results for " + rows.size()
                            + " rows; each row needs one, and one that stays RowResult.leave()",
                    null);
        }
        return results;
    }

    private List<RowResult> result(Future<List<RowResult>> part) throws Exception {
        try {
            return part.get();
        } catch (CancellationException e) {
            throw new DatabaseException(
                    ErrorKind.TIMEOUT,
                    TIMED_OUT,
                    who + " took longer than " + MOST_SECONDS + " s for the rows of a batch",
                    null,
                    e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof StackOverflowError) {
                // Some row is too deep for it.
                throw e;
            } else if (e.getCause() instanceof VirtualMachineError fatal) {
                throw fatal;
            } else if (e.getCause() instanceof Error broken) {
                // No row's fault, such as a class that the jar lacks.
                throw error("threw " + broken.getClass().getName() + Call.place(broken), broken);
            }
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    private DatabaseException error(String what, @Nullable Throwable cause) {
        return new DatabaseException(ErrorKind.STATEMENT, Guard.STATE, who + " " + what, null, cause);
    }
}
