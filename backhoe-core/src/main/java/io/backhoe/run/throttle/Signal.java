package io.backhoe.run.throttle;

import io.backhoe.ledger.Limit;
import io.backhoe.ledger.SignalRecord;
import io.backhoe.value.SignalName;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * One signal over time: what it said last and when, and what that means. Between its limit and the value under which work
 * goes on again lies a stretch in which nothing changes, so that a value around the limit does not switch back and forth.
 * Confined to one thread.
 */
final class Signal {
    /** What a signal means. */
    enum Standing {
        /** It cannot be read here, or nobody wants it watched. */
        NOT_WATCHED,
        /** It has said nothing yet, or too little. */
        NOT_KNOWN,
        /** There is room. */
        CALM,
        /** As much as it may be: no more of it. */
        ENOUGH,
        /** Too much. */
        OVER,
        /** It could be read and no longer can. */
        STALE
    }

    /** Of what jumps one reading says nothing. */
    private static final int FEWEST = 3;

    private final SignalName name;
    private long readAt;
    private final Deque<Double> recent = new ArrayDeque<>();
    private @Nullable Reading last;
    private String trouble = "";

    Signal(SignalName name, long now) {
        this.name = name;
        this.readAt = now;
    }

    SignalName name() {
        return name;
    }

    void read(Reading reading, long now) {
        last = reading;
        readAt = now;
        trouble = "";
        Double value = reading.value();
        if (value == null) {
            recent.clear();
            return;
        }
        recent.addLast(value);
        if (recent.size() > Response.of(name).averages()) {
            recent.removeFirst();
        }
    }

    /** Nobody could ask. */
    void unread(String why) {
        trouble = why;
    }

    Standing standing(@Nullable Double limit, long now) {
        if (limit == null || limit == SignalName.OFF || isNotReadable()) {
            return Standing.NOT_WATCHED;
        }
        if (age(now).compareTo(Reading.STALE_AFTER) > 0) {
            return Standing.STALE;
        }
        if (recent.size() < Math.min(Response.of(name).averages(), FEWEST)) {
            return Standing.NOT_KNOWN;
        }
        double value = value();
        return value > limit
                ? Standing.OVER
                : value >= Response.of(name).resumeShare() * limit ? Standing.ENOUGH : Standing.CALM;
    }

    /** The cure of what cannot be read; null when it can be. */
    @Nullable
    String cure() {
        return last == null ? null : last.cure();
    }

    private boolean isNotReadable() {
        return last != null && last.value() == null;
    }

    /** Of what jumps, the average. */
    private double value() {
        return recent.stream().mapToDouble(Double::doubleValue).average().orElse(0);
    }

    Duration age(long now) {
        return Duration.ofNanos(now - readAt);
    }

    /** For whoever asks how all of them stand. */
    SignalRecord record(@Nullable Double limit, long now) {
        String cure = cure();
        if (limit == null || limit == SignalName.OFF || isNotReadable()) {
            boolean off = limit != null && limit == SignalName.OFF;
            return new SignalRecord(name.word(), "", off ? "off" : "", age(now), off ? "" : cure == null ? "" : cure);
        }
        Limit shown = last == null ? new Limit(name.word(), "", name.shown(limit)) : shown(limit, now);
        return new SignalRecord(name.word(), shown.value(), name.shown(limit), age(now), "");
    }

    /** For people: signal, value and limit. */
    Limit shown(double limit, long now) {
        if (age(now).compareTo(Reading.STALE_AFTER) > 0) {
            String why = trouble.isEmpty() ? "" : " (" + trouble + ")";
            return new Limit(
                    name.word(),
                    "not read for " + age(now).toSeconds() + " s" + why,
                    Reading.STALE_AFTER.toSeconds() + " s");
        }
        String about = last == null || last.about().isEmpty() ? "" : " (" + last.about() + ")";
        String value = last != null && last.isUnended() ? "not ended" : name.shown(value());
        return new Limit(name.word(), value + about, name.shown(limit));
    }
}
