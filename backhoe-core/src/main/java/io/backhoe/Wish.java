package io.backhoe;

import io.backhoe.database.Session;
import io.backhoe.ledger.ChunkTable;
import io.backhoe.ledger.Executor;
import io.backhoe.ledger.Phase;
import io.backhoe.ledger.RequestTable;
import io.backhoe.ledger.RunRecord;
import io.backhoe.ledger.RunTable;
import io.backhoe.ledger.Tuning;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.Cause;
import io.backhoe.value.ExitCode;
import io.backhoe.value.RunState;
import io.backhoe.value.Time;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What somebody wants of a run that another process may be executing, or that nobody executes. */
record Wish(Session session, Time time, long runId, String verb, Cause cause) {
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(30);
    private static final Duration LOOK_EVERY = Duration.ofMillis(200);

    /**
     * Asks the executor, and waits for its answer; where there is none, does it here.
     *
     * @param whatever whether it is meant of whatever a process has just begun with the run
     * @return in what state that has left the run
     * @throws BackhoeException CONFLICT when there is an executor but no answer within half a minute, or one that does something else by now
     */
    String fulfil(RunState wished, boolean whatever) {
        Boolean undoing = whatever ? null : isUndoing();
        long request = RequestTable.ask(session, runId, verb, cause);
        return await(request, undoing, () -> settleUnattended(wished).name());
    }

    private boolean isUndoing() {
        return RunTable.find(session, runId).orElseThrow().undoing();
    }

    /**
     * @param undoing whether the run was being taken back when this was asked; null where that is the same to who asks
     * @param unattended what to do when nobody executes the run; its outcome
     */
    private String await(long asked, @Nullable Boolean undoing, Supplier<String> unattended) {
        long since = time.nanos();
        long request = asked;
        try {
            while (true) {
                String outcome = RequestTable.outcome(session, request);
                if (RequestTable.SUPERSEDED.equals(outcome)) {
                    request = superseded(request, undoing);
                } else if (outcome != null) {
                    return outcome;
                }
                if (RunTable.lock(session, runId)) {
                    return settled(request, unattended);
                } else if (time.nanos() - since > ANSWER_WITHIN.toNanos()) {
                    throw new BackhoeException(
                            ExitCode.CONFLICT,
                            "no_answer",
                            "Run " + runId + " has not answered within " + ANSWER_WITHIN.toSeconds()
                                    + " s; the request to " + verb
                                    + " stays open, until its process comes round or another goes on with the run.",
                            "backhoe status " + runId);
                } else {
                    time.sleep(LOOK_EVERY);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BackhoeException(
                    ExitCode.STOPPED,
                    "interrupted",
                    "Interrupted; the request to " + verb + " run " + runId + " stays open.",
                    "backhoe status " + runId,
                    e);
        }
    }

    /** Who waits here is still of the same mind, whoever it is that goes on with the run now, as long as it is the same work. */
    private long superseded(long request, @Nullable Boolean undoing) {
        RunRecord run = RunTable.find(session, runId).orElseThrow();
        if (!run.state().isUnderWay()) {
            // What it is that begins is not told yet.
            return request;
        }
        if (undoing != null && undoing != run.undoing()) {
            throw new BackhoeException(
                    ExitCode.CONFLICT,
                    "superseded",
                    "Run " + runId + " is " + run.state() + " by now, which another process has begun; the request to "
                            + verb + " was of what it did before and is closed.",
                    "backhoe status " + runId);
        }
        return RequestTable.again(session, request);
    }

    /** Nobody executes the run, and we have its lock. */
    private String settled(long request, Supplier<String> unattended) {
        String settled = unattended.get();
        RequestTable.close(session, request, settled);
        RunTable.unlock(session, runId);
        String outcome = RequestTable.outcome(session, request);
        return outcome == null || outcome.equals(RequestTable.SUPERSEDED) ? settled : outcome;
    }

    /**
     * Asks the executor to change its pace, and waits until it has; where there is none, the next one finds it so.
     *
     * @throws BackhoeException CONFLICT when the run has ended meanwhile, or there is an executor but no answer within half a minute
     */
    void tune(Tuning tuning) {
        boolean undoing = isUndoing();
        long request = RequestTable.ask(session, runId, verb, cause, tuning);
        String outcome = await(request, undoing, () -> {
            RunRecord run = RunTable.find(session, runId).orElseThrow();
            RunTable.tune(session, runId, run.epoch(), tuning, cause.who());
            return RequestTable.TUNED;
        });
        if (!outcome.equals(RequestTable.TUNED)) {
            throw new BackhoeException(
                    ExitCode.CONFLICT,
                    "not_tuned",
                    "Run " + runId + " was not tuned: it is " + outcome + " by now.",
                    "backhoe status " + runId);
        }
    }

    /** Nobody executes the run and we have its lock, so its state is ours to change. */
    private RunState settleUnattended(RunState wished) {
        RunState state = RunTable.find(session, runId).orElseThrow().state();
        if (!state.mayBecome(wished)) {
            return state;
        }
        RunTable.endFormerWorkers(session, runId);
        int epoch = RunTable.takeOver(session, runId, Executor.name());
        RunRecord run = RunTable.find(session, runId).orElseThrow();
        new ChunkTable(runId, epoch, run.undoing() ? Phase.UNDO : Phase.RUN).release(session);
        RunTable.move(
                session,
                run,
                wished,
                verb + " asked by " + cause.who() + (cause.why() == null ? "" : ": " + cause.why()),
                ExitCode.STOPPED.code());
        return wished;
    }
}
