package io.backhoe.embedded;

/** How long an embedded server lives. */
public enum Lifetime {
    /** Until it is closed or this process ends, however it ends: {@code kill -9} leaves neither server nor files. */
    PROCESS,
    /** Until somebody types {@link PostgresServer#stopCommand()}. */
    KEEP
}
