package io.backhoe.notify;

import dev.failsafe.CircuitBreaker;
import dev.failsafe.CircuitBreakerOpenException;
import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.failsafe.FailsafeExecutor;
import dev.failsafe.RetryPolicy;
import io.backhoe.value.Time;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Brings letters to one receiver: again and again with growing pauses, or after as long as the receiver asks for. After three
 * letters in a row that were not taken it leaves the receiver alone for a while, but for the last of a run. Confined
 * to one thread.
 */
final class Courier {
    private static final int FAILURES = 3;

    /** Leaves it to the growing pauses. */
    private static final Duration NOT_ASKED = Duration.ofNanos(-1);

    private final URI to;
    private final Post post;
    private final FailsafeExecutor<Answer> patient;
    private final FailsafeExecutor<Answer> careful;

    Courier(URI to, Patience patience, Time time) {
        this.to = to;
        this.post = new Post(patience.connect(), patience.answer(), time);
        var retry = RetryPolicy.<Answer>builder()
                .handleResultIf(answer -> answer != null && answer.again())
                .withMaxAttempts(patience.attempts())
                .withBackoff(patience.first(), patience.longest())
                .withDelayFn(context -> asked(context.getLastResult()))
                .build();
        var breaker = CircuitBreaker.<Answer>builder()
                .handleResultIf(answer -> answer != null && answer.problem() != null)
                .withFailureThreshold(FAILURES)
                .withDelay(patience.quiet())
                .build();
        this.patient = Failsafe.with(retry);
        this.careful = Failsafe.with(breaker, retry);
    }

    private static Duration asked(@Nullable Answer last) {
        return last == null || last.after() == null ? NOT_ASKED : last.after();
    }

    /** @return why it was not taken; null when it was */
    @Nullable
    String deliver(Letter letter) throws InterruptedException {
        String text = letter.text();
        try {
            var answer = (letter.isLast() ? patient : careful).get(() -> post.send(to, letter.headers(text), text));
            return answer.problem();
        } catch (CircuitBreakerOpenException e) {
            return "is left alone for a while, as it took nothing";
        } catch (FailsafeException e) {
            if (e.getCause() instanceof InterruptedException interrupted) {
                throw interrupted;
            }
            throw e;
        }
    }
}
