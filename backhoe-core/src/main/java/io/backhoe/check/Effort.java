package io.backhoe.check;

import org.jspecify.annotations.Nullable;

/**
 * How much of the data a check looks at, where that is a choice.
 *
 * @param share above 0 and up to 1; null leaves it to each check
 */
public record Effort(@Nullable Double share) {
    /** What each check takes by itself. */
    public static final Effort USUAL = new Effort(null);

    /** Everything. */
    public static final Effort FULL = new Effort(1.0);

    public Effort {
        if (share != null && !(share > 0 && share <= 1)) {
            throw new IllegalArgumentException("a share is above 0 and up to 1, not " + share);
        }
    }

    double or(double usual) {
        return share == null ? usual : share;
    }
}
