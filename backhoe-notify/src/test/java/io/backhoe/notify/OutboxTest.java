package io.backhoe.notify;

import static io.backhoe.notify.Receiver.hang;
import static io.backhoe.notify.Receiver.status;
import static org.assertj.core.api.Assertions.assertThat;

import io.backhoe.notify.Message.Kind;
import io.backhoe.spec.Monitoring.Format;
import io.backhoe.value.SystemTime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OutboxTest {
    private final Receiver receiver = new Receiver();
    private final Webhook to = Messages.to(receiver.url("/x"), "per_chunk", Format.JSON, null);
    private final List<String> trouble = new CopyOnWriteArrayList<>();
    private final SystemTime time = new SystemTime();

    @AfterEach
    void close() {
        receiver.close();
    }

    @Test
    void ofProgressOnlyTheNewestWaits() throws InterruptedException {
        var taken = new CountDownLatch(1);
        receiver.then(socket -> {
            taken.await();
            status(200).to(socket);
        });
        var outbox = outbox(Patience.USUAL);
        outbox.put(letter(Kind.STARTED));
        receiver.next();
        for (int i = 0; i < 1_000; i++) {
            outbox.put(letter(Kind.PROGRESS));
        }
        outbox.put(letter(Kind.HELD));
        outbox.put(letter(Kind.FINISHED));
        taken.countDown();
        outbox.close();

        assertThat(receiver.all())
                .extracting(r -> r.json().get("event").asString())
                .containsExactly("held", "finished");
        assertThat(trouble).isEmpty();
    }

    @Test
    void whoPutsNeverWaitsAndCloseIsBounded() {
        for (int i = 0; i < 100; i++) {
            receiver.then(hang());
        }
        var outbox = outbox(Patience.USUAL);
        long begun = time.nanos();
        for (int i = 0; i < 10_000; i++) {
            outbox.put(letter(Kind.CHUNKS_FAILED));
        }
        assertThat(since(begun)).isLessThan(Duration.ofSeconds(1));
        outbox.put(letter(Kind.FINISHED));
        outbox.close();

        assertThat(since(begun)).isLessThan(Duration.ofSeconds(5));
        assertThat(trouble).containsExactly("lost there did not take a message before the run was over");
    }

    @Test
    void theLastMessageDoesNotWaitBehindAStuckOne() throws InterruptedException {
        receiver.then(hang());
        var outbox = outbox(Patience.USUAL);
        outbox.put(letter(Kind.PROGRESS));
        receiver.next();
        outbox.put(letter(Kind.FINISHED));
        outbox.close();

        assertThat(receiver.next().json().get("event").asString()).isEqualTo("finished");
        assertThat(trouble)
                .containsExactly(
                        "lost there did not take a message before the run was over", "back there takes messages again");
    }

    @Test
    void theLastMessageDoesNotWaitBehindOthersEither() throws InterruptedException {
        receiver.then(hang());
        var outbox = outbox(Patience.USUAL);
        outbox.put(letter(Kind.HELD));
        receiver.next();
        receiver.then(hang());
        outbox.put(letter(Kind.CHUNKS_FAILED));
        outbox.put(letter(Kind.FINISHED));
        receiver.then(status(200));
        outbox.close();

        assertThat(receiver.all())
                .extracting(r -> r.json().get("event").asString())
                .containsExactly("finished");
    }

    @Test
    void troubleIsToldOnceAndThatItIsOver() throws InterruptedException {
        for (int i = 0; i < 6; i++) {
            receiver.then(status(500));
        }
        var outbox = outbox(Messages.QUICK);
        for (int i = 0; i < 3; i++) {
            outbox.put(letter(Kind.HELD));
        }
        for (int i = 0; i < 7; i++) {
            receiver.next();
        }
        outbox.close();

        assertThat(trouble).containsExactly("lost there answers HTTP 500", "back there takes messages again");
    }

    private Duration since(long begun) {
        return Duration.ofNanos(time.nanos() - begun);
    }

    private Letter letter(Kind kind) {
        return new WebhookLetter(Messages.of(kind), to, time);
    }

    private Outbox outbox(Patience patience) {
        return new Outbox(new Courier(to.address(), patience, time), "there", patience, new Trouble() {
            @Override
            public void lost(String message) {
                trouble.add("lost " + message);
            }

            @Override
            public void back(String message) {
                trouble.add("back " + message);
            }
        });
    }
}
