package io.backhoe.transform;

import io.backhoe.database.DatabaseException;
import io.backhoe.database.ErrorKind;
import io.backhoe.spec.Spec;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Gives rows to a program, of which each worker has one of its own: started with the first batch, kept from batch to batch, and
 * started anew after it has failed. Thread-safe.
 */
final class StreamRows implements RowComputation {
    private static final Duration USUAL = Duration.ofSeconds(50);

    private final Spec.Command command;
    private final Spec spec;
    private final Path logs;
    private final Map<Thread, StreamProgram> programs = new ConcurrentHashMap<>();
    private final AtomicInteger started = new AtomicInteger();
    /** They end by themselves when there is nothing to do. */
    private final ExecutorService threads = Executors.newCachedThreadPool(StreamRows::thread);

    /** @param logs the folder for what programs say on their second stream: a folder for each run, a file for each worker */
    StreamRows(Spec.Command command, Spec spec, Path logs) {
        this.command = command;
        this.spec = spec;
        this.logs = logs;
    }

    private static Thread thread(Runnable work) {
        var thread = new Thread(work, "backhoe-stream");
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public List<RowResult> of(long runId, List<InputRow> rows) throws InterruptedException {
        var program = programs.get(Thread.currentThread());
        if (program == null) {
            program = start(runId);
            programs.put(Thread.currentThread(), program);
        }
        StreamAnswers answers;
        boolean well = false;
        try {
            answers = program.exchange(rows, patience());
            well = true;
        } finally {
            if (!well) {
                // What it would say next may belong to rows that nobody asks about any more.
                programs.remove(Thread.currentThread());
                program.kill();
            }
        }
        return answers.results();
    }

    @Override
    public Duration patience() {
        Duration timeout = command.timeout();
        return timeout == null ? USUAL : timeout;
    }

    @Override
    public void leave() {
        var program = programs.remove(Thread.currentThread());
        if (program != null) {
            program.close();
        }
    }

    private StreamProgram start(long runId) {
        Path file = logs.resolve("run-" + runId).resolve("stream-" + started.incrementAndGet() + ".log");
        try {
            return StreamProgram.start(
                    command, Program.environment(spec, Map.of("run_id", Long.toString(runId))), file, threads);
        } catch (IOException e) {
            throw new DatabaseException(
                    ErrorKind.STATEMENT,
                    Guard.STATE,
                    "the command " + command + " could not be started, or what it says could not be kept: "
                            + e.getMessage() + "; " + file,
                    null,
                    e);
        }
    }
}
