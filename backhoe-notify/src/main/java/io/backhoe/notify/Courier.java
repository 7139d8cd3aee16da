package io.backhoe.notify;

import dev.failsafe.CircuitBreaker;
import dev.failsafe.CircuitBreakerOpenException;
import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.failsafe.FailsafeExecutor;
import dev.failsafe.RetryPolicy;
import io.backhoe.value.Time;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Brings messages to one webhook: again and again with growing pauses, or after as long as the receiver asks for. After three
 * messages in a row that were not taken it leaves the receiver alone for a while, but for the last message of a run. Confined
 * to one thread.
 */
final class Courier {
    private static final int FAILURES = 3;

    /** Leaves it to the growing pauses. */
    private static final Duration NOT_ASKED = Duration.ofNanos(-1);

    private final Webhook to;
    private final Body body;
    private final Post post;
    private final Time time;
    private final FailsafeExecutor<Answer> patient;
    private final FailsafeExecutor<Answer> careful;

    Courier(Webhook to, Patience patience, Time time) {
        this.to = to;
        this.body = Body.of(to.format());
        this.post = new Post(patience.connect(), patience.answer(), time);
        this.time = time;
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
    String deliver(Message message) throws InterruptedException {
        String text = body.text(message);
        try {
            var answer = (message.kind().isLast() ? patient : careful)
                    .get(() -> post.send(to.address(), headers(message, text), text));
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

    private Map<String, String> headers(Message message, String text) {
        var headers = new HashMap<String, String>();
        headers.put("User-Agent", "backhoe");
        headers.put("Idempotency-Key", message.id());
        Signature signature = to.signature();
        if (signature != null) {
            long seconds = time.now().getEpochSecond();
            headers.put("webhook-id", message.id());
            headers.put("webhook-timestamp", Long.toString(seconds));
            headers.put("webhook-signature", signature.of(message.id(), seconds, text));
        }
        return headers;
    }
}
