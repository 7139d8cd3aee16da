package io.backhoe.cli;

import static org.assertj.core.api.Assertions.assertThat;

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
    private volatile @Nullable String trouble;

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
    void workersAreCountedFromWhatIsAskedForAndNotBelowOne() throws InterruptedException {
        try (var keys = keys("leave?")) {
            keys.accept('-');
            assertThat(next()).isEqualTo("1 workers");
            keys.accept('+');
            keys.accept('+');
            assertThat(List.of(next(), next())).contains("3 workers");
        }
    }

    private String next() throws InterruptedException {
        return String.valueOf(done.poll(10, TimeUnit.SECONDS));
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
                    public @Nullable String workers(int wished) {
                        done.add(wished + " workers");
                        return "kept";
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
                () -> 2);
    }
}
