package io.backhoe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.backhoe.ledger.Limit;
import io.backhoe.ledger.PaceRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class LiveKeysTest {
    private final BlockingQueue<String> done = new LinkedBlockingQueue<>();
    private final HandTime time = new HandTime();
    private volatile @Nullable String trouble;
    private volatile PaceRecord pace = pace(2, "workers");

    @Test
    void pausesAtOnce() throws InterruptedException {
        try (var keys = keys("leave?")) {
            keys.accept('p');
            assertThat(keys.said()).startsWith("pausing");
            assertThat(next()).isEqualTo("pause");
        }
    }

    @Test
    void aPauseThatIsRefusedDoesNotLookLikeOne() throws InterruptedException {
        trouble = "not paused: permission denied";
        try (var keys = keys("leave?")) {
            keys.accept('p');
            while (!"not paused: permission denied".equals(keys.said())) {
                Thread.sleep(10);
            }
        }
    }

    @Test
    void leavingIsAskedWhereItChangesSomething() throws InterruptedException {
        try (var keys = keys("leave?")) {
            keys.accept('q');
            assertThat(done).isEmpty();
            assertThat(keys.said()).isEqualTo("leave?");
            keys.accept('x');
            assertThat(keys.said()).isNull();
            keys.accept('q');
            keys.accept('l');
            keys.accept('q');
            keys.accept('p');
            assertThat(List.of(next(), next())).containsExactly("leave", "pause");
        }
    }

    @Test
    void whoOnlyWatchesLeavesAtOnce() {
        try (var keys = keys(null)) {
            keys.accept('q');
            assertThat(done).containsExactly("leave");
        }
    }

    @Test
    void severalPressesAddUpAlsoAfterEachHasBeenDone() throws InterruptedException {
        try (var keys = keys("leave?")) {
            keys.accept('+');
            assertThat(keys.said()).isEqualTo("asking for 3 workers");
            awaitSaid(keys, "tuned: 3");
            keys.accept('+');
            keys.accept('+');
            awaitSaid(keys, "tuned: 5");
            assertThat(List.of(next(), next(), next())).containsExactly("3 workers", "4 workers", "5 workers");
            time.sleep(Duration.ofSeconds(6));
            assertThat(keys.said()).as("the keys are there again").isNull();
        }
    }

    @Test
    void aBoundIsSaidAndNothingAsked() throws InterruptedException {
        try (var keys = keys("leave?")) {
            keys.accept('-');
            assertThat(next()).isEqualTo("1 workers");
            keys.accept('-');
            assertThat(keys.said()).isEqualTo("there is 1 worker, and fewer cannot be; p pauses the run");
            pace = pace(64, "workers");
            time.sleep(Duration.ofSeconds(6));
            keys.accept('+');
            assertThat(keys.said()).isEqualTo("there are 64 workers, and more cannot be");
            assertThat(done).isEmpty();
        }
    }

    @Test
    void thatItWorksLessHardForOthersIsNoWish() throws InterruptedException {
        try (var keys = keys("leave?")) {
            pace = pace(4, "workers");
            keys.said();
            pace = pace(1, "active_sessions");
            keys.accept('+');
            assertThat(next()).isEqualTo("5 workers");
        }
    }

    @Test
    void whatWasRefusedIsNotCountedFrom() throws InterruptedException {
        trouble = "not tuned";
        try (var keys = keys("leave?")) {
            keys.accept('+');
            awaitSaid(keys, "not tuned");
            keys.accept('+');
            assertThat(List.of(next(), next())).containsExactly("3 workers", "3 workers");
        }
    }

    @Test
    void escapeCancelsAQuestion() {
        try (var keys = keys("leave?")) {
            keys.accept('q');
            keys.accept(KeyStrokes.ESCAPE);
            assertThat(keys.said()).isNull();
            assertThat(done).isEmpty();
        }
    }

    private static void awaitSaid(LiveKeys keys, String text) throws InterruptedException {
        while (!text.equals(keys.said())) {
            Thread.sleep(10);
        }
    }

    private String next() throws InterruptedException {
        return String.valueOf(done.poll(10, TimeUnit.SECONDS));
    }

    private static PaceRecord pace(int workers, String limit) {
        return new PaceRecord(
                Instant.EPOCH,
                workers,
                1,
                Duration.ofMillis(500),
                null,
                null,
                null,
                null,
                new Limit(limit, "2 busy", "2"));
    }

    private LiveKeys keys(@Nullable String question) {
        return new LiveKeys(
                new LiveKeys.Actions() {
                    @Override
                    public @Nullable String pause() {
                        done.add("pause");
                        return trouble;
                    }

                    @Override
                    public LiveKeys.Outcome workers(int wished) {
                        done.add(wished + " workers");
                        String refused = trouble;
                        return refused == null
                                ? new LiveKeys.Outcome(true, "tuned: " + wished)
                                : new LiveKeys.Outcome(false, refused);
                    }

                    @Override
                    public void leave() {
                        done.add("leave");
                    }

                    @Override
                    public @Nullable String leaveQuestion() {
                        return question;
                    }
                },
                () -> pace,
                time);
    }
}
