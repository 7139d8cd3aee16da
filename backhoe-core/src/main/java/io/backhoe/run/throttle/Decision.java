package io.backhoe.run.throttle;

import io.backhoe.ledger.Limit;

/**
 * What was decided, and why, for people.
 *
 * @param warning whether somebody should look at it; otherwise it is the ordinary course of things
 */
public record Decision(boolean warning, String message) {
    static Decision of(Limit why, String done) {
        return new Decision(false, why + ": " + done);
    }

    public static Decision said(String message) {
        return new Decision(false, message);
    }

    public static Decision warning(String message) {
        return new Decision(true, message);
    }
}
