package io.backhoe.assess;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The periods that a gap is shown in: as many as a person takes in at a glance, whatever the chunks are. */
public enum Calendar {
    DAY(62),
    WEEK(190),
    MONTH(8_000),
    QUARTER(20_000),
    YEAR(Long.MAX_VALUE);

    private final long mostDays;

    Calendar(long mostDays) {
        this.mostDays = mostDays;
    }

    static Calendar of(LocalDateTime start, LocalDateTime end) {
        long days = Duration.between(start, end).toDays();
        for (Calendar unit : values()) {
            if (days <= unit.mostDays) {
                return unit;
            }
        }
        return YEAR;
    }

    /** Where the periods of {@code [start, end)} start; the first with the range itself. */
    List<LocalDateTime> starts(LocalDateTime start, LocalDateTime end) {
        var starts = new ArrayList<LocalDateTime>();
        for (LocalDateTime at = start;
                at.isBefore(end);
                at = next(at.toLocalDate()).atStartOfDay()) {
            starts.add(at);
        }
        return starts;
    }

    private LocalDate next(LocalDate day) {
        return switch (this) {
            case DAY -> day.plusDays(1);
            case WEEK -> day.with(TemporalAdjusters.next(DayOfWeek.MONDAY));
            case MONTH -> day.withDayOfMonth(1).plusMonths(1);
            case QUARTER -> day.withDayOfMonth(1).plusMonths(3 - (day.getMonthValue() - 1) % 3);
            case YEAR -> day.withDayOfYear(1).plusYears(1);
        };
    }

    /** As it stands in JSON: {@code month}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
