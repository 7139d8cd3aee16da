package io.backhoe.embedded;

import java.util.List;
import java.util.concurrent.TimeUnit;

/** A running server process, our child. */
record Postmaster(Process process) {
    private static final long START_SECONDS = 60;
    private static final long FAST_SECONDS = 30;
    private static final long IMMEDIATE_SECONDS = 10;

    static Postmaster start(Binaries binaries, ServerUser user, Cluster cluster, int port) {
        List<String> postgres = user.command(
                List.of(binaries.program("postgres"), "-D", cluster.data().toString(), "-p", Integer.toString(port)));
        return new Postmaster(Command.start(Command.detached(postgres), cluster.log()));
    }

    /** Waits until connections are taken; false if the process has ended instead. */
    boolean awaitReady(Cluster cluster) {
        long patience = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        try {
            while (!cluster.ready(process.pid())) {
                if (process.waitFor(10, TimeUnit.MILLISECONDS)) {
                    return false;
                }
                if (System.nanoTime() > patience) {
                    throw new ServerException(
                            "PostgreSQL was not ready after " + START_SECONDS + " s" + cluster.tail());
                }
            }
            return true;
        } catch (InterruptedException e) {
            throw Command.interrupted(e);
        }
    }

    /** Rolls back what is open, writes a checkpoint, ends. A client that hangs on gets an immediate stop. */
    void stopFast() {
        signal("INT");
        if (!Command.ended(process, FAST_SECONDS)) {
            stopImmediately();
        }
    }

    /** Ends as in a crash: the next start recovers from the log. */
    void stopImmediately() {
        signal("QUIT");
        if (!Command.ended(process, IMMEDIATE_SECONDS)) {
            process.destroyForcibly();
            throw new ServerException("PostgreSQL (process " + process.pid() + ") did not end when told to; killed it");
        }
    }

    private void signal(String name) {
        if (process.isAlive()) {
            // The shell's own kill: there may be no program of that name.
            Command.run(List.of("sh", "-c", "kill -" + name + " " + process.pid()));
        }
    }
}
