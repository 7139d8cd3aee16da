package io.backhoe.backfill;

import static io.backhoe.backfill.TestDatabase.OPTIONS;
import static org.assertj.core.api.Assertions.assertThat;

import io.backhoe.Backhoe;
import io.backhoe.embedded.Version;
import io.backhoe.report.RunStatus;
import io.backhoe.run.Progress;
import io.backhoe.run.RunListener;
import io.backhoe.run.StopSignal;
import io.backhoe.value.SystemTime;
import io.backhoe.value.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The clock of this machine, and that of the server, are two. */
class ClocksTest {
    @ParameterizedTest
    @ValueSource(longs = {-26, 26})
    void howLongAgoSomethingWasIsToldByOneOfThem(long hours) throws Exception {
        try (var db = TestDatabase.withLedger(Version.CURRENT)) {
            db.orders(3_000);
            var seen = new AtomicReference<RunStatus>();
            var elsewhere = new Backhoe(db.database(), skewed(Duration.ofHours(hours)));
            var looks = new RunListener() {
                @Override
                public void progress(Progress progress) {
                    var status = elsewhere.status(progress.runId(), 0);
                    if (status.now() != null) {
                        seen.compareAndSet(null, status);
                    }
                }
            };
            String slow = TestDatabase.addOne().replace("n + 1", "n + (pg_sleep(0.001) IS NOT NULL)::integer");

            var report = new Backhoe(db.database(), skewed(Duration.ofHours(hours)))
                    .run(db.plan(slow), OPTIONS, new StopSignal(), looks);

            assertThat(seen.get()).as("fresh, as it was said just now").isNotNull();
            var account = elsewhere.account(report.run().id());
            for (Instant now : new Instant[] {seen.get().readAt(), account.readAt(), elsewhere.now()}) {
                assertThat(Duration.between(report.run().createdAt(), now))
                        .isBetween(Duration.ZERO, Duration.ofMinutes(5));
            }
            assertThat(account.elapsed()).isBetween(Duration.ofMillis(500), Duration.ofMinutes(5));
        }
    }

    private static Time skewed(Duration by) {
        var real = new SystemTime();
        return new Time() {
            @Override
            public Instant now() {
                return real.now().plus(by);
            }

            @Override
            public long nanos() {
                return real.nanos();
            }

            @Override
            public void sleep(Duration duration) throws InterruptedException {
                real.sleep(duration);
            }
        };
    }
}
