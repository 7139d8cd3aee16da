package io.backhoe.cli;

import io.backhoe.ledger.LogEntry;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a line of a log is written: the same things in each, whoever writes it. What is before a run has none of its number,
 * which is 0 then.
 */
enum LogFormat {
    /** {@code 2026-05-06T07:00:01.250Z run=3 chunk=2023-05 chunk_success 410,000 rows changed}. */
    TEXT {
        @Override
        String line(long runId, LogEntry e) {
            String chunk = e.chunk();
            String text = Figures.instant(e.at()) + (runId == 0 ? "" : " run=" + runId)
                    + (chunk == null || chunk.isEmpty() ? "" : " chunk=" + HintUrl.quoted(chunk))
                    + " " + e.kind() + (e.message().isEmpty() ? "" : " " + e.message())
                    + (e.kind().equals("command") ? " by " + e.who() + (e.why() == null ? "" : ": " + e.why()) : "");
            return text.replaceAll("\\R", " | ");
        }
    },
    /** One JSON object a line. */
    JSON {
        @Override
        String line(long runId, LogEntry e) {
            return JsonText.line(data(runId, e));
        }
    };

    abstract String line(long runId, LogEntry e);

    static Map<String, @Nullable Object> data(long runId, LogEntry e) {
        String chunk = e.chunk();
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put("at", Figures.instant(e.at()));
        data.put("run_id", runId == 0 ? null : Long.toString(runId));
        data.put("chunk", chunk == null || chunk.isEmpty() ? null : chunk);
        data.put("kind", e.kind());
        data.put("message", e.message());
        data.put("who", e.who());
        data.put("origin", e.origin());
        data.put("why", e.why());
        data.put("was", e.was());
        data.put("became", e.became());
        return data;
    }
}
