package io.backhoe.run.throttle;

import io.backhoe.ledger.Limit;

/** What was decided, and why, for people. */
public record Decision(Kind kind, String message) {
    /** What sort of news it is. */
    public enum Kind {
        /** The ordinary course of things: less, more, wait, go on. */
        COURSE,
        /** Somebody should look at it. */
        WARNING,
        /** A signal cannot be read here. */
        NOT_WATCHED
    }

    static Decision of(Limit why, String done) {
        return said(why + ": " + done);
    }

    public static Decision said(String message) {
        return new Decision(Kind.COURSE, message);
    }

    public static Decision warning(String message) {
        return new Decision(Kind.WARNING, message);
    }

    static Decision notWatched(String message) {
        return new Decision(Kind.NOT_WATCHED, message);
    }
}
