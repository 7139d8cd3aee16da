package io.backhoe.assess;

import java.util.List;

/**
 * One question about what a backfill will meet. It is asked inside of a READ ONLY transaction with a time limit, and may
 * let a {@code DatabaseException} through: then it could not be answered, which is a finding too.
 */
interface Question {
    /** What it asks, to stand after "Could not tell": {@code whether a trigger fires}. */
    String about();

    List<Finding> ask(Subject subject);

    /** What has to be known before it can be asked. */
    default Needs needs() {
        return Needs.TABLE;
    }

    /** Whether it is worth asking when only what forbids the backfill is wanted. */
    default boolean mayBlock() {
        return false;
    }

    /** In the order in which they come to be known. */
    enum Needs {
        SERVER,
        TABLE,
        SCOPE
    }
}
