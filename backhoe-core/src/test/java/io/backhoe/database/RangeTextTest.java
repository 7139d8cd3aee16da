package io.backhoe.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backhoe.spec.Moment;
import io.backhoe.value.BackhoeException;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RangeTextTest {
    @Test
    void writesDatesAsDates() {
        assertThat(range("2023-01-01", "2023-02-01", ColumnFacts.Kind.DATE, "Europe/Berlin"))
                .isEqualTo("[2023-01-01, 2023-02-01)");
    }

    @Test
    void writesTimestampsWithoutRegardToTheZone() {
        assertThat(range("2023-01-01", "2023-01-01T06:00:00.25", ColumnFacts.Kind.TIMESTAMP, "Europe/Berlin"))
                .isEqualTo("[2023-01-01 00:00:00, 2023-01-01 06:00:00.25)");
    }

    @ParameterizedTest
    @CsvSource({
        // no change of clock
        "UTC, 2023-01-01, 2023-01-01 00:00:00+00",
        "Europe/Berlin, 2023-07-01, 2023-06-30 22:00:00+00",
        "Asia/Kathmandu, 2023-07-01, 2023-06-30 18:15:00+00",
        // midnight does not exist that day: the first moment of it is 01:00
        "America/Sao_Paulo, 2017-10-15, 2017-10-15 03:00:00+00",
        "Asia/Beirut, 2022-03-27, 2022-03-26 22:00:00+00",
        "Africa/Cairo, 2023-04-28, 2023-04-27 22:00:00+00",
        // inside a gap: the moment of the skip
        "Europe/Berlin, 2023-03-26T02:30:00, 2023-03-26 01:00:00+00",
        // 30 December 2011 never was in Samoa
        "Pacific/Apia, 2011-12-30, 2011-12-30 10:00:00+00",
        "Pacific/Apia, 2011-12-31, 2011-12-30 10:00:00+00",
        // comes twice: the first
        "Europe/Berlin, 2023-10-29T02:30:00, 2023-10-29 00:30:00+00",
        "America/Havana, 2023-11-05, 2023-11-05 04:00:00+00",
    })
    void writesTheInstantOfALocalTime(String zone, String local, String instant) {
        assertThat(range(local, "2030-01-01", ColumnFacts.Kind.TIMESTAMPTZ, zone))
                .startsWith("[" + instant + ", ");
    }

    @Test
    void refusesATimeOfDayOnADateColumn() {
        assertThatThrownBy(() -> range("2023-01-01", "2023-01-02T06:00", ColumnFacts.Kind.DATE, "UTC"))
                .isInstanceOf(BackhoeException.class)
                .hasMessage("column at is a date, and 2023-01-02 06:00:00 has a time of day");
        assertThatThrownBy(() -> range("2023-01-01T00:00:01", "2023-01-02", ColumnFacts.Kind.DATE, "UTC"))
                .hasMessageContaining("has a time of day");
    }

    @Test
    void refusesAColumnThatIsNoDate() {
        assertThatThrownBy(() -> range("2023-01-01", "2023-01-02", ColumnFacts.Kind.OTHER, "UTC"))
                .hasMessageContaining("chunks of the calendar need a date or a timestamp");
    }

    private static String range(String start, String end, ColumnFacts.Kind kind, String zone) {
        var column = new ColumnFacts("at", "type", kind, true, false, null);
        return RangeText.of(Moment.parse(start), Moment.parse(end), column, ZoneId.of(zone))
                .toString();
    }
}
