package io.backhoe.run.throttle;

import io.backhoe.ledger.Limit;
import io.backhoe.ledger.SignalRecord;
import io.backhoe.ledger.Tuning;
import io.backhoe.value.Policy;
import io.backhoe.value.SignalName;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides for a whole run how hard it works: additive increase, multiplicative decrease (Chiu and Jain, "Analysis of the
 * Increase and Decrease Algorithms for Congestion Avoidance in Computer Networks", 1989). See {@code docs/adr/0013}.
 * Thread-safe.
 */
public final class Controller {
    /** So long what was decided is given to take effect. */
    private static final Duration SETTLE = Duration.ofSeconds(5);

    private final LongSupplier nanos;
    private final Map<SignalName, Signal> signals = new EnumMap<>(SignalName.class);
    private final News news = new News();
    private final Effort effort = new Effort();
    private final Starvation starvation;
    private Policy policy;
    private Limits limits;
    private int workers;
    private @Nullable Duration batchTime;
    private @Nullable Limit closed;
    private @Nullable SignalName holding;
    private @Nullable Limit held;
    private @Nullable Limit slowedBy;
    private @Nullable SignalName slowing;
    private long changedAt;
    private long fellAt;
    private long heldSince;

    /**
     * @param workers how many there are at full effort
     * @param nanos a monotonic clock
     */
    public Controller(Policy policy, Limits limits, int workers, LongSupplier nanos) {
        this.policy = policy;
        this.limits = limits;
        this.workers = workers;
        this.nanos = nanos;
        this.changedAt = nanos.getAsLong();
        this.fellAt = changedAt - SETTLE.toNanos();
        this.starvation = new Starvation(changedAt);
    }

    /** Watches a signal from now on; one that never says anything is stale after fifteen seconds. */
    public synchronized void watch(SignalName name) {
        watched(name);
    }

    private Signal watched(SignalName name) {
        return signals.computeIfAbsent(name, n -> new Signal(n, nanos.getAsLong()));
    }

    /** A signal says something. What cannot be read here is told once. */
    public synchronized void read(Reading reading) {
        var signal = watched(reading.name());
        String before = signal.cure();
        signal.read(reading, nanos.getAsLong());
        String cure = signal.cure();
        Double limit = limits.of(reading.name());
        boolean wanted = limit == null || limit != SignalName.OFF;
        if (cure != null && !cure.equals(before) && wanted) {
            news.add(Decision.notWatched(reading.name().word() + ": " + cure));
        }
    }

    /** These could not be asked for. */
    public synchronized void unread(List<SignalName> names, String why) {
        names.forEach(name -> watched(name).unread(why));
    }

    /** Somebody has said otherwise. */
    public synchronized void tune(Tuning tuning) {
        Integer wished = tuning.workers();
        Duration time = tuning.batchTime();
        Policy other = tuning.policy();
        workers = wished == null ? workers : wished;
        batchTime = time == null ? batchTime : time;
        policy = other == null ? policy : other;
        limits = limits.with(tuning.limits());
    }

    /** The hours in which a run may not work; null within those in which it may. */
    public synchronized void closed(@Nullable Limit until) {
        if (until != null && closed == null) {
            news.add(Decision.of(until, "no batch begins before these hours"));
        } else if (until == null && closed != null) {
            news.add(Decision.said(closed.signal() + ": its hours have come, work goes on"));
        }
        closed = until;
    }

    public synchronized Policy policy() {
        return policy;
    }

    public synchronized @Nullable Double limit(SignalName name) {
        return limits.of(name);
    }

    /** Looks at the signals and changes the course. To be called about every second, or more often. */
    public synchronized void decide() {
        long now = nanos.getAsLong();
        Signal worst = worst(now);
        if (worst == null) {
            release(now);
        } else {
            hold(worst.name(), shown(worst, now), now);
        }
        if (policy.yields()) {
            adjust(now);
        } else if (effort.isLess()) {
            effort.full();
            slowedBy = null;
            slowing = null;
            news.from(effort);
        }
        starve(now);
    }

    /** The signal that holds, if there is one: the present one for as long as it does. */
    private @Nullable Signal worst(long now) {
        Signal present = holding == null ? null : signals.get(holding);
        if (present != null && holds(present, now)) {
            return present;
        }
        return signals.values().stream().filter(s -> holds(s, now)).findFirst().orElse(null);
    }

    private boolean holds(Signal signal, long now) {
        if (!policy.yields() && signal.name() != SignalName.DISK) {
            // Whoever wants no pauses does not want a full disk either, nor not to know.
            return false;
        }
        boolean before = signal.name() == holding;
        return switch (signal.standing(limits.of(signal.name()), now)) {
            case STALE -> true;
            case OVER -> Response.of(signal.name()).holds();
            case ENOUGH -> before && Response.of(signal.name()).holds();
            case CALM, NOT_KNOWN, NOT_WATCHED -> false;
        };
    }

    private void hold(SignalName name, Limit why, long now) {
        if (name != holding) {
            if (holding == null) {
                heldSince = now;
                fall(name, why, now);
                news.from(effort);
            }
            holding = name;
            news.add(Decision.of(why, "no batch begins until it is well again"));
        }
        held = why;
    }

    /** Half of it, unless that has just been done, and had no time to take effect. */
    private boolean fall(SignalName name, Limit why, long now) {
        changedAt = now;
        if (now - fellAt < SETTLE.toNanos()) {
            return false;
        }
        fellAt = now;
        effort.halve();
        slowed(name, why);
        return true;
    }

    private void slowed(SignalName name, Limit why) {
        slowing = name;
        slowedBy = why;
    }

    private void release(long now) {
        SignalName was = holding;
        if (was == null) {
            return;
        }
        holding = null;
        held = null;
        changedAt = now;
        news.add(Decision.said(present(was, now) + ": work goes on at " + effort + ", after "
                + Duration.ofNanos(now - heldSince).toSeconds() + " s"));
    }

    /** What a signal says now; for people. */
    private String present(SignalName name, long now) {
        var signal = signals.get(name);
        Double limit = limits.of(name);
        return signal == null || limit == null || limit == SignalName.OFF
                ? name.word() + " is not watched any more"
                : signal.shown(limit, now).toString();
    }

    /** Less effort at once where a signal asks for that; a little more, from time to time, where none does. */
    private void adjust(long now) {
        if (holding != null || closed != null) {
            return;
        }
        Signal over = standing(Signal.Standing.OVER, now);
        if (over != null) {
            if (fall(over.name(), shown(over, now), now)) {
                news.less(over.name(), shown(over, now).toString(), effort);
            }
            return;
        }
        if (now - changedAt < SETTLE.toNanos()) {
            return;
        }
        changedAt = now;
        Signal enough = standing(Signal.Standing.ENOUGH, now);
        if (enough != null && Response.of(enough.name()).eases()) {
            effort.ease();
            slowed(enough.name(), shown(enough, now));
            news.less(shown(enough, now).toString(), effort);
        } else if (enough == null && standing(Signal.Standing.NOT_KNOWN, now) == null) {
            grow(now);
        }
    }

    private void grow(long now) {
        if (!effort.isLess()) {
            return;
        }
        effort.grow();
        starvation.fed(now);
        news.more(slowing == null ? "all signals are well" : present(slowing, now), effort);
        if (!effort.isLess()) {
            slowedBy = null;
            slowing = null;
        }
    }

    private Limit shown(Signal signal, long now) {
        Double limit = limits.of(signal.name());
        return signal.shown(limit == null ? 0 : limit, now);
    }

    private @Nullable Signal standing(Signal.Standing standing, long now) {
        return signals.values().stream()
                .filter(s -> s.standing(limits.of(s.name()), now) == standing)
                .findFirst()
                .orElse(null);
    }

    private void starve(long now) {
        if (closed != null || (holding == null && !effort.isLess())) {
            starvation.fed(now);
        }
        SignalName by = holding == null ? slowing : holding;
        if (!starvation.isDue(now) || by == null) {
            return;
        }
        boolean onceOnly = heldSince - starvation.since() < SETTLE.toNanos() * 2;
        String how = holding == null
                ? "no more than effort " + effort + " for "
                : onceOnly ? "held for " : "held again and again for ";
        news.add(Decision.warning(how + starvation.minutes(now) + " min because of " + present(by, now)
                + "; who wants it to go on all the same: backhoe tune --limit " + by.word() + "=VALUE, or off"));
    }

    /** What each signal says now, in the order of their names. */
    public synchronized List<SignalRecord> signals() {
        long now = nanos.getAsLong();
        return signals.values().stream()
                .map(s -> s.record(limits.of(s.name()), now))
                .toList();
    }

    /** How many workers there are at full effort. */
    public synchronized int most() {
        return workers;
    }

    /** How hard to work from now on. */
    public synchronized Course course() {
        return effort.course(
                workers,
                batchTime == null ? policy.batchTime() : batchTime,
                policy.rest(),
                closed == null ? held : closed);
    }

    /** What keeps the run from its full speed; null when nothing does. */
    public synchronized @Nullable Limit limit() {
        if (closed != null || held != null) {
            return closed == null ? held : closed;
        }
        Limit slowed = slowedBy;
        return slowed == null || !effort.isLess()
                ? null
                : new Limit(slowed.signal(), "effort " + effort + " since it was " + slowed.value(), slowed.limit());
    }

    /** What was decided since the last call. */
    public synchronized List<Decision> drain() {
        return news.drain();
    }
}
