package io.backhoe.backfill;

import java.io.IOException;

/** Process after process, each of which starts while the one before is at work. */
final class CrashRelay implements AutoCloseable {
    private final TestDatabase db;
    private CrashProcess next;

    CrashRelay(TestDatabase db) throws IOException {
        this.db = db;
        this.next = CrashProcess.start(db);
    }

    /** One that waits for its order. The caller closes it. */
    CrashProcess next() throws IOException {
        var process = next;
        next = CrashProcess.start(db);
        return process;
    }

    @Override
    public void close() {
        next.close();
    }
}
