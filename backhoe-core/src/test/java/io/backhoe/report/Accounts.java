package io.backhoe.report;

import io.backhoe.ledger.ChunkRecord;
import io.backhoe.ledger.EventRecord;
import io.backhoe.ledger.Limit;
import io.backhoe.ledger.LostTime;
import io.backhoe.ledger.PaceRecord;
import io.backhoe.ledger.RunPace;
import io.backhoe.ledger.RunRecord;
import io.backhoe.ledger.TimeLeft;
import io.backhoe.ledger.Tuning;
import io.backhoe.plan.Forecast;
import io.backhoe.value.ChunkExtent;
import io.backhoe.value.ChunkRange;
import io.backhoe.value.ChunkState;
import io.backhoe.value.Key;
import io.backhoe.value.KeyRange;
import io.backhoe.value.RunState;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** Runs as the ledger could have them. */
final class Accounts {
    static final Instant START = Instant.parse("2024-05-06T07:00:00Z");

    private Accounts() {}

    static RunAccount of(String name, RunState state, boolean executed, List<ChunkRecord> chunks) {
        boolean open = state == RunState.RUNNING || state == RunState.ROLLING_BACK;
        boolean undoing = state == RunState.ROLLING_BACK || state == RunState.ROLLED_BACK;
        var run = new RunRecord(
                3,
                name,
                "sha256:abc",
                "shop.orders",
                state,
                null,
                null,
                undoing,
                1,
                "host:42",
                executed,
                START,
                START,
                open ? null : START.plusSeconds(60),
                null,
                true,
                null);
        var events = List.of(
                new EventRecord(START, "state", "PLANNED by somebody"),
                new EventRecord(START, "executor", "host:42"),
                new EventRecord(START, "state", "PLANNED -> RUNNING"));
        var forecast = new Forecast(
                1500,
                null,
                12_000,
                new Forecast.Band(10_000, 13_000),
                new Forecast.Band(20_000, 90_000),
                1,
                1,
                1,
                1,
                1);
        return new RunAccount(
                new RunReport(run, chunks),
                forecast,
                true,
                "UTC",
                events,
                List.of(),
                List.of(),
                new RunPace(
                        pace(START.plusSeconds(59)),
                        List.of(new LostTime("lock_timeout", 3, Duration.ofMillis(2500))),
                        Tuning.NONE,
                        List.of()),
                START,
                START.plusSeconds(60));
    }

    /** The same, of which no executor has said how fast it is. */
    static RunAccount unsaid(RunAccount account) {
        return new RunAccount(
                account.report(),
                account.forecast(),
                account.undoable(),
                account.timezone(),
                account.events(),
                account.retries(),
                account.quarantine(),
                new RunPace(null, List.of(), Tuning.NONE, List.of()),
                account.lastSign(),
                account.readAt());
    }

    private static PaceRecord pace(Instant at) {
        return new PaceRecord(
                at,
                2,
                2,
                Duration.ofMillis(500),
                Duration.ofMillis(480),
                16_000,
                131_000.0,
                new TimeLeft(Duration.ofSeconds(20), Duration.ofSeconds(35)),
                new Limit("workers", "2 busy", "2"));
    }

    static List<ChunkRecord> months(int count, IntFunction<ChunkState> state) {
        return IntStream.range(0, count)
                .mapToObj(i -> {
                    var start = LocalDate.of(2023, 1, 1).plusMonths(i).atStartOfDay();
                    return chunk(i + 1, start, start.plusMonths(1), state.apply(i));
                })
                .toList();
    }

    static List<ChunkRecord> hours(int count, IntFunction<ChunkState> state) {
        return IntStream.range(0, count)
                .mapToObj(i -> {
                    var start = LocalDate.of(2003, 1, 1).atStartOfDay().plusHours(i);
                    return chunk(i + 1, start, start.plusHours(1), state.apply(i));
                })
                .toList();
    }

    static ChunkRecord chunk(int number, LocalDateTime start, LocalDateTime end, ChunkState state) {
        boolean began = state != ChunkState.PENDING;
        boolean ended = began && state != ChunkState.RUNNING;
        long rows = ended && state != ChunkState.SKIPPED ? 1000 : state == ChunkState.RUNNING ? 500 : 0;
        return new ChunkRecord(
                number,
                start.toString().substring(0, 13),
                start,
                end,
                ChunkExtent.of(new ChunkRange(start.toString(), end.toString())),
                1000,
                state,
                null,
                state == ChunkState.FAILED ? "division by zero (SQLSTATE 22012)" : null,
                began ? 1 : 0,
                state == ChunkState.ROLLED_BACK,
                began ? START : null,
                ended ? START.plusMillis(5L * number) : null,
                rows,
                rows,
                state == ChunkState.ROLLED_BACK ? rows : 0,
                0,
                0,
                0);
    }

    static ChunkRecord keys(int number, String after, String upTo) {
        return new ChunkRecord(
                number,
                "key-" + number,
                null,
                null,
                new ChunkExtent(null, new KeyRange(new Key(List.of(after)), new Key(List.of(upTo))), null),
                1000,
                ChunkState.PENDING,
                null,
                null,
                0,
                false,
                null,
                null,
                0,
                0,
                0,
                0,
                0,
                0);
    }
}
