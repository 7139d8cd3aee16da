package io.backhoe.run;

/** Told what happens while it happens. Called from several threads; must be quick, and must not throw. */
public interface RunListener {
    RunListener NONE = new RunListener() {};

    /** Before anything else: the run's number. */
    default void begins(long runId) {}

    /**
     * @param kind a snake_case word: {@code state}, {@code chunk_done}, {@code chunk_failed}, {@code retry},
     *     {@code quarantined}, {@code split}, {@code reconnect}, {@code tuned}, {@code stop},
     *     {@code check}
     * @param chunk the chunk's id, or an empty text
     * @param message for people; holds no row values
     */
    default void event(String kind, String chunk, String message) {}

    /** About once a second. */
    default void progress(Progress progress) {}
}
