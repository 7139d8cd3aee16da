package io.backhoe.notify;

import io.backhoe.ledger.Limit;
import io.backhoe.plan.Forecast;
import io.backhoe.plan.Plan;
import io.backhoe.report.Numbers;
import io.backhoe.report.RunReport;
import io.backhoe.run.Progress;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import io.backhoe.value.RunState;
import io.backhoe.value.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tells a webhook of one execution of a run: that it has begun, how far it is, what failed, what it waits for, and how it
 * ended. What happens within a second is told in one message. Takes no time of the run's, and never fails. Thread-safe.
 */
public final class WebhookListener implements Teller {
    /** Of all conflicts the one after which it is not certain that another process works on the run. */
    private static final String LOCK_LOST = "lock_lost";

    private final Webhook to;
    private final String flags;
    private final Outbox outbox;
    private final Time time;
    private final Cadence cadence;
    private final Holds holds = new Holds();
    private final List<String> failed = new ArrayList<>();
    private @Nullable Plan plan;
    private long runId;
    private boolean started;

    /** @param flags what a command needs to find the same database, with a leading space, or nothing */
    public WebhookListener(Webhook to, String flags, Time time, Trouble trouble) {
        this(to, flags, time, trouble, Patience.USUAL);
    }

    WebhookListener(Webhook to, String flags, Time time, Trouble trouble, Patience patience) {
        this.to = to;
        this.flags = flags;
        this.time = time;
        this.cadence = new Cadence(to.frequency());
        this.outbox = new Outbox(new Courier(to.address(), patience, time), to.where(), patience, trouble);
    }

    /**
     * Sends a message that says it is a trial, and waits for what becomes of it.
     *
     * @return why it was not taken; null when it was
     */
    public static @Nullable String test(Webhook to, String name, String table, Time time) throws InterruptedException {
        var message = new Message(
                Message.Kind.TEST,
                new Subject(0, name, table),
                "a trial: runs will be told of here",
                null,
                null,
                null,
                time.now());
        return new Courier(to.address(), Patience.ONCE, time).deliver(new WebhookLetter(message, to, time));
    }

    @Override
    public synchronized void plan(Plan executed) {
        plan = executed;
    }

    @Override
    public synchronized void begins(long run) {
        runId = run;
    }

    @Override
    public synchronized void event(String kind, String chunk, String message) {
        switch (kind) {
            case "chunk_failed" -> failed.add(chunk);
            case "state" -> {
                if (message.equals(RunState.RUNNING.name()) || message.equals(RunState.ROLLING_BACK.name())) {
                    start(message, null);
                }
            }
            default -> {} // not worth a message
        }
    }

    @Override
    public synchronized void progress(Progress progress) {
        var far = HowFar.of(progress);
        start(progress.state().name(), far);
        long now = time.nanos();
        boolean due = cadence.due(far, now);
        Duration held = holds.look(far, now);
        Limit limit = far.limit();
        if (held != null && limit != null) {
            say(
                    Message.Kind.HELD,
                    "held by " + limit.signal(),
                    far,
                    "for " + Numbers.time(held) + " by " + limit,
                    null);
        } else if (!failed.isEmpty()) {
            String what = failed.size() == 1 ? "1 chunk has failed" : failed.size() + " chunks have failed";
            say(Message.Kind.CHUNKS_FAILED, what, far, Reasons.names(failed, failed.size()), look());
            failed.clear();
        } else if (holds.over()) {
            say(Message.Kind.PROGRESS, "goes on, " + far.percent() + " %", far, null, null);
        } else if (due) {
            say(Message.Kind.PROGRESS, far.percent() + " %", far, null, null);
        }
    }

    private void start(String state, @Nullable HowFar far) {
        if (!started) {
            started = true;
            // The forecast is of the run, not of taking it back.
            boolean undo = state.equals(RunState.ROLLING_BACK.name());
            say(Message.Kind.STARTED, state, far, undo ? null : expected(), null);
        }
    }

    private @Nullable String expected() {
        Forecast forecast = plan == null ? null : plan.forecast();
        if (forecast == null) {
            return null;
        }
        var duration = forecast.durationMillis();
        return "all of it is expected to take "
                + Numbers.between(
                        Numbers.rounded(Duration.ofMillis(duration.low())),
                        Numbers.rounded(Duration.ofMillis(duration.high())));
    }

    @Override
    public synchronized void ended(RunReport report, @Nullable String command) {
        if (runId != 0) {
            var kind = report.run().state() == RunState.PAUSED ? Message.Kind.STOPPED : Message.Kind.FINISHED;
            say(kind, report.run().state().name(), HowFar.of(report), Reasons.of(report), command);
        }
    }

    @Override
    public synchronized void left(RunReport report) {
        say(Message.Kind.PROGRESS, "goes on in another process", HowFar.of(report), null, null);
    }

    @Override
    public synchronized void broke(Throwable why) {
        if (runId != 0 && !worksElsewhere(why)) {
            String reason = why instanceof BackhoeException known
                    ? known.code().replace('_', ' ')
                    : "an error that Backhoe does not know";
            say(Message.Kind.STOPPED, "this process works on it no longer", null, reason, look());
        }
    }

    private static boolean worksElsewhere(Throwable why) {
        return why instanceof BackhoeException known
                && known.exit() == ExitCode.CONFLICT
                && !known.code().equals(LOCK_LOST);
    }

    private String look() {
        return "backhoe status " + runId + flags;
    }

    private void say(
            Message.Kind kind, String title, @Nullable HowFar far, @Nullable String reason, @Nullable String command) {
        Plan of = plan;
        var subject = of == null
                ? new Subject(runId, "a backfill", "")
                : new Subject(
                        runId,
                        of.spec().about().name(),
                        of.spec().scope().table().toString());
        var message = new Message(kind, subject, title, far, reason, command, time.now());
        outbox.put(new WebhookLetter(message, to, time));
    }

    @Override
    public void close() {
        outbox.close();
    }
}
