package io.backhoe.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backhoe.run.BatchOutcome;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import io.backhoe.value.RunState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class TracesTest {
    private final Receiver receiver = new Receiver();
    private final HandTime time = new HandTime();
    private final List<String> trouble = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        receiver.close();
    }

    @Test
    void aRunHasChunksAndTheseHaveBatches() {
        var traces = traces();
        traces.begins(7);
        time.now = Duration.ofSeconds(10).toNanos();
        traces.batch(new BatchOutcome("2023-01", Duration.ofMillis(400), 4_000, 3_900, null));
        traces.batch(new BatchOutcome("2023-02", Duration.ofMillis(20), 0, 0, "40001"));
        traces.event("chunk_done", "2023-01", "success");
        traces.broke(new BackhoeException(ExitCode.CONFLICT, "run_taken_over", "value 42 of a row", null));
        traces.close();

        var spans = spans();
        assertThat(spans)
                .extracting(s -> s.get("name").asString())
                .containsExactly("run", "batch", "batch", "chunk", "chunk");
        JsonNode run = spans.get(0);
        JsonNode chunk = spans.get(3);
        JsonNode batch = spans.get(1);
        assertThat(spans)
                .extracting(s -> s.get("traceId").asString())
                .containsOnly(run.get("traceId").asString());
        assertThat(run.get("traceId").asString()).matches("[0-9a-f]{32}");
        assertThat(run.get("spanId").asString()).matches("[0-9a-f]{16}");
        assertThat(run.has("parentSpanId")).isFalse();
        assertThat(chunk.get("parentSpanId")).isEqualTo(run.get("spanId"));
        assertThat(batch.get("parentSpanId")).isEqualTo(chunk.get("spanId"));
        assertThat(batch.get("startTimeUnixNano").asString()).isEqualTo("9600000000");
        assertThat(batch.get("endTimeUnixNano").asString()).isEqualTo("10000000000");
        assertThat(batch.get("status").get("code").asInt()).isEqualTo(1);
        assertThat(spans.get(2).get("status").toString()).contains("\"code\":2", "\"message\":\"40001\"");
        assertThat(spans.get(4).get("status").get("code").asInt()).isEqualTo(1);
        assertThat(spans.get(4).get("attributes").toString()).contains("backhoe.chunk_ended", "{\"intValue\":\"0\"}");
        assertThat(run.get("status").get("message").asString()).isEqualTo("run_taken_over");
        assertThat(run.get("attributes").toString()).contains("{\"intValue\":\"7\"}");
        assertThat(spans.toString()).doesNotContain("value 42");
        assertThat(trouble).isEmpty();
    }

    @Test
    void whatIsDroppedIsCountedAndNobodyWaits() {
        receiver.then(Receiver.hang());
        var traces = traces();
        traces.begins(7);
        for (int i = 0; i < 20_000; i++) {
            traces.batch(new BatchOutcome("2023-01", Duration.ofMillis(1), 1, 1, null));
        }
        traces.close();

        assertThat(trouble)
                .containsExactly(
                        "lost OpenTelemetry at http://127.0.0.1 does not answer within 1.0 s",
                        "back OpenTelemetry at http://127.0.0.1 takes spans again");
        assertThat(spans().size()).isLessThan(20_000);
    }

    @Test
    void theSpanOfTheRunIsSentWhenTheCollectorHangs() throws InterruptedException {
        receiver.then(Receiver.hang());
        var traces = traces();
        traces.begins(7);
        traces.batch(new BatchOutcome("2023-01", Duration.ofMillis(1), 1, 1, null));
        receiver.next();
        traces.ended(KnownRuns.report(RunState.SUCCEEDED, false, 0, List.of()), null);
        traces.close();

        assertThat(spans()).extracting(s -> s.get("name").asString()).contains("run");
    }

    @Test
    void batchesOfASecondAreOneRequest() throws InterruptedException {
        var traces = traces();
        traces.begins(7);
        for (int i = 0; i < 100; i++) {
            traces.batch(new BatchOutcome("2023-01", Duration.ofMillis(1), 1, 1, null));
        }
        assertThat(receiver.next().json().at("/resourceSpans/0/scopeSpans/0/spans"))
                .hasSize(100);
        traces.close();
    }

    @Test
    void whatWasNotTakenIsCounted() throws InterruptedException {
        receiver.then(Receiver.status(503));
        var traces = traces();
        traces.begins(7);
        traces.batch(new BatchOutcome("2023-01", Duration.ofMillis(1), 1, 1, null));
        receiver.next();
        while (trouble.isEmpty()) {
            Thread.sleep(10);
        }
        traces.ended(KnownRuns.report(RunState.PAUSED, false, 9, List.of()), null);
        traces.close();

        JsonNode run = spans().get(0);
        assertThat(run.get("name").asString()).isEqualTo("run");
        assertThat(run.get("attributes"))
                .filteredOn(a -> a.get("key").asString().equals("backhoe.dropped_spans"))
                .extracting(a -> a.at("/value/intValue").asString())
                .containsExactly("1");
        assertThat(run.get("status").get("code").asInt()).isEqualTo(1);
    }

    @Test
    void headersThatCannotBeReadAreRefusedWithoutQuotingThem() {
        assertThatThrownBy(() -> Collector.of(Map.of(
                        "OTEL_EXPORTER_OTLP_ENDPOINT",
                        receiver.url(""),
                        "OTEL_EXPORTER_OTLP_HEADERS",
                        "authorization=Bearer s3cret%")))
                .isInstanceOf(BackhoeException.class)
                .hasMessageContaining("OTEL_EXPORTER_OTLP_HEADERS")
                .hasNoCause()
                .message()
                .doesNotContain("s3cret");
    }

    @Test
    void goesWhereTheVariablesSay() throws InterruptedException {
        assertThat(Collector.of(Map.of())).isEmpty();
        assertThat(Collector.of(Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.url(""), "OTEL_SDK_DISABLED", "true")))
                .isEmpty();
        var traces = traces();
        traces.begins(7);
        traces.broke(new IllegalStateException());
        traces.close();

        var sent = receiver.next();
        assertThat(sent.line()).isEqualTo("POST /v1/traces HTTP/1.1");
        assertThat(sent.header("x-api-key")).isEqualTo("a secret");
        assertThat(sent.header("Content-Type")).isEqualTo("application/json");
        assertThat(collector().toString()).doesNotContain("a secret");
        assertThatThrownBy(() -> Collector.of(Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "localhost:4317")))
                .isInstanceOf(BackhoeException.class)
                .hasMessageContaining("OTEL_EXPORTER_OTLP_ENDPOINT is not an address");
    }

    private List<JsonNode> spans() {
        var spans = new ArrayList<JsonNode>();
        for (var request : receiver.all()) {
            request.json()
                    .get("resourceSpans")
                    .get(0)
                    .get("scopeSpans")
                    .get(0)
                    .get("spans")
                    .forEach(spans::add);
        }
        return spans;
    }

    private Collector collector() {
        return Collector.of(Map.of(
                        "OTEL_EXPORTER_OTLP_ENDPOINT",
                        receiver.url(""),
                        "OTEL_EXPORTER_OTLP_HEADERS",
                        "x-api-key=a%20secret"))
                .orElseThrow();
    }

    private TracesListener traces() {
        var told = new Trouble() {
            @Override
            public void lost(String message) {
                trouble.add("lost " + message);
            }

            @Override
            public void back(String message) {
                trouble.add("back " + message);
            }
        };
        return new TracesListener(collector(), time, told, Messages.QUICK);
    }
}
