package io.backhoe.run.throttle;

import io.backhoe.value.SignalName;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What was decided and nobody has heard of yet. Of less and more effort each quarter of full speed is news, and what is new
 * to slow the run down: a run may be near a limit for hours. Confined to one thread.
 */
final class News {
    private static final double QUARTER = 0.25;

    private final List<Decision> untold = new ArrayList<>();
    private final Set<SignalName> slowers = EnumSet.noneOf(SignalName.class);
    private double told = 1;

    void add(Decision decision) {
        untold.add(decision);
    }

    /** The run waits, or has another policy: from what it does then on, quarters are counted. */
    void from(Effort effort) {
        told = effort.share();
    }

    /** A little less. */
    void less(String why, Effort effort) {
        quarter(why, effort, false);
    }

    /** Half of it. */
    void less(SignalName by, String why, Effort effort) {
        quarter(why, effort, slowers.add(by));
    }

    void more(String why, Effort effort) {
        if (effort.isLess()) {
            quarter(why, effort, false);
            return;
        }
        slowers.clear();
        if (told < 1) {
            told = 1;
            untold.add(Decision.said(why + ": full effort again"));
        }
    }

    private void quarter(String why, Effort effort, boolean anyhow) {
        if (anyhow || Math.abs(effort.share() - told) >= QUARTER) {
            told = effort.share();
            untold.add(Decision.said(why + ": effort " + effort));
        }
    }

    List<Decision> drain() {
        var drained = List.copyOf(untold);
        untold.clear();
        return drained;
    }
}
