package io.backhoe.backfill;

/** What goes wrong at a call to the database. */
enum FaultKind {
    /** The connection is lost, and the server never got to know of the call. */
    LOST_BEFORE,
    /** The server has done it, but the connection is lost before it could say so. */
    LOST_AFTER,
    /** The connection is lost while the server is still at it; it does it a moment later. */
    LOST_DURING,
    /** This process loses everything at once, as if it were killed, without taking the tests along. */
    DEAD_BEFORE,
    DEAD_AFTER,
    /** This process really ends, at once. */
    HALT_BEFORE,
    HALT_DURING,
    HALT_AFTER
}
