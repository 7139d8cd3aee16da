package io.backhoe.spec;

import io.backhoe.value.TableName;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads the keys of a spec, one method a section. What could not be read is a problem, and stands in as a blank. */
final class SpecReader {
    private static final List<String> RESERVED = List.of("engine");
    private static final List<String> OF_THE_WHOLE =
            List.of("after", "reason", "correction", "policy", "throttle", "run_between", "deadline", "canary");

    /** Said of what only a plan holds. */
    static final String ONLY_IN_A_PLAN = "belongs to a plan, which has a hash; a spec has neither";

    private static final List<String> OF_A_PLAN = List.of(
            "version",
            "access",
            "session",
            "sql",
            "fingerprint",
            "forecast",
            "explain",
            "lineage",
            "notes",
            "seal",
            "rest_of");

    private final Section in;
    private final SpecOverrides overrides;
    private final Problems problems;
    private final List<String> warnings = new ArrayList<>();
    private @Nullable ChunkBy expect;
    private boolean ofPlan;

    SpecReader(Section in, SpecOverrides overrides, Problems problems) {
        this.in = in;
        this.overrides = overrides;
        this.problems = problems;
    }

    List<String> warnings() {
        return warnings;
    }

    Spec spec() {
        return spec((execution, scope) -> execution.chunks(scope));
    }

    /** As {@link #spec}, but the chunks are left to the plan. */
    Spec specOfPlan() {
        ofPlan = true;
        return spec((execution, scope) -> List.of());
    }

    void refusePlanKeys() {
        in.refuse("hash", "this is a plan, it has a hash; a spec has none");
        for (String key : OF_A_PLAN) {
            in.refuse(key, ONLY_IN_A_PLAN);
        }
        Section transform = in.read("transform", v -> v.isSection() ? v.section() : null);
        if (transform != null) {
            transform.refuse("kept", ONLY_IN_A_PLAN);
        }
    }

    private interface Chunks {
        List<Spec.ListedChunk> read(ExecutionReader execution, Spec.@Nullable Scope scope);
    }

    private Spec spec(Chunks chunks) {
        RESERVED.forEach(key -> in.refuse(key, "this version does not do this yet"));
        var about = new Spec.About(
                orBlank(in.require("name", Value::label)),
                in.read("description", Value::remark),
                in.read("created", Value::remark),
                in.read("requested_by", Value::remark),
                in.read("reason", Value::text));
        Spec.Target target = target();
        Spec.Strategy strategy = section("strategy", this::strategy);
        if (strategy == null) {
            strategy = Spec.Strategy.DEFAULT;
        }
        boolean dated = strategy.chunkBy().isCalendar();
        Spec.Scope scope = section("scope", section -> scope(section, dated));
        if (scope == null) {
            in.require("scope", v -> v);
            scope = Blank.SCOPE;
        }
        Spec.Transform transform = new TransformReader(
                        in.read("transform", Value::section), overrides, problems, warnings)
                .transform(strategy.type(), expect);
        var execution = new ExecutionReader(in.read("execution", Value::section), warnings);
        var done = new Spec.Execution(
                execution.checks("pre_checks", null),
                chunks.read(execution, scope == Blank.SCOPE ? null : scope),
                execution.checks("post_checks", transform));
        Spec.Rollback rollback = section("rollback", this::rollback);
        if (rollback != null && rollback.export() != null && !rollback.keepsInDatabase()) {
            done.postChecks().stream()
                    .filter(c -> c.kind() == CheckKind.VALUES_MATCH || c.kind() == CheckKind.DISTRIBUTION)
                    .forEach(c -> in.problem(
                            "execution",
                            "post_checks: " + c.name() + " looks at before-images in the database, and with"
                                    + " rollback.keep_in_database: false there are none"));
        }
        if (transform != null
                && transform.source() != null
                && transform.source().into() != null) {
            strategy = recomputing(strategy);
        }
        if (transform != null && transform.source() != null) {
            QueryRules.refuseOthers(in, strategy, done, rollback, scope, transform.source());
        } else {
            QueryRules.refuseItsChecks(in, done);
        }
        Spec.Server server = section("server", SpecReader::server);
        var pacing = new PacingReader(in).pacing();
        PacingReader.warn(pacing, warnings);
        Monitoring monitoring = section("monitoring", this::monitoring);
        warnOfUnused(transform, strategy);
        if (!done.chunks().isEmpty() && expect != null) {
            in.problem("execution", "lists chunks, which strategy.expect chooses: the periods without rows");
        }
        var corrections = new CorrectionReader(in, ofPlan);
        Correction correction = corrections.correction();
        corrections.refuseOthers(correction, strategy, transform, rollback, scope.where() != null);
        if (!done.chunks().isEmpty()
                && (strategy.chunkBy() == ChunkBy.KEY || strategy.chunkBy() == ChunkBy.PARTITION)) {
            in.problem(
                    "execution",
                    "lists chunks by date, which strategy.chunk_by: "
                            + strategy.chunkBy().word() + " cannot be mixed with");
        }
        return new Spec(
                about,
                target,
                scope,
                transform,
                strategy,
                done,
                rollback == null ? new Spec.Rollback(true) : rollback,
                server == null ? Spec.Server.UNKNOWN : server,
                monitoring == null ? Monitoring.NONE : monitoring,
                pacing,
                correction,
                after(about.name()));
    }

