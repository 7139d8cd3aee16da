package io.backhoe.spec;

import java.util.Locale;

/** What a chunk is: a unit of the calendar, a stretch of keys, or a partition of the table. */
public enum ChunkBy {
    HOUR,
    DAY,
    WEEK,
    MONTH,
    QUARTER,
    YEAR,
    KEY,
    PARTITION,
    /** One of the others; the plan chooses, and says why. */
    AUTO;

    public boolean isCalendar() {
        return switch (this) {
            case HOUR, DAY, WEEK, MONTH, QUARTER, YEAR -> true;
            case KEY, PARTITION, AUTO -> false;
        };
    }

    /** As files write it: {@code month}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
