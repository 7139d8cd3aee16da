package io.backhoe.notify;

import io.backhoe.ledger.Limit;
import io.backhoe.ledger.TimeLeft;
import io.backhoe.report.Numbers;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** For programs: see {@code docs/notify.md}. Keys are never left out; what is not known is null. */
final class JsonBody implements Body {
    @Override
    public Object of(Message message) {
        var body = new LinkedHashMap<String, @Nullable Object>();
        body.put("schema", "backhoe.notification/v1");
        body.put("id", message.id());
        body.put("event", message.kind().word());
        body.put("at", Numbers.instant(message.at()));
        long run = message.subject().run();
        body.put("run_id", run == 0 ? null : Long.toString(run));
        body.put("name", message.subject().name());
        body.put("table", message.subject().table());
        body.put("title", message.title());
        body.put("reason", message.reason());
        body.put("command", message.command());
        body.put("progress", far(message.far()));
        return body;
    }

    private static @Nullable Object far(@Nullable HowFar far) {
        if (far == null) {
            return null;
        }
        var data = new LinkedHashMap<String, @Nullable Object>();
        data.put("state", far.state().name());
        data.put("percent", far.percent());
        data.put("total_chunks", far.chunks());
        data.put("done_chunks", far.done());
        data.put("failed_chunks", far.failed());
        data.put("estimated_rows", far.estimated());
        data.put("examined_rows", far.examined());
        data.put("changed_rows", far.changed());
        data.put("quarantined_rows", far.quarantined());
        data.put("rows_per_second", far.rate());
        TimeLeft left = far.left();
        data.put(
                "left_ms",
                left == null
                        ? null
                        : Map.of(
                                "low",
                                left.low().toMillis(),
                                "high",
                                left.high().toMillis()));
        Limit limit = far.limit();
        data.put(
                "limit",
                limit == null
                        ? null
                        : Map.of("signal", limit.signal(), "value", limit.value(), "limit", limit.limit()));
        return data;
    }
}
