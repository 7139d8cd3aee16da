package io.backhoe.notify;

import static org.assertj.core.api.Assertions.assertThat;

import io.backhoe.ledger.Limit;
import io.backhoe.spec.Monitoring.Format;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import io.backhoe.value.RunState;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class WebhookListenerTest {
    private static final Limit WORKERS = new Limit("workers", "2 busy", "2");
    private static final Limit LAG = new Limit("replica_lag", "12 s", "5 s");

    private final Receiver receiver = new Receiver();
    private final HandTime clock = new HandTime();
    private final List<String> trouble = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        receiver.close();
    }

    @Test
    void twelveChunksInASecondAreOneMessage() throws InterruptedException {
        var listener = listener("per_chunk");
        listener.event("state", "", "RUNNING");
        assertThat(next().get("event").asString()).isEqualTo("started");
        listener.progress(Messages.progress(0, 0, 10, WORKERS));
        for (int i = 1; i <= 12; i++) {
            listener.event("chunk_done", "2023-" + i, "success");
        }
        listener.progress(Messages.progress(12, 0, 5_200, WORKERS));

        JsonNode told = next();
        assertThat(told.get("event").asString()).isEqualTo("progress");
        assertThat(told.get("progress").get("done_chunks").asInt()).isEqualTo(12);
        listener.close();
        assertThat(receiver.all()).isEmpty();
    }

    @Test
    void tellsEachTenthWhenAskedTo() throws InterruptedException {
        var listener = listener("10%");
        listener.progress(Messages.progress(0, 0, 100, WORKERS));
        assertThat(next().get("event").asString()).isEqualTo("started");
        for (int examined = 100; examined < 2_500; examined += 100) {
            listener.progress(Messages.progress(0, 0, examined, WORKERS));
            if (examined == 1_000 || examined == 2_000) {
                assertThat(next().get("title").asString()).isEqualTo(examined / 100 + " %");
            }
        }
        listener.close();
        assertThat(receiver.all()).isEmpty();
    }

    @Test
    void tellsEveryFiveMinutesWhenAskedTo() throws InterruptedException {
        var listener = listener("5m");
        listener.progress(Messages.progress(0, 0, 0, WORKERS));
        next();
        for (int minute = 1; minute < 11; minute++) {
            clock.now += Duration.ofMinutes(1).toNanos();
            listener.progress(Messages.progress(0, 0, minute, WORKERS));
            if (minute % 5 == 0) {
                next();
            }
        }
        listener.close();
        assertThat(receiver.all()).isEmpty();
    }

    @Test
    void tellsWhatHoldsItAndThatItGoesOn() throws InterruptedException {
        var listener = listener("state");
        listener.progress(Messages.progress(0, 0, 700, WORKERS));
        next();
        listener.progress(Messages.progress(0, 0, 700, LAG));
        for (int second = 0; second < 600; second++) {
            clock.now += Duration.ofSeconds(1).toNanos();
            listener.progress(Messages.progress(0, 0, 700, LAG));
            if (second == 59 || second == 599) {
                JsonNode told = next();
                assertThat(told.get("title").asString()).isEqualTo("held by replica_lag");
                assertThat(told.get("reason").asString())
                        .isEqualTo("for " + (second + 1) / 60 + " min by replica_lag: 12 s of 5 s");
            }
        }
        listener.progress(Messages.progress(0, 0, 900, WORKERS));
        assertThat(next().get("title").asString()).isEqualTo("goes on, 9 %");
        listener.close();
        assertThat(receiver.all()).isEmpty();
    }

    @Test
    void whyASignalCannotBeReadStaysInside() throws InterruptedException {
        var listener = listener("per_chunk");
        var limit = new Limit("probe", "not read for 16 s (invalid input syntax: \"a row's value\")", "15 s");
        listener.progress(Messages.progress(0, 0, 0, limit));

        JsonNode told = next();
        assertThat(told.at("/progress/limit/value").asString()).isEqualTo("not read for 16 s");
        assertThat(told.toString()).doesNotContain("row's value");
        listener.close();
    }

    @Test
    void tellsFailedChunksTogether() throws InterruptedException {
        var listener = listener("state");
        listener.progress(Messages.progress(0, 0, 0, WORKERS));
        next();
        listener.event("chunk_failed", "2023-01", "invalid input syntax for type integer: \"a row's value\"");
        listener.event("chunk_failed", "2023-02", "invalid input syntax for type integer: \"a row's value\"");
        listener.progress(Messages.progress(0, 2, 0, WORKERS));

        JsonNode told = next();
        assertThat(told.get("event").asString()).isEqualTo("chunks_failed");
        assertThat(told.get("title").asString()).isEqualTo("2 chunks have failed");
        assertThat(told.get("reason").asString()).isEqualTo("2023-01, 2023-02");
        assertThat(told.get("command").asString()).isEqualTo("backhoe status 7 --target shop");
        assertThat(told.toString()).doesNotContain("row's value");
        listener.close();
    }

    @Test
    void tellsThatItBrokeWithoutTheServersWords() throws InterruptedException {
        var listener = listener("state");
        listener.broke(new BackhoeException(ExitCode.CONFLICT, "lock_lost", "value 42 of a row", null));

        JsonNode told = next();
        assertThat(told.get("event").asString()).isEqualTo("stopped");
        assertThat(told.get("title").asString()).isEqualTo("this process works on it no longer");
        assertThat(told.get("reason").asString()).isEqualTo("lock lost");
        assertThat(told.get("command").asString()).isEqualTo("backhoe status 7 --target shop");
        assertThat(told.toString()).doesNotContain("value 42");
        listener.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"run_taken_over", "wrong_state", "other_on_conflict"})
    void whatAnotherProcessWorksOnIsNotToldToHaveStopped(String code) {
        var listener = listener("state");
        listener.broke(new BackhoeException(ExitCode.CONFLICT, code, "run 7 is another's", null));
        listener.close();

        assertThat(receiver.all()).isEmpty();
    }

    @Test
    void anErrorOfTheMachineIsToldToo() throws InterruptedException {
        var listener = listener("state");
        listener.broke(new OutOfMemoryError("value 42 of a row"));

        JsonNode told = next();
        assertThat(told.get("reason").asString()).isEqualTo("an error that Backhoe does not know");
        assertThat(told.toString()).doesNotContain("value 42");
        listener.close();
    }

    @Test
    void whatGoesOnInAnotherProcessHasNotStopped() throws InterruptedException {
        var listener = listener("state");
        listener.left(KnownRuns.report(RunState.PAUSED, false, 9, List.of()));

        JsonNode told = next();
        assertThat(told.get("event").asString()).isEqualTo("progress");
        assertThat(told.get("title").asString()).isEqualTo("goes on in another process");
        listener.close();
    }

    private JsonNode next() throws InterruptedException {
        return receiver.next().json();
    }

    private WebhookListener listener(String frequency) {
        var to = Messages.to(receiver.url("/x"), frequency, Format.JSON, null);
        var listener = new WebhookListener(
                to,
                " --target shop",
                clock,
                new Trouble() {
                    @Override
                    public void lost(String message) {
                        trouble.add(message);
                    }

                    @Override
                    public void back(String message) {
                        trouble.add(message);
                    }
                },
                Messages.QUICK);
        listener.begins(7);
        return listener;
    }
}
