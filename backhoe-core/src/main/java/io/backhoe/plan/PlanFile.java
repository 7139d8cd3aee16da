package io.backhoe.plan;

import io.backhoe.database.BatchSql;
import io.backhoe.database.Lineage;
import io.backhoe.spec.Section;
import io.backhoe.spec.Spec;
import io.backhoe.spec.SpecFile;
import io.backhoe.spec.Value;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ChunkExtent;
import io.backhoe.value.ChunkRange;
import io.backhoe.value.ExitCode;
import io.backhoe.value.Key;
import io.backhoe.value.KeyRange;
import io.backhoe.value.TableName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A plan as a YAML file: the keys of a spec, and what the plan adds to them. */
public final class PlanFile {
    private PlanFile() {}

    /**
     * The text of the file. A password that is written out, in the target or in its URL, is left out and noted.
     *
     * @throws IllegalArgumentException when the plan has no hash
     */
    public static String write(Plan plan) {
        if (plan.hash().isEmpty()) {
            throw new IllegalArgumentException("the plan has to be hashed before it is written");
        }
        return new PlanText(plan).write();
    }

    /**
     * Reads a plan and verifies it.
     *
     * @param fileName for messages only
     * @throws io.backhoe.spec.InvalidSpec naming every problem of the file
     * @throws BackhoeException when the file is of a newer version, or DRIFTED {@code plan_changed} when it was changed after
     *     it was planned, with what was changed
     */
    public static Plan read(String text, String fileName) {
        Opened opened = open(text, fileName);
        Plan plan = opened.plan();
        String computed = PlanHash.of(plan);
        if (!computed.equals(plan.hash())) {
            throw new BackhoeException(
                    ExitCode.DRIFTED,
                    "plan_changed",
                    fileName + ": the plan was changed after it was made: its hash says " + plan.hash()
                            + ", its content is " + computed + ". Nothing was run." + edits(opened),
                    "backhoe plan SPEC --diff " + fileName + " shows where it differs from what the spec plans now;"
                            + " change the spec and plan again, or take back the edit");
        }
        return plan;
    }

    private static String edits(Opened opened) {
        if (opened.seal().isEmpty()) {
            return "";
        }
        List<String> edits = PlanSeal.edits(opened.seal(), opened.plan());
        return edits.isEmpty()
                ? "\n  hash: all else is as it was sealed; it is the hash, or the seal, that was edited"
                : "\n  " + String.join("\n  ", edits);
    }

    /** Whether this is the text of a plan: it has a hash. A text that is not YAML is no plan. */
    public static boolean isPlan(String text) {
        return SpecFile.isPlan(ChunkLines.without(text));
    }

    /**
     * Reads a plan to look at it, whether or not its hash is that of its content.
     *
     * @throws io.backhoe.spec.InvalidSpec naming every problem of the file
     * @throws BackhoeException when the file is of a newer version
     */
    public static Plan readEdited(String text, String fileName) {
        return open(text, fileName).plan();
    }

    /** @param seal as it stands in the file; nothing where it has none */
    record Opened(Plan plan, Map<String, String> seal) {}

    private static Opened open(String text, String fileName) {
        var taken = ChunkLines.take(text);
        return SpecFile.readPlan(
                taken.map(ChunkLines.Taken::rest).orElse(text),
                fileName,
                (spec, in) -> opened(spec, in, fileName, taken.map(ChunkLines.Taken::chunks)));
    }

    static Opened opened(Spec spec, Section in, String fileName, Optional<List<PlannedChunk>> taken) {
        Plan plan = plan(spec, in, fileName, taken);
        var seal = texts(in.read("seal", Value::section));
        seal.replaceAll((key, digits) -> digits.replaceAll("\\s", ""));
        return new Opened(plan, seal);
    }

    /** What stands here when something could not be read is never seen: the problem is thrown instead. */
    private static Plan plan(Spec spec, Section in, String fileName, Optional<List<PlannedChunk>> taken) {
        int version = or(0, in.require("version", v -> v.number(1, Integer.MAX_VALUE)));
        if (version > Plan.VERSION) {
            throw new BackhoeException(
                    ExitCode.REFUSED,
                    "plan_too_new",
                    fileName + ": the plan is of version " + version + ", and this Backhoe reads up to version "
                            + Plan.VERSION + ". Nothing was run.",
                    "run it with the Backhoe that made it, or plan again with this one");
        }
        Section execution = in.require("execution", Value::section);
        return new Plan(
                version,
                spec,
                access(in),
                texts(in.read("session", Value::section)),
                sql(in),
                execution == null ? List.of() : taken.orElse(chunks(execution)),
                in.readOr(List.of(), "notes", Value::texts),
                in.readOr(List.of(), "fingerprint", Value::texts),
                or("", in.require("hash", Value::text)),
                forecast(in.read("forecast", Value::section)),
                texts(in.read("explain", Value::section)),
                lineage(in.read("lineage", Value::section)),
                restOf(in.read("rest_of", v -> v.number(1, Integer.MAX_VALUE))));
    }

