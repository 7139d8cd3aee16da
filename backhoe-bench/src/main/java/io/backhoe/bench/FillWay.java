package io.backhoe.bench;

/** A way to fill what is missing in {@code bench.orders}. Used as often as there are rounds. */
interface FillWay {
    String name();

    /** What is to be done beforehand, and is not measured. */
    default void prepare() throws Exception {}

    /**
     * Fills it.
     *
     * @return what its process has had in memory at most, in mebibytes; 0 where it has none of its own, or nobody knows
     */
    double fill() throws Exception;
}
