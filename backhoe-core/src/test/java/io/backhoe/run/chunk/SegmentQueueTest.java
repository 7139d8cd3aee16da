package io.backhoe.run.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import io.backhoe.ledger.ChunkRecord;
import io.backhoe.value.ChunkExtent;
import io.backhoe.value.ChunkRange;
import io.backhoe.value.ChunkState;
import java.time.LocalDateTime;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class SegmentQueueTest {
    private final SegmentTask small = task(1, 10);
    private final SegmentTask large = task(2, 1000);

    @Test
    void handsOutInOrderAndEndsWhenTheLastHasEnded() throws Exception {
        var queue = new SegmentQueue(List.of(small, large));
        assertThat(queue.take()).isSameAs(small);
        assertThat(queue.take()).isSameAs(large);
        queue.finished(small);
        queue.finished(large);
        assertThat(queue.take()).isNull();
    }

    @Test
    void theLargestIsAskedToSplitWhenSomebodyWaitsAndNobodyElse() throws Exception {
        var queue = new SegmentQueue(List.of(small, large));
        assertThat(queue.take()).isSameAs(small);
        assertThat(queue.take()).isSameAs(large);
        assertThat(queue.wantsSplit(large, 1000)).isFalse();

        var waiting = taking(queue);
        untilAskedToSplit(queue, large, 1000);
        assertThat(queue.wantsSplit(small, 10)).isFalse();

        var half = task(2, 500);
        queue.offer(half);
        assertThat(waiting.get(10, TimeUnit.SECONDS)).isSameAs(half);
        assertThat(queue.wantsSplit(large, 500)).isFalse();
    }

    @Test
    void whatCannotBeSplitIsNotAskedAgainAndTheNextLargestIs() throws Exception {
        var queue = new SegmentQueue(List.of(small, large));
        assertThat(queue.take()).isSameAs(small);
        assertThat(queue.take()).isSameAs(large);
        var waiting = taking(queue);
        untilAskedToSplit(queue, large, 1000);
        queue.cannotSplit(large);
        assertThat(queue.wantsSplit(large, 1000)).isFalse();
        assertThat(queue.wantsSplit(small, 10)).isTrue();
        queue.close();
        assertThat(waiting.get(10, TimeUnit.SECONDS)).isNull();
    }

    @Test
    void aClosedQueueHandsOutNothing() throws Exception {
        var queue = new SegmentQueue(List.of(small, large));
        queue.close();
        assertThat(queue.take()).isNull();
    }

    private static CompletableFuture<@Nullable SegmentTask> taking(SegmentQueue queue) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return queue.take();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
    }

    private static void untilAskedToSplit(SegmentQueue queue, SegmentTask task, long remaining) {
        while (!queue.wantsSplit(task, remaining)) {
            Thread.onSpinWait();
        }
    }

    private static SegmentTask task(int number, long rows) {
        var day = LocalDateTime.of(2023, 1, 1, 0, 0);
        var chunk = new ChunkRecord(
                number,
                "c" + number,
                day,
                day.plusDays(1),
                ChunkExtent.of(new ChunkRange("2023-01-01", "2023-01-02")),
                rows,
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
        return new SegmentTask(chunk, null, rows);
    }
}
