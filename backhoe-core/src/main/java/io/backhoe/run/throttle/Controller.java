package io.backhoe.run.throttle;

import io.backhoe.ledger.Limit;
import io.backhoe.ledger.Tuning;
import io.backhoe.value.Policy;
import io.backhoe.value.SignalName;
import java.time.Duration;
import java.util.ArrayList;
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

    private static final Duration STARVED_AFTER = Duration.ofMinutes(10);

    private final LongSupplier nanos;
    private final Map<SignalName, Signal> signals = new EnumMap<>(SignalName.class);
    private final List<Decision> untold = new ArrayList<>();
    private final Effort effort = new Effort();
    private Policy policy;
    private Limits limits;
    private int workers;
    private @Nullable Duration batchTime;
    private @Nullable Limit closed;
    private @Nullable SignalName holding;
    private @Nullable Limit held;
    private @Nullable Limit slowedBy;
    private boolean toldOfLess;
    private long changedAt;
    private long heldSince;
    private long starvedAt;

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
            untold.add(Decision.notWatched(reading.name().word() + ": " + cure));
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
            untold.add(Decision.of(until, "no batch begins before these hours"));
        } else if (until == null && closed != null) {
            untold.add(Decision.said(closed.signal() + ": its hours have come, work goes on"));
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
        Signal worst = policy.yields() ? worst(now) : signalOver(SignalName.DISK, now);
        if (worst == null) {
            release(now);
        } else {
            Double limit = limits.of(worst.name());
            hold(worst.name(), worst.shown(limit == null ? 0 : limit, now), now);
        }
        if (policy.yields()) {
            adjust(now);
        } else if (effort.isLess()) {
            effort.full();
            slowedBy = null;
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

    private @Nullable Signal signalOver(SignalName name, long now) {
        var signal = signals.get(name);
        return signal != null && signal.standing(limits.of(name), now) == Signal.Standing.OVER ? signal : null;
    }

    private boolean holds(Signal signal, long now) {
        boolean before = signal.name() == holding;
        return switch (signal.standing(limits.of(signal.name()), now)) {
            case STALE -> true;
            case OVER -> Response.of(signal.name()).holds();
            case ENOUGH -> before && Response.of(signal.name()).holds();
            case CALM, NOT_WATCHED -> false;
        };
    }

    private void hold(SignalName name, Limit why, long now) {
        if (name != holding) {
            if (holding == null) {
                heldSince = now;
                starvedAt = now;
                effort.halve();
                changedAt = now;
                slowedBy = why;
            }
            holding = name;
            toldOfLess = true;
            untold.add(Decision.of(why, "no batch begins until it is well again"));
        }
        held = why;
    }

    private void release(long now) {
        SignalName was = holding;
        if (was == null) {
            return;
        }
        holding = null;
        held = null;
        changedAt = now;
        var signal = signals.get(was);
        Double limit = limits.of(was);
        String value = signal == null || limit == null || limit == SignalName.OFF
                ? was.word() + " is not watched any more"
                : signal.shown(limit, now).toString();
        untold.add(Decision.said(value + ": work goes on at " + effort + ", after "
                + Duration.ofNanos(now - heldSince).toSeconds() + " s"));
    }

    /** Less effort where a signal asks for that, and a little more where none does. */
    private void adjust(long now) {
        if (holding != null || closed != null || now - changedAt < SETTLE.toNanos()) {
            return;
        }
        changedAt = now;
        Signal over = standing(Signal.Standing.OVER, now);
        Signal enough = standing(Signal.Standing.ENOUGH, now);
        if (over != null) {
            boolean first =
                    slowedBy == null || !slowedBy.signal().equals(over.name().word());
            effort.halve();
            slowedBy = shown(over, now);
            if (first) {
                toldOfLess = true;
                untold.add(Decision.of(slowedBy, "effort " + effort));
            }
        } else if (enough != null && Response.of(enough.name()).eases()) {
            effort.ease();
            slowedBy = shown(enough, now);
        } else if (enough == null && effort.isLess()) {
            effort.grow();
            if (!effort.isLess()) {
                slowedBy = null;
                if (toldOfLess) {
                    untold.add(Decision.said("all signals are well: full effort again"));
                }
                toldOfLess = false;
            }
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
        if (holding == null || held == null || now - starvedAt < STARVED_AFTER.toNanos()) {
            return;
        }
        starvedAt = now;
        untold.add(Decision.warning("held for "
                + Duration.ofNanos(now - heldSince).toMinutes() + " min by " + held
                + "; who wants it to go on all the same: backhoe tune --limit " + holding.word() + "=VALUE, or off"));
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
        var told = List.copyOf(untold);
        untold.clear();
        return told;
    }
}
