package io.backhoe.cli;

import io.backhoe.ledger.ChunkRecord;
import io.backhoe.ledger.RunRecord;
import io.backhoe.report.RunReport;
import io.backhoe.value.ChunkExtent;
import io.backhoe.value.ChunkRange;
import io.backhoe.value.ChunkState;
import io.backhoe.value.RunState;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs as the ledger could have them. */
final class Runs {
    static final Instant START = Instant.parse("2024-05-06T07:00:00Z");

    private Runs() {}

    static RunRecord run(RunState state, @Nullable Integer exitCode, boolean executed) {
        boolean open = state == RunState.RUNNING || state == RunState.ROLLING_BACK || state == RunState.VERIFYING;
        return new RunRecord(
                3,
                "orders_tier_backfill",
                "sha256:abc",
                "shop.orders",
                state,
                null,
                exitCode,
                state == RunState.ROLLED_BACK || state == RunState.ROLLBACK_PARTIAL,
                1,
                executed ? "host:42" : null,
                executed,
                START,
                START,
                open ? null : START.plusSeconds(10),
                null,
                true,
                null);
    }

    static RunReport report(RunState state, ChunkRecord... chunks) {
        return new RunReport(run(state, null, state == RunState.RUNNING), List.of(chunks));
    }

    static ChunkRecord chunk(int number, ChunkState state, long changed, @Nullable String error) {
        var start = LocalDateTime.of(2023, 1, 1, 0, 0).plusMonths(number - 1);
        boolean ended = state != ChunkState.RUNNING && state != ChunkState.PENDING;
        return new ChunkRecord(
                number,
                start.toString().substring(0, 7),
                start,
                start.plusMonths(1),
                ChunkExtent.of(
                        new ChunkRange(start.toString(), start.plusMonths(1).toString())),
                1000,
                state,
                null,
                error,
                error == null ? 1 : 3,
                false,
                START,
                ended ? START.plusSeconds(2) : null,
                changed,
                changed,
                0,
                0,
                0,
                0);
    }
}
