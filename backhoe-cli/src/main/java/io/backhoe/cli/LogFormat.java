package io.backhoe.cli;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How a line of a log is written: the same things in each. What is before a run has none of its number, which is 0 then. */
enum LogFormat {
    /** {@code 2026-05-06T07:00:01.250Z run=3 chunk=2023-05 chunk_success 410,000 rows changed}. */
    TEXT {
        @Override
        String line(Instant at, long runId, String kind, @Nullable String chunk, String message) {
            String text = Figures.instant(at) + (runId == 0 ? "" : " run=" + runId)
                    + (chunk == null || chunk.isEmpty() ? "" : " chunk=" + HintUrl.quoted(chunk))
                    + " " + kind + (message.isEmpty() ? "" : " " + message);
            return text.replaceAll("\\R", " | ");
        }
    },
    /** One JSON object a line. */
    JSON {
        @Override
        String line(Instant at, long runId, String kind, @Nullable String chunk, String message) {
            return JsonText.line(data(at, runId, kind, chunk, message));
        }
    };

    abstract String line(Instant at, long runId, String kind, @Nullable String chunk, String message);

    static Map<String, @Nullable Object> data(
            Instant at, long runId, String kind, @Nullable String chunk, String message) {
        var data = new LinkedHashMap<String, @Nullable Object>();
        data.put("at", Figures.instant(at));
        data.put("run_id", runId == 0 ? null : Long.toString(runId));
        data.put("chunk", chunk == null || chunk.isEmpty() ? null : chunk);
        data.put("kind", kind);
        data.put("message", message);
        return data;
    }
}
