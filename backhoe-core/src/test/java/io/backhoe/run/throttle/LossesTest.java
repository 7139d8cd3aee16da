package io.backhoe.run.throttle;

import static org.assertj.core.api.Assertions.assertThat;

import io.backhoe.database.DatabaseException;
import io.backhoe.database.ErrorKind;
import io.backhoe.ledger.LostTime;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LossesTest {
    private final AtomicLong nanos = new AtomicLong();
    private final Losses losses = new Losses(nanos::get);

    @Test
    void whoeverWaitsIsSeenAndWhatItCostsIsAddedUpOnce() throws InterruptedException {
        losses.add("lock_timeout", 500_000_000);
        losses.during("lock_timeout", () -> {
            assertThat(losses.waiting()).contains(new Losses.Wait("lock_timeout", 1));
            nanos.addAndGet(250_000_000);
            return true;
        });

        assertThat(losses.waiting()).isEmpty();
        assertThat(losses.drain()).containsExactly(new LostTime("lock_timeout", 1, Duration.ofMillis(750)));
        assertThat(losses.drain()).isEmpty();
    }

    @Test
    void whatMostWaitForIsNamed() throws InterruptedException {
        losses.during("deadlock", () -> {
            losses.during("connection", () -> {
                losses.during("connection", () -> {
                    assertThat(losses.waiting()).contains(new Losses.Wait("connection", 2));
                    return true;
                });
                return true;
            });
            return true;
        });
    }

    @Test
    void errorsHaveWordsForWhatTheyCost() {
        assertThat(reason(ErrorKind.TRANSIENT, "40001")).isEqualTo("serialization_failure");
        assertThat(reason(ErrorKind.TRANSIENT, "40P01")).isEqualTo("deadlock");
        assertThat(reason(ErrorKind.TRANSIENT, "53300")).isEqualTo("too_many_connections");
        assertThat(reason(ErrorKind.TRANSIENT, "53200")).isEqualTo("out_of_memory");
        assertThat(reason(ErrorKind.LOCK_TIMEOUT, "55P03")).isEqualTo("lock_timeout");
        assertThat(reason(ErrorKind.TIMEOUT, "57014")).isEqualTo("statement_timeout");
        assertThat(reason(ErrorKind.CONNECTION_LOST, "08006")).isEqualTo("connection");
        assertThat(reason(ErrorKind.UNKNOWN, "XX000")).isEqualTo("other_error");
    }

    private static String reason(ErrorKind kind, String sqlState) {
        return Losses.reason(new DatabaseException(kind, sqlState, "no", null, null));
    }
}
