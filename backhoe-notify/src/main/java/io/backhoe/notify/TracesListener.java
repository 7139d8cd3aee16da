package io.backhoe.notify;

import io.backhoe.plan.Plan;
import io.backhoe.report.RunReport;
import io.backhoe.run.BatchOutcome;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.RunState;
import io.backhoe.value.Time;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells a collector of OpenTelemetry what an execution of a run spends its time on: a span for it, one for each chunk, from its first
 * batch on, and one for each batch.
 */
public final class TracesListener implements Teller {
    /** A chunk whose end is not known yet. */
    private record Open(String span, Instant start) {}

    /** A pause or a cancellation is what somebody wished for. */
    private static final Set<RunState> WRONG = EnumSet.of(RunState.PARTIAL, RunState.FAILED, RunState.ROLLBACK_PARTIAL);

    private final SpanSender sender;
    private final Time time;
    private final String trace = Span.newId(16);
    private final String root = Span.newId(8);
    private final Map<String, Open> open = new HashMap<>();
    private final Map<String, Object> about = new LinkedHashMap<>();
    private @Nullable Instant begun;

    public TracesListener(Collector collector, Time time, Trouble trouble) {
        this(collector, time, trouble, Patience.USUAL);
    }

    TracesListener(Collector collector, Time time, Trouble trouble, Patience patience) {
        this.time = time;
        this.sender =
                new SpanSender(collector, new Post(patience.connect(), patience.answer(), time), patience, trouble);
    }

    @Override
    public synchronized void plan(Plan plan) {
        about.put("backhoe.name", plan.spec().about().name());
        about.put("backhoe.plan_hash", plan.hash());
        about.put("db.system.name", "postgresql");
        about.put("db.collection.name", plan.spec().scope().table().toString());
    }

    @Override
    public synchronized void begins(long runId) {
        begun = time.now();
        about.put("backhoe.run_id", runId);
    }

    @Override
    public synchronized void batch(BatchOutcome batch) {
        Instant end = time.now();
        Instant start = end.minus(batch.took());
        var chunk = open.computeIfAbsent(batch.chunk(), c -> new Open(Span.newId(8), start));
        var attributes = new LinkedHashMap<String, Object>();
        attributes.put("backhoe.chunk", batch.chunk());
        attributes.put("backhoe.rows_examined", batch.examined());
        attributes.put("backhoe.rows_changed", batch.changed());
        String sqlState = batch.sqlState();
        if (sqlState != null) {
            attributes.put("db.response.status_code", sqlState);
        }
        sender.putBatch(new Span(trace, Span.newId(8), chunk.span(), "batch", start, end, attributes, sqlState));
    }

    @Override
    public synchronized void event(String kind, String chunk, String message) {
        switch (kind) {
            case "chunk_done" -> end(chunk, true, null);
            case "chunk_failed" -> end(chunk, true, "failed");
            default -> {} // no span ends with it
        }
    }

    private void end(String chunk, boolean done, @Nullable String error) {
        Open ended = open.remove(chunk);
        if (ended != null) {
            var attributes = Map.<String, Object>of("backhoe.chunk", chunk, "backhoe.chunk_ended", done ? 1 : 0);
            sender.put(new Span(trace, ended.span(), root, "chunk", ended.start(), time.now(), attributes, error));
        }
    }

    @Override
    public synchronized void ended(RunReport report, @Nullable String command) {
        RunState state = report.run().state();
        endAll(state, WRONG.contains(state) ? state.name() : null);
    }

    @Override
    public void left(RunReport report) {
        ended(report, null);
    }

    @Override
    public synchronized void broke(Throwable why) {
        endAll(null, why instanceof BackhoeException known ? known.code() : "unexpected");
    }

    private void endAll(@Nullable RunState state, @Nullable String error) {
        Instant start = begun;
        if (start == null) {
            return;
        }
        open.keySet().stream().toList().forEach(chunk -> end(chunk, false, null));
        var attributes = new LinkedHashMap<>(about);
        if (state != null) {
            attributes.put("backhoe.state", state.name());
        }
        attributes.put("backhoe.dropped_spans", sender.dropped());
        sender.putFirst(new Span(trace, root, null, "run", start, time.now(), attributes, error));
    }

    @Override
    public void close() {
        sender.close();
    }
}
