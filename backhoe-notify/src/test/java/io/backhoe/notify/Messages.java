package io.backhoe.notify;

import io.backhoe.ledger.Limit;
import io.backhoe.ledger.PaceRecord;
import io.backhoe.ledger.TimeLeft;
import io.backhoe.run.Progress;
import io.backhoe.spec.Monitoring;
import io.backhoe.spec.Monitoring.Format;
import io.backhoe.spec.Secrets;
import io.backhoe.spec.SpecFile;
import io.backhoe.spec.SpecOverrides;
import io.backhoe.value.RunState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the tests send, and to whom. */
final class Messages {
    static final Patience QUICK = new Patience(
            Duration.ofSeconds(2),
            Duration.ofSeconds(1),
            3,
            Duration.ofMillis(10),
            Duration.ofMillis(20),
            Duration.ofMinutes(1),
            Duration.ofSeconds(4));

    private Messages() {}

    static Webhook to(String url) {
        return to(url, "per_chunk", null, null);
    }

    static Webhook to(String url, String frequency, @Nullable Format format, @Nullable String secret) {
        Monitoring read = SpecFile.read("""
                        backfill:
                          name: x
                          scope: { table: t, date_range: { start: 2023-01-01, end: 2024-01-01 } }
                          monitoring: { progress_webhook: "${env:HOOK}", update_frequency: "%s" }
                        """.formatted(frequency), "x.yaml", SpecOverrides.NONE)
                .spec()
                .monitoring();
        return Webhook.of(
                        new Monitoring(read.webhook(), read.frequency(), format, secret),
                        new Secrets(Map.of("HOOK", url)))
                .orElseThrow();
    }

    static Message of(Message.Kind kind) {
        return new Message(
                kind,
                new Subject(12, "orders_tier_backfill", "shop.orders"),
                "41 %",
                far(5, 12, 2_100_000),
                "2023-04, 2023-05",
                "backhoe status 12",
                Instant.parse("2026-01-05T12:00:00Z"));
    }

    static HowFar far(long done, long chunks, long examined) {
        return far(done, chunks, examined, new Limit("workers", "2 busy", "2"));
    }

    static HowFar far(long done, long chunks, long examined, Limit limit) {
        return new HowFar(
                RunState.RUNNING,
                (int) (examined * 100 / 5_200_000),
                chunks,
                done,
                0,
                5_200_000,
                examined,
                examined,
                0,
                131_000.0,
                new TimeLeft(Duration.ofSeconds(22), Duration.ofSeconds(31)),
                limit);
    }

    static Progress progress(int done, int failed, long examined, Limit limit) {
        var pace = new PaceRecord(
                Instant.EPOCH,
                2,
                2,
                Duration.ofMillis(500),
                null,
                null,
                null,
                new TimeLeft(Duration.ofSeconds(10), Duration.ofSeconds(20)),
                limit);
        return new Progress(
                7,
                "tiers",
                "shop.orders",
                RunState.RUNNING,
                24,
                done,
                failed,
                10_000,
                examined,
                examined,
                0,
                List.of(),
                pace,
                Holds.isHold(limit.signal()) ? limit.signal() : null,
                Duration.ofSeconds(1));
    }
}
