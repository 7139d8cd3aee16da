package io.backhoe.cli;

import io.backhoe.ledger.LostTime;
import io.backhoe.ledger.PaceRecord;
import io.backhoe.ledger.RunPace;
import io.backhoe.ledger.TimeLeft;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How fast a run is, and why no faster, as data of a JSON document. */
final class PaceDocument {
    private PaceDocument() {}

    /** @param now what was said long before is not told as if it were true now */
    static Map<String, @Nullable Object> of(RunPace pace, Instant now) {
        var data = new LinkedHashMap<String, @Nullable Object>();
        PaceRecord last = pace.last();
        data.put("pace", last == null || !last.isFresh(now) ? null : now(last));
        data.put("signals", SignalLines.data(pace.signals()));
        data.put("lost_time", pace.lost().stream().map(PaceDocument::lost).toList());
        return data;
    }

    private static Map<String, @Nullable Object> now(PaceRecord pace) {
        var data = new LinkedHashMap<String, @Nullable Object>();
        data.put("at", Figures.instant(pace.at()));
        data.put("workers", pace.workers());
        data.put("busy_workers", pace.busy());
        data.put("batch_target_ms", pace.batchTarget().toMillis());
        Duration batch = pace.batchTime();
        data.put("batch_ms", batch == null ? null : batch.toMillis());
        data.put("batch_rows", pace.batchRows());
        data.put("rows_per_second", pace.rowsPerSecond());
        data.put("remaining_ms", left(pace.left()));
        var limit = new LinkedHashMap<String, Object>();
        limit.put("signal", pace.limit().signal());
        limit.put("value", pace.limit().value());
        limit.put("limit", pace.limit().limit());
        data.put("limit", limit);
        return data;
    }

    static @Nullable Map<String, Object> left(@Nullable TimeLeft left) {
        if (left == null) {
            return null;
        }
        var data = new LinkedHashMap<String, Object>();
        data.put("low", left.low().toMillis());
        data.put("high", left.high().toMillis());
        return data;
    }

    private static Map<String, Object> lost(LostTime lost) {
        var data = new LinkedHashMap<String, Object>();
        data.put("reason", lost.reason());
        data.put("times", lost.times());
        data.put("lost_ms", lost.time().toMillis());
        return data;
    }
}
