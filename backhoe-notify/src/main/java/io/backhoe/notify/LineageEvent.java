package io.backhoe.notify;

import io.backhoe.report.KnownRun;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An event of a run as OpenLineage 2-0-2 has it (openlineage.io/spec). Holds names, states and numbers, never a word of the
 * server's.
 *
 * @param undo whether it is about the rollback of the run, which is a job of its own
 * @param rows written, or restored, so far; null while that is not known
 * @param error why it did not end well; null when it did, or has not ended
 */
record LineageEvent(
        LineageBackend to,
        KnownRun known,
        Type type,
        boolean undo,
        Instant at,
        @Nullable Long rows,
        @Nullable String error)
        implements Letter {
    static final String PRODUCER = "urn:backhoe:" + version();

    private static final String SCHEMA = "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent";
    private static final String PLAN_SCHEMA = "urn:backhoe:openlineage:BackhoePlanRunFacet:1";

    /** What has become of a run. */
    enum Type {
        START,
        RUNNING,
        COMPLETE,
        FAIL,
        ABORT;

        boolean isEnd() {
            return this != START && this != RUNNING;
        }
    }

    private static String version() {
        String version = LineageEvent.class.getPackage().getImplementationVersion();
        return version == null ? "unreleased" : version;
    }

    @Override
    public boolean isProgress() {
        return type == Type.RUNNING;
    }

    @Override
    public boolean isLast() {
        return type.isEnd();
    }

    @Override
    public Map<String, String> headers(String text) {
        return to.headers();
    }

    @Override
    public String text() {
        var facets = new LineageFacets(known);
        var event = new LinkedHashMap<String, Object>();
        event.put("eventType", type.name());
        event.put("eventTime", at.toString());
        event.put("run", Map.of("runId", LineageId.of(known, undo).toString(), "facets", run(facets)));
        event.put("job", job());
        event.put("inputs", facets.inputs(undo));
        event.put("outputs", facets.outputs(undo, rows));
        event.put("producer", PRODUCER);
        event.put("schemaURL", SCHEMA);
        return Body.JSON.writeValueAsString(event);
    }

    private Map<String, Object> run(LineageFacets facets) {
        var plan = LineageFacets.facet(PLAN_SCHEMA);
        plan.put("planHash", known.run().planHash());
        plan.put("runId", Long.toString(known.run().id()));
        plan.put(
                "columnsNotTold", undo ? known.plan().spec().requiredTransform().columns() : facets.untold());
        var run = new LinkedHashMap<String, Object>();
        run.put("backhoe_plan", plan);
        if (error != null) {
            var message = LineageFacets.standard("1-0-1/ErrorMessageRunFacet");
            message.put("message", error);
            message.put("programmingLanguage", "Java");
            run.put("errorMessage", message);
        }
        return run;
    }

    private Map<String, Object> job() {
        var type = LineageFacets.standard("2-0-4/JobTypeJobFacet");
        type.put("processingType", "BATCH");
        type.put("integration", "BACKHOE");
        type.put("jobType", undo ? "ROLLBACK" : "BACKFILL");
        var job = new LinkedHashMap<String, Object>();
        job.put("namespace", to.namespace());
        job.put("name", known.run().name() + (undo ? ".rollback" : ""));
        job.put("facets", Map.of("jobType", type));
        return job;
    }
}
