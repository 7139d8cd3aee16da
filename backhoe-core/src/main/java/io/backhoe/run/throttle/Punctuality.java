package io.backhoe.run.throttle;

import io.backhoe.ledger.SignalRecord;
import io.backhoe.ledger.TimeLeft;
import io.backhoe.value.Deadline;
import io.backhoe.value.WorkHours;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Whether a run will have ended by its deadline. It changes nothing of how hard a run works: others come first. Confined to
 * one thread.
 */
public final class Punctuality {
    private final Deadline deadline;
    private final @Nullable WorkHours hours;
    private boolean late;

    public Punctuality(Deadline deadline, @Nullable WorkHours hours) {
        this.deadline = deadline;
        this.hours = hours;
    }

    /**
     * @param rows that are left
     * @param rate rows a second; null while it is being measured
     * @param left null while it is being measured
     * @return what somebody should know; null when that is what he knows already
     */
    public @Nullable Decision look(Instant now, long rows, @Nullable Double rate, @Nullable TimeLeft left) {
        var room = deadline.room(now, hours);
        boolean missed = rows > 0 && room.isZero();
        if (!missed && left == null) {
            return null;
        }
        boolean willBeLate = missed || (left != null && left.low().compareTo(room) > 0);
        if (willBeLate == late) {
            return null;
        }
        late = willBeLate;
        String remaining = String.format(Locale.ROOT, "%,d rows are left", rows);
        if (missed) {
            boolean passed = !now.isBefore(deadline.instant());
            return Decision.warning("deadline " + deadline
                    + (passed ? " has passed: " : ": no hours for work are left before it: ") + remaining);
        }
        String needed = String.format(
                Locale.ROOT,
                "%s: %,d rows/s are needed and %s are done",
                remaining,
                deadline.rate(rows, room),
                rate == null ? "fewer" : String.format(Locale.ROOT, "%,d", Math.round(rate)));
        return willBeLate
                ? Decision.warning("deadline " + deadline + " cannot be met; " + needed
                        + "; backhoe tune --policy or --parallelism makes it faster, at others' cost")
                : Decision.said("deadline " + deadline + " can be met again; " + needed);
    }

    /** How it stands, in rows a second: what is done, of what is needed from now on. */
    public SignalRecord standing(Instant now, long rows, @Nullable Double rate) {
        var room = deadline.room(now, hours);
        return new SignalRecord(
                "deadline",
                rate == null ? "" : String.format(Locale.ROOT, "%,d rows/s", Math.round(rate)),
                room.isZero()
                        ? "no time left until " + deadline
                        : String.format(Locale.ROOT, "%,d rows/s needed until %s", deadline.rate(rows, room), deadline),
                Duration.ZERO,
                "");
    }
}
