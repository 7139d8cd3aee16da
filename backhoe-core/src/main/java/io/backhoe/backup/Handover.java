package io.backhoe.backup;

import io.backhoe.value.Time;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** From the thread that has the bytes to the one that sends them, a little at a time, until a moment. */
final class Handover {
    private static final byte[] END = new byte[0];
    private static final long SLICE_MILLIS = 20;
    private static final int PIECES = 4;
    private static final int PIECE = 1 << 16;

    private final BlockingQueue<byte[]> pieces = new ArrayBlockingQueue<>(PIECES);
    private final Time time;
    private final long until;
    private volatile boolean aborted;

    Handover(Time time, Duration patience) {
        this.time = time;
        this.until = time.nanos() + patience.toNanos();
    }

    Duration left() {
        return Duration.ofNanos(Math.max(0, until - time.nanos()));
    }

    /** Nobody goes on with it: what was sent of it must come to nothing. */
    void abort() {
        aborted = true;
    }

    /** @param gone whether nobody takes what is given any more */
    OutputStream entrance(BooleanSupplier gone) {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] from, int offset, int length) throws IOException {
                for (int at = offset; at < offset + length; at += PIECE) {
                    give(Arrays.copyOfRange(from, at, Math.min(at + PIECE, offset + length)), gone);
                }
            }
        };
    }

    void end(BooleanSupplier gone) throws IOException {
        give(END, gone);
    }

    private void give(byte[] piece, BooleanSupplier gone) throws IOException {
        try {
            while (!pieces.offer(piece, SLICE_MILLIS, TimeUnit.MILLISECONDS)) {
                if (gone.getAsBoolean() || time.nanos() >= until) {
                    throw new IOException("not sent");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while sending");
        }
    }

    /** In the thread that sends. */
    void drain(OutputStream to) throws IOException {
        try {
            while (true) {
                byte[] piece = pieces.poll(SLICE_MILLIS, TimeUnit.MILLISECONDS);
                if (aborted) {
                    throw new InterruptedIOException("the batch was rolled back meanwhile");
                }
                if (piece == END) {
                    return;
                }
                if (piece != null) {
                    to.write(piece);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while sending");
        }
    }
}
