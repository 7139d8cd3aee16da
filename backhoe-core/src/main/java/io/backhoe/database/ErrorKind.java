package io.backhoe.database;

/** What an error of the server means for a batch. What is not known is {@link #UNKNOWN}, and stops the run. */
public enum ErrorKind {
    /** The same range may work when tried again: serialization failure, deadlock, out of connections or memory. */
    TRANSIENT,
    /** A lock was not to be had within lock_timeout. */
    LOCK_TIMEOUT,
    /** Our own statement_timeout ended the statement: try again, smaller. */
    TIMEOUT,
    /** Somebody cancelled our statement: an operator's wish, so pause. */
    CANCELLED,
    /** The session is gone; whether a COMMIT took effect is not known. */
    CONNECTION_LOST,
    /** A row's data makes the statement fail (classes 21, 22 and 23, and P0: what a trigger or a function raises). */
    BAD_ROW,
    /** The statement itself cannot work (class 42, 0A, 2F, 38, 39, 54, and 08P01): never try again. */
    STATEMENT,
    /** Not permitted, or the password is wrong. */
    PERMISSION,
    /** Not classified. */
    UNKNOWN
}