    /** The names of other backfills. */
    private List<String> after(String own) {
        var names = new ArrayList<String>();
        for (Value item : in.items("after")) {
            String name = item.label();
            if (name != null && name.equals(own)) {
                item.problem("is this backfill itself, which would wait for ever; name another");
            } else if (name != null && names.contains(name)) {
                item.problem("'" + name + "' was already given");
            } else if (name != null) {
                names.add(name);
            }
        }
        return names;
    }

    private <T> @Nullable T section(String key, Function<Section, @Nullable T> how) {
        Section section = in.read(key, Value::section);
        return section == null ? null : how.apply(section);
    }

    private Spec.@Nullable Target target() {
        Value value = in.value("target");
        Spec.Target written = null;
        if (value != null && !value.isNothing() && !value.isSection()) {
            String name = TargetsFile.name(value);
            written = name == null ? null : Spec.Target.named(name);
        } else if (value != null) {
            Section section = value.section();
            written = section == null
                    ? null
                    : new Spec.Target(
                            section.read("url", Value::text),
                            section.read("user", Value::text),
                            section.read("password", Value::text));
        }
        String url = overrides.url() == null ? null : flag("--url", overrides.url());
        Spec.Target target = url == null ? written : new Spec.Target(url, null, null);
        if (written != null && !written.withoutLiteralSecrets().equals(written)) {
            warnings.add("target: a password stands in the file in clear; better write ${env:PGPASSWORD} or"
                    + " ${file:PATH}. It is used, and written nowhere");
        }
        return target == null || target.equals(Spec.Target.NONE) ? null : target;
    }

    /** @param dated whether the chunks need dates; otherwise rows of all dates may be meant */
    private Spec.Scope scope(Section scope, boolean dated) {
        TableName table = scope.require("table", Value::table);
        Section range = dated ? scope.require("date_range", Value::section) : scope.read("date_range", Value::section);
        LocalDateTime start = range == null ? null : range.require("start", Value::moment);
        LocalDateTime end = range == null ? null : range.require("end", Value::moment);
        if (range != null && start != null && end != null && !start.isBefore(end)) {
            range.problem(
                    "end",
                    Moment.text(end) + " is not after start " + Moment.text(start)
                            + "; the range is half-open, [start, end)");
            end = null;
        }
        String where = scope.read("where", Value::text);
        var read = new Spec.Scope(
                table == null ? Blank.SCOPE.table() : table,
                scope.read("date_column", Value::column),
                start,
                end,
                scope.readOr(ZoneId.of("UTC"), "timezone", Value::zone),
                overrides.where() == null ? where : flag("--where", overrides.where()),
                scope.read("estimated_rows", Value::rows),
                scope.read("estimated_duration", Value::text));
        boolean complete = start != null && end != null;
        return complete || (range == null && !dated) ? read : Blank.SCOPE;
    }

