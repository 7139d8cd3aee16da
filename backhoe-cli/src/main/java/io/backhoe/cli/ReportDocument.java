package io.backhoe.cli;

import io.backhoe.ledger.EventRecord;
import io.backhoe.ledger.TroubleCount;
import io.backhoe.report.RunAccount;
import io.backhoe.report.Undo;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A report as the data of a JSON document: that of {@code status}, and what only a report knows. */
final class ReportDocument {
    private ReportDocument() {}

    /** @param path of the file that a report was written to, or null when there is none */
    static Map<String, @Nullable Object> of(RunAccount account, String flags, @Nullable String path) {
        var data = new LinkedHashMap<String, @Nullable Object>();
        data.putAll(RunDocument.of(account.report(), account.readAt()));
        Object chunks = data.remove("chunks");
        data.put("path", path);
        data.put("read_at", Figures.instant(account.readAt()));
        data.put("worked_ms", account.worked().toMillis());
        data.put("undone_ms", account.undone().toMillis());
        data.putAll(PaceDocument.of(account.pace(), account.readAt()));
        data.put("remaining_ms", PaceDocument.left(account.remaining()));
        data.put("forecast", ForecastLines.data(account.forecast()));
        data.put("undo_possible", account.undoable());
        data.put("undo_command", new Undo(account, flags).command());
        data.put("retries", counts("attempts", account.retries()));
        data.put("quarantine", counts("rows", account.quarantine()));
        data.put("events", account.events().stream().map(ReportDocument::event).toList());
        data.put("chunks", chunks);
        return data;
    }

    private static List<Map<String, Object>> counts(String what, List<TroubleCount> counts) {
        return counts.stream().map(c -> count(what, c)).toList();
    }

    private static Map<String, Object> count(String what, TroubleCount count) {
        var data = new LinkedHashMap<String, Object>();
        data.put("sqlstate", count.sqlState());
        data.put(what, count.count());
        data.put("first_at", Figures.instant(count.first()));
        data.put("last_at", Figures.instant(count.last()));
        return data;
    }

    private static Map<String, @Nullable Object> event(EventRecord event) {
        var data = new LinkedHashMap<String, @Nullable Object>();
        data.put("at", Figures.instant(event.at()));
        data.put("kind", event.kind());
        data.put("message", event.message());
        data.put("who", event.who());
        data.put("origin", event.origin());
        data.put("why", event.why());
        data.put("was", event.was());
        data.put("became", event.became());
        return data;
    }
}
