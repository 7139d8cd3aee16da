package io.backhoe.backup;

import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import io.backhoe.database.Session;
import io.backhoe.ledger.ExportedRecord;
import io.backhoe.value.Time;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Sends what a batch has kept to a store, within the time that the batch may hold its locks for it. The store is written by
 * another thread, so that one that hangs does not hold the batch. Thread-safe.
 */
public final class Exporter implements AutoCloseable {
    /** How long a batch may wait for its backup, with its rows locked. */
    static final Duration PATIENCE = Duration.ofSeconds(2);

    private static final Duration END = Duration.ofSeconds(1);

    private final BackupStore store;
    private final Time time;
    private final ExecutorService senders = Executors.newCachedThreadPool(task -> {
        var thread = new Thread(task, "backhoe-backup");
        thread.setDaemon(true);
        return thread;
    });

    public Exporter(BackupStore store, Time time) {
        this.store = store;
        this.time = time;
    }

    /**
     * Sends what a COPY ... TO STDOUT says, compressed, and compares what the store says it has with what was sent.
     *
     * @param object a name that was never used before: what comes late then overwrites nothing
     * @throws BackupException when it is not there for sure; something of that name may be there later
     */
    public ExportedRecord export(Session session, String copy, String object, int chunk) {
        var handover = new Handover(time, PATIENCE);
        Future<Digest> sent = senders.submit(() -> store.put(object, handover::drain));
        try {
            var written = new Digest.Writing(handover.entrance(sent::isDone));
            long rows;
            try (var compressed = new ZstdOutputStreamNoFinalizer(written)) {
                rows = session.copyOut(copy, compressed);
            }
            handover.end(sent::isDone);
            Digest there = sent.get(handover.left().toNanos(), TimeUnit.NANOSECONDS);
            Digest wished = written.digest();
            if (!there.equals(wished)) {
                throw damaged(object, wished, there);
            }
            return new ExportedRecord(object, chunk, rows, wished.bytes(), wished.sha256());
        } catch (IOException | UncheckedIOException e) {
            // Whether the sender has an error of its own, or there was no more time.
            throw sent.isDone() ? errorOf(sent) : slow(object);
        } catch (TimeoutException e) {
            throw slow(object);
        } catch (ExecutionException e) {
            throw failure(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BackupException(
                    BackupException.Kind.DOWN, "interrupted while " + object + " was sent to " + store.location(), e);
        } finally {
            handover.abort();
            sent.cancel(true);
        }
    }

    private BackupException errorOf(Future<Digest> sent) {
        try {
            sent.get(0, TimeUnit.SECONDS);
            return slow("an object");
        } catch (ExecutionException e) {
            return failure(e);
        } catch (TimeoutException e) {
            return slow("an object");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new BackupException(BackupException.Kind.DOWN, "interrupted", e);
        }
    }

    private BackupException failure(ExecutionException error) {
        return error.getCause() instanceof BackupException known
                ? known
                : new BackupException(
                        BackupException.Kind.DOWN, store.location() + " cannot be written: " + error.getCause(), error);
    }

    private BackupException slow(String object) {
        return new BackupException(
                BackupException.Kind.SLOW,
                object + " was not at " + store.location() + " within " + PATIENCE.toSeconds()
                        + " s, and no longer may a batch hold its rows for it",
                null);
    }

    private BackupException damaged(String object, Digest wished, Digest there) {
        return new BackupException(
                BackupException.Kind.DAMAGED,
                store.location() + object + " is not what was sent: " + there.bytes() + " bytes with SHA-256 "
                        + there.sha256() + ", sent were " + wished.bytes() + " with " + wished.sha256(),
                null);
    }

    /** Waits a little for what is still being sent, which nobody needs any more. */
    @Override
    public void close() {
        senders.shutdownNow();
        try {
            senders.awaitTermination(END.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
