package io.backhoe.cli;

import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * Work that changes nothing in the database, until it is done or a signal ends it, whichever is first. The work has a
 * thread of its own, so that a signal is answered whatever it waits for.
 */
final class Looking {
    private Looking() {}

    /**
     * @param connection what the work finds its database by
     * @throws BackhoeException INTERRUPTED, when a signal came first; then nothing goes on at the server any more
     * @throws Exception what the work throws
     */
    static <T> T at(ConnectionOptions connection, Callable<T> work) throws Exception {
        var first = new CompletableFuture<T>();
        var worker = new Thread(() -> complete(first, work), "look");
        worker.setDaemon(true);
        try (var interrupts = new Interrupts(signal -> first.completeExceptionally(new Stopped(signal)))) {
            worker.start();
            return first.get();
        } catch (ExecutionException e) {
            throw thrown(e, connection);
        }
    }

    private static <T> void complete(CompletableFuture<T> first, Callable<T> work) {
        try {
            first.complete(work.call());
        } catch (Throwable e) {
            first.completeExceptionally(e);
        }
    }

    private static Exception thrown(ExecutionException wrapped, ConnectionOptions connection) {
        Throwable cause = wrapped.getCause();
        if (cause instanceof Stopped) {
            connection.stop();
        }
        if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof Exception e ? e : wrapped;
    }

    private static final class Stopped extends BackhoeException {
        private static final long serialVersionUID = 1;

        Stopped(String signal) {
            super(
                    ExitCode.INTERRUPTED,
                    "interrupted",
                    "stopped by " + signal + "; nothing was changed in the database.",
                    null);
        }
    }
}
