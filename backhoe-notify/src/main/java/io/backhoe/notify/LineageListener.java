package io.backhoe.notify;

import io.backhoe.notify.LineageEvent.Type;
import io.backhoe.report.KnownRun;
import io.backhoe.report.RunReport;
import io.backhoe.run.Progress;
import io.backhoe.value.ExitCode;
import io.backhoe.value.RunState;
import io.backhoe.value.Time;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells a backend of OpenLineage what a run reads and writes: that it has begun, that it goes on, and how it ended. A pause is
 * no end. A rollback is a run of another job: what has ended does not end again. Takes no time of the run's, and never fails.
 * Thread-safe.
 */
public final class LineageListener implements Teller {
    /** What somebody goes on with, and does not begin anew. */
    private static final Set<RunState> OPEN =
            EnumSet.of(RunState.RUNNING, RunState.VERIFYING, RunState.PAUSED, RunState.ROLLING_BACK);

    private final LineageBackend to;
    private final KnownRun known;
    private final Time time;
    private final Cadence cadence;
    private final Outbox outbox;
    private boolean started;

    /** @param known the run as it was before this process began to work on it */
    public LineageListener(LineageBackend to, KnownRun known, Time time, Trouble trouble) {
        this(to, known, time, trouble, Patience.USUAL);
    }

    LineageListener(LineageBackend to, KnownRun known, Time time, Trouble trouble, Patience patience) {
        this.to = to;
        this.known = known;
        this.time = time;
        this.cadence = new Cadence(known.plan().spec().monitoring().frequency());
        this.outbox = new Outbox(new Courier(to.address(), patience, time), to.where(), patience, trouble);
    }

    @Override
    public synchronized void event(String kind, String chunk, String message) {
        if (kind.equals(Kind.STATE.word())) {
            if (message.equals(RunState.RUNNING.name())) {
                start(false);
            } else if (message.equals(RunState.ROLLING_BACK.name())) {
                start(true);
            }
        }
    }

    @Override
    public synchronized void progress(Progress progress) {
        boolean undo = progress.state() == RunState.ROLLING_BACK;
        var far = HowFar.of(progress);
        start(undo);
        if (cadence.due(far, time.nanos())) {
            say(Type.RUNNING, undo, rows(undo, far.changed()), null);
        }
    }

    private void start(boolean undo) {
        if (started) {
            return;
        }
        started = true;
        if (isOpen() && !goesOn(undo)) {
            say(Type.ABORT, !undo, null, null);
        }
        say(goesOn(undo) ? Type.RUNNING : Type.START, undo, null, null);
    }

    private boolean isOpen() {
        return OPEN.contains(known.run().state());
    }

    private boolean goesOn(boolean undo) {
        return isOpen() && known.run().undoing() == undo;
    }

    /**
     * Those of this run of OpenLineage alone: a retry does not count again what was written before. Null where that
     * happened in several processes, of which none knows how far the one before the first had got.
     */
    private @Nullable Long rows(boolean undo, long changed) {
        if (known.ends() == 0) {
            return changed;
        }
        return goesOn(undo)
                ? null
                : (Long) (changed
                        - (undo ? known.done().restored() : known.done().changed()));
    }

    @Override
    public synchronized void ended(RunReport report, @Nullable String command) {
        var run = report.run();
        Type end = end(run.state(), run.exitCode());
        if (end == null) {
            return;
        }
        start(run.undoing());
        String reason = Reasons.of(report);
        String error = end == Type.FAIL ? run.state() + (reason == null ? "" : ": " + reason) : null;
        say(end, run.undoing(), rows(run.undoing(), HowFar.of(report).changed()), error);
    }

    private static @Nullable Type end(RunState state, @Nullable Integer exit) {
        return switch (state) {
            case SUCCEEDED, ROLLED_BACK -> Type.COMPLETE;
            case PARTIAL, FAILED -> Type.FAIL;
            // A rollback of some chunks that did all that it was asked for leaves the rest as it was.
            case ROLLBACK_PARTIAL -> exit != null && exit == ExitCode.SUCCESS.code() ? Type.COMPLETE : Type.FAIL;
            case CANCELLED -> Type.ABORT;
            case PLANNED, RUNNING, PAUSED, VERIFYING, ROLLING_BACK -> null;
        };
    }

    @Override
    public void left(RunReport report) {
        // a pause is no end
    }

    /** A run that broke is paused, or goes on in another process. */
    @Override
    public void broke(Throwable why) {}

    private void say(Type type, boolean undo, @Nullable Long rows, @Nullable String error) {
        outbox.put(new LineageEvent(to, known, type, undo, time.now(), rows, error));
    }

    @Override
    public void close() {
        outbox.close();
    }
}