    private static @Nullable Forecast forecast(@Nullable Section in) {
        return in == null ? null : ForecastText.read(in);
    }

    private static @Nullable Lineage lineage(@Nullable Section in) {
        return in == null ? null : LineageText.read(in);
    }

    private static @Nullable Long restOf(@Nullable Integer runId) {
        return runId == null ? null : runId.longValue();
    }

    private static Plan.Access access(Section in) {
        Section access = in.require("access", Value::section);
        if (access == null) {
            return new Plan.Access("", List.of(), List.of(), 0);
        }
        return new Plan.Access(
                or("", access.require("index", Value::text)),
                or(List.of(), access.require("keyset", Value::texts)),
                or(List.of(), access.require("key", Value::texts)),
                or(0, access.require("row_bytes", v -> v.number(0, Integer.MAX_VALUE))),
                access.readOr(false, "spread", Value::yesOrNo));
    }

    private static Map<String, String> texts(@Nullable Section in) {
        var texts = new LinkedHashMap<String, String>();
        if (in != null) {
            in.free().forEach((key, value) -> texts.put(key, or("", value.exactText())));
        }
        return texts;
    }

    private static BatchSql sql(Section in) {
        Section sql = in.require("sql", Value::section);
        if (sql == null) {
            return new BatchSql("", null, "", false, null, null, null, null, null, null);
        }
        return new BatchSql(
                or("", sql.require("boundary", Value::text)),
                sql.read("capture", Value::text),
                or("", sql.require("write", Value::text)),
                or(false, sql.require("repeatable_read", Value::yesOrNo)),
                sql.read("images", Value::text),
                sql.read("undo_index", Value::text),
                sql.read("undo_boundary", Value::text),
                sql.read("undo_write", Value::text),
                sql.read("undo_conflicts", Value::text),
                sql.read("undo_overwrite", Value::text),
                call(sql),
                given(sql),
                sql.read("lock", Value::text));
    }

    private static BatchSql.@Nullable Given given(Section sql) {
        String results = sql.read("results", Value::text);
        String read = sql.read("read", Value::text);
        List<String> types = sql.read("types", Value::texts);
        String copy = sql.read("copy", Value::text);
        return results == null || read == null || types == null || copy == null
                ? null
                : new BatchSql.Given(results, read, types, copy);
    }

    private static BatchSql.@Nullable Call call(Section sql) {
        String scratch = sql.read("scratch", Value::text);
        String target = sql.read("target", Value::text);
        String rows = sql.read("rows", Value::text);
        String work = sql.read("work", Value::text);
        return scratch == null || target == null || rows == null
                ? null
                : new BatchSql.Call(scratch, target, rows, work);
    }

    private static List<PlannedChunk> chunks(Section execution) {
        var chunks = new ArrayList<PlannedChunk>();
        for (Value item : or(List.<Value>of(), execution.require("chunks", Value::items))) {
            Section section = item.section();
            PlannedChunk chunk = section == null ? null : chunk(section);
            if (chunk != null) {
                chunks.add(chunk);
            }
        }
        return chunks;
    }

    private static @Nullable PlannedChunk chunk(Section in) {
        String id = in.require("id", Value::exactText);
        List<Value> dates = in.read("date_range", Value::pair);
        List<Value> range = in.read("range", Value::pair);
        TableName partition = in.read("partition", Value::table);
        var keys = new KeyRange(key(in, "after"), key(in, "upto"));
        long rows = or(0L, in.require("estimated_rows", Value::rows));
        return id == null
                ? null
                : new PlannedChunk(
                        id,
                        dates == null ? null : dates.get(0).moment(),
                        dates == null ? null : dates.get(1).moment(),
                        new ChunkExtent(range(range), keys, partition),
                        rows);
    }

    private static @Nullable ChunkRange range(@Nullable List<Value> pair) {
        String from = pair == null ? null : pair.get(0).text();
        String to = pair == null ? null : pair.get(1).text();
        return from == null || to == null ? null : new ChunkRange(from, to);
    }

    private static @Nullable Key key(Section in, String name) {
        List<String> values = in.read(name, Value::texts);
        return values == null ? null : new Key(values);
    }

    private static <T> T or(T otherwise, @Nullable T read) {
        return read == null ? otherwise : read;
    }
}
