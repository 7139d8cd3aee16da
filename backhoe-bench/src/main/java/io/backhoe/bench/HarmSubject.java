package io.backhoe.bench;

/** A way to backfill. Used once. */
interface HarmSubject {
    String name();

    /** Returns when it works. */
    void start() throws Exception;

    /** What it has changed so far. */
    long rows() throws Exception;

    /**
     * Waits until it has ended, or as long.
     *
     * @return seconds from the call of {@link #start} until it had ended; 0 when it has not
     */
    double await(double seconds) throws Exception;

    void stop() throws Exception;
}