    private Spec.Strategy strategy(Section strategy) {
        RESERVED.forEach(key -> strategy.refuse(key, "this version does not do this yet"));
        OF_THE_WHOLE.forEach(key -> strategy.refuse(key, "stands beside strategy, directly below backfill"));
        String type = strategy.readOr(Spec.Strategy.DEFAULT.type(), "type", Words::type);
        Spec.Strategy otherwise = type.equals(Correction.TYPE) ? Spec.Strategy.CORRECTION : Spec.Strategy.DEFAULT;
        Long chunkRows = strategy.read("chunk_size", Value::rows);
        expect = strategy.read("expect", Words::expect);
        if (expect != null && !type.equals(QueryReader.GAP_FILL)) {
            strategy.problem("expect", "needs strategy.type: gap_fill, which fills the periods that have no rows");
        }
        ChunkBy unit = expect == null ? otherwise.chunkBy() : expect;
        ChunkBy chunkBy = strategy.readOr(unit, "chunk_by", Words::chunkBy);
        if (expect != null && chunkBy != expect) {
            strategy.problem(
                    "chunk_by", "is " + expect.word() + " with expect: every_" + expect.word() + "; leave it out");
        }
        return new Spec.Strategy(
                type,
                chunkBy,
                chunkRows,
                strategy.readOr(otherwise.parallelism(), "parallelism", v -> v.number(1, 64)),
                strategy.readOr(otherwise.preserveExisting(), "preserve_existing", Value::yesOrNo),
                strategy.readOr(otherwise.maxRetries(), "max_retries", v -> v.number(0, 100)));
    }

    /** What a query says that the table is to hold is computed anew; there is no value that could stay. */
    private Spec.Strategy recomputing(Spec.Strategy strategy) {
        Section section = in.read("strategy", v -> v.isSection() ? v.section() : null);
        Value said = section == null ? null : section.value("preserve_existing");
        if (said != null && strategy.preserveExisting()) {
            said.problem("does not go with transform.into, which computes what is there anew; leave it out, or take"
                    + " strategy.type: gap_fill");
        }
        return new Spec.Strategy(
                strategy.type(),
                strategy.chunkBy(),
                strategy.chunkRows(),
                strategy.parallelism(),
                false,
                strategy.maxRetries());
    }

    private Spec.Rollback rollback(Section rollback) {
        String way = rollback.readOr("before_image", "strategy", Words::rollback);
        return RollbackReader.read(rollback, way, warnings);
    }

    private static Spec.Server server(Section server) {
        return new Spec.Server(server.read("cpus", v -> v.number(1, 1024)), server.read("disk_free", Words::bytes));
    }

    private Monitoring monitoring(Section monitoring) {
        var read = new Monitoring(
                monitoring.read("progress_webhook", Value::text),
                monitoring.readOr(UpdateFrequency.DEFAULT, "update_frequency", Words::frequency),
                monitoring.read("format", Words::format),
                monitoring.read("signing_secret", Value::text));
        // not the value: the address of a webhook is itself a secret
        if (!read.withoutLiteralSecrets().equals(read)) {
            warnings.add("monitoring: a secret stands in the file in clear; better write ${env:SLACK_WEBHOOK} or"
                    + " ${file:PATH}. It is used when the spec itself is run, and written nowhere: a saved plan, and a run"
                    + " that is resumed, tell nobody");
        }
        return read;
    }

    private void warnOfUnused(Spec.@Nullable Transform transform, Spec.Strategy strategy) {
        if (transform != null && !transform.missingWhen().isEmpty() && !strategy.preserveExisting()) {
            warnings.add("transform.missing_when has no effect, because strategy.preserve_existing is false");
        }
    }

    private String flag(String name, String text) {
        if (text.isBlank()) {
            problems.addFlag(name, "is empty", null);
        }
        return text;
    }

    private static String orBlank(@Nullable String text) {
        return text == null ? "" : text;
    }

    /** Stands where a section could not be read, so that the rest of the file is read all the same. */
    private static final class Blank {
        static final Spec.Scope SCOPE = new Spec.Scope(
                new TableName(null, "unread"),
                null,
                LocalDateTime.MIN,
                LocalDateTime.MAX,
                ZoneOffset.UTC,
                null,
                null,
                null);

        private Blank() {}
    }
}
