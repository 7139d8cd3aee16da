package io.backhoe.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.backhoe.Seed;
import io.backhoe.database.ColumnFacts;
import io.backhoe.database.RangeText;
import io.backhoe.spec.ChunkBy;
import io.backhoe.spec.Spec.ListedChunk;
import io.backhoe.value.ChunkRange;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TilingPropertyTest {
    /** With gaps at midnight, a day that never was, half hours, changes of standard time, and a turn across midnight. */
    private static final List<ZoneId> ZONES = List.of(
            ZoneId.of("UTC"),
            ZoneId.of("Europe/Berlin"),
            ZoneId.of("America/Sao_Paulo"),
            ZoneId.of("America/Havana"),
            ZoneId.of("Asia/Beirut"),
            ZoneId.of("Africa/Cairo"),
            ZoneId.of("Pacific/Apia"),
            ZoneId.of("Australia/Lord_Howe"),
            ZoneId.of("America/St_Johns"),
            ZoneId.of("Asia/Kathmandu"));

    private static final List<ColumnFacts> COLUMNS = List.of(
            new ColumnFacts("at", "timestamptz", ColumnFacts.Kind.TIMESTAMPTZ, true, false, null),
            new ColumnFacts("at", "timestamp", ColumnFacts.Kind.TIMESTAMP, true, false, null),
            new ColumnFacts("at", "date", ColumnFacts.Kind.DATE, true, false, null));

    private static final List<ChunkBy> UNITS =
            Stream.of(ChunkBy.values()).filter(ChunkBy::isCalendar).toList();

    @Test
    void tilesEveryRangeExactlyEachChunkInItsPeriod() {
        Seed.times(2000, random -> {
            ChunkBy unit = UNITS.get(random.nextInt(UNITS.size()));
            LocalDateTime start = moment(random);
            LocalDateTime end = start.plusSeconds(length(random));
            List<ListedChunk> listed = listed(random, start, end);

            List<ListedChunk> chunks =
                    CalendarChunks.tile(start, end, unit, listed).chunks();

            assertTiles(chunks, ListedChunk::start, ListedChunk::end, start, end);
            assertThat(chunks).containsAll(listed);
            var ids = new HashSet<String>();
            for (ListedChunk chunk : chunks) {
                assertThat(ids.add(chunk.id())).as("%s twice", chunk.id()).isTrue();
                assertThat(chunk.start()).isBefore(chunk.end());
                if (!listed.contains(chunk)) {
                    assertLiesInItsPeriod(chunk, unit);
                }
            }
        });
    }

    /** Whatever the column is, and whatever the clocks do: as the server is told it. */
    @Test
    void tilesInTheServersTextToo() {
        Seed.times(4000, random -> {
            ZoneId zone = ZONES.get(random.nextInt(ZONES.size()));
            ColumnFacts column = COLUMNS.get(random.nextInt(COLUMNS.size()));
            boolean days = column.kind() == ColumnFacts.Kind.DATE;
            ChunkBy unit = UNITS.get(random.nextInt(UNITS.size()));
            unit = days && unit == ChunkBy.HOUR ? ChunkBy.DAY : unit;
            LocalDateTime start = start(random, zone);
            LocalDateTime end = start.plusSeconds(length(random, unit));
            if (days) {
                start = start.toLocalDate().atStartOfDay();
                end = end.toLocalDate().atStartOfDay().plusDays(1);
            }

            List<ListedChunk> chunks =
                    CalendarChunks.tile(start, end, unit, List.of()).chunks();
            List<ChunkRange> ranges = chunks.stream()
                    .map(c -> RangeText.of(c.start(), c.end(), column, zone))
                    .toList();

            ChunkRange all = RangeText.of(start, end, column, zone);
            assertTiles(
                    ranges,
                    r -> local(r.start(), ZoneOffset.UTC),
                    r -> local(r.end(), ZoneOffset.UTC),
                    local(all.start(), ZoneOffset.UTC),
                    local(all.end(), ZoneOffset.UTC));
            ZoneId read = column.kind() == ColumnFacts.Kind.TIMESTAMPTZ ? zone : ZoneOffset.UTC;
            for (int i = 0; i < chunks.size(); i++) {
                assertCoversItsPeriod(chunks.get(i), ranges.get(i), unit, read);
            }
        });
    }

    /** The first and the last microsecond, read on a clock on the wall, are of the period that the id names. */
    private static void assertCoversItsPeriod(ListedChunk chunk, ChunkRange range, ChunkBy unit, ZoneId zone) {
        LocalDateTime first = local(range.start(), zone);
        LocalDateTime last = local(range.end(), ZoneOffset.UTC)
                .minusNanos(1000)
                .atOffset(ZoneOffset.UTC)
                .atZoneSameInstant(zone)
                .toLocalDateTime();
        // What the clock skips has no instant, and what it shows twice begins with the first.
        boolean empty = range.start().equals(range.end());
        boolean turnedBack = turnsBackWithin(chunk.start(), zone) || turnsBackWithin(chunk.end(), zone);
        if (!empty && !turnedBack) {
            assertThat(format(unit).format(first)).as("%s %s", zone, range).isEqualTo(chunk.id());
            assertThat(format(unit).format(last)).as("%s %s", zone, range).isEqualTo(chunk.id());
        }
    }

    private static boolean turnsBackWithin(LocalDateTime moment, ZoneId zone) {
        var transition = zone.getRules().getTransition(moment);
        return transition != null && transition.isOverlap() && !moment.equals(transition.getDateTimeAfter());
    }

    private static <T, X extends Comparable<? super X>> void assertTiles(
            List<T> pieces, Function<T, X> from, Function<T, X> to, X start, X end) {
        X at = start;
        for (T piece : pieces) {
            assertThat(from.apply(piece)).isEqualTo(at);
            assertThat(to.apply(piece).compareTo(at)).isGreaterThanOrEqualTo(0);
            at = to.apply(piece);
        }
        assertThat(at).isEqualTo(end);
    }

    /** By the JDK's own parsers, not by the code under test. */
    private static void assertLiesInItsPeriod(ListedChunk chunk, ChunkBy unit) {
        String id = chunk.id().replaceFirst("\\.\\d+$", "");
        LocalDateTime last = chunk.end().minusNanos(1000);
        assertThat(format(unit).format(chunk.start())).isEqualTo(id);
        assertThat(format(unit).format(last)).isEqualTo(id);
    }

    private static DateTimeFormatter format(ChunkBy unit) {
        return DateTimeFormatter.ofPattern(
                switch (unit) {
                    case DAY -> "uuuu-MM-dd";
                    case WEEK -> "YYYY-'W'ww";
                    case MONTH -> "uuuu-MM";
                    case HOUR -> "uuuu-MM-dd'T'HH";
                    case QUARTER -> "uuuu-'Q'q";
                    case YEAR -> "uuuu";
                    case KEY, PARTITION, AUTO -> throw new IllegalArgumentException(unit.word());
                },
                Locale.UK); // its weeks are those of ISO
    }

    /** What a clock in the zone shows; a date or a time without a zone is read as UTC. */
    private static LocalDateTime local(String text, ZoneId zone) {
        String instant = text.length() == 10
                ? text + "T00:00:00Z"
                : text.replace(' ', 'T').replace("+00", "") + "Z";
        return LocalDateTime.ofInstant(Instant.parse(instant), zone);
    }

    /** Where mistakes would be: turns of clocks, leap days, ends of years and quarters; and anywhere. */
    private static LocalDateTime start(Random random, ZoneId zone) {
        LocalDateTime edge = LocalDate.of(1996 + 4 * random.nextInt(10), 1, 1)
                .plusMonths(3L * random.nextInt(5))
                .atStartOfDay()
                .minusSeconds(random.nextInt(3) - 1);
        LocalDateTime leap = LocalDate.of(1996 + 4 * random.nextInt(10), 2, 28)
                .atStartOfDay()
                .plusSeconds(random.nextInt(3 * 86_400));
        return switch (random.nextInt(4)) {
            case 0 -> nearChangeOfClock(random, zone);
            case 1 -> edge;
            case 2 -> leap;
            default -> moment(random);
        };
    }

    /** One second, a few periods, or many. */
    private static long length(Random random, ChunkBy unit) {
        long most = unit == ChunkBy.HOUR ? 30 : unit == ChunkBy.DAY ? 400 : 4000;
        return random.nextInt(4) == 0 ? 1 : 1 + random.nextLong(86_400L * (random.nextBoolean() ? most / 10 : most));
    }

    private static LocalDateTime moment(Random random) {
        LocalDateTime moment = LocalDateTime.of(1996, 1, 1, 0, 0).plusDays(random.nextInt(20_000));
        return random.nextBoolean() ? moment : moment.plusSeconds(random.nextInt(86_400));
    }

    private static long length(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> 1;
            case 1 -> 1 + random.nextInt(200_000);
            case 2 -> 86_400L * (1 + random.nextInt(70));
            default -> 1 + random.nextLong(86_400L * 900);
        };
    }

    private static LocalDateTime nearChangeOfClock(Random random, ZoneId zone) {
        Instant from = Instant.parse("1990-01-01T00:00:00Z").plusSeconds(random.nextLong(86_400L * 365 * 30));
        var next = zone.getRules().nextTransition(from);
        LocalDateTime near = next == null ? LocalDateTime.ofInstant(from, zone) : next.getDateTimeBefore();
        // on the hour, on the half hour, at midnight, and anywhere around it
        return switch (random.nextInt(3)) {
            case 0 -> near.toLocalDate().atStartOfDay();
            case 1 -> near.plusMinutes(30L * random.nextInt(8) - 120);
            default -> near.plusSeconds(random.nextInt(86_400) - 43_200);
        };
    }

    private static List<ListedChunk> listed(Random random, LocalDateTime start, LocalDateTime end) {
        long seconds = Duration.between(start, end).toSeconds();
        var listed = new ArrayList<ListedChunk>();
        long at = 0;
        while (random.nextInt(3) > 0 && at < seconds) {
            long from = at + random.nextLong(seconds - at);
            long to = from + 1 + random.nextLong(seconds - from);
            String id = random.nextBoolean() ? "listed-" + listed.size() : "2023-0" + listed.size();
            listed.add(new ListedChunk(id, start.plusSeconds(from), start.plusSeconds(to), null));
            at = to;
        }
        return listed;
    }
}
