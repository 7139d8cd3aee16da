package io.backhoe;

import java.util.function.Consumer;

/**
 * How a plan is made; none of it is in the plan.
 *
 * @param rehearse whether a few batches are executed and rolled back, to see that they work and to measure them
 * @param said is told before that is done, and why it is not
 */
public record PlanOptions(boolean rehearse, Consumer<String> said) {
    /** No row is written, also not to be rolled back. */
    public static final PlanOptions LOOK_ONLY = new PlanOptions(false, text -> {});
}
