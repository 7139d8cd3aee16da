package io.backhoe.cli;

import io.backhoe.plan.Forecast;
import io.backhoe.plan.Plan;
import io.backhoe.plan.PlannedChunk;
import io.backhoe.spec.Check;
import io.backhoe.spec.Spec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What differs between two plans: of each thing what it was ({@code -}) and what it is ({@code +}). */
final class PlanDiff {
    private static final int CHUNKS_SHOWN = 40;

    private final Plan old;
    private final Plan now;
    private final Map<String, List<String>> sections = new LinkedHashMap<>();

    PlanDiff(Plan old, Plan now) {
        this.old = old;
        this.now = now;
        keys("spec", spec(old), spec(now));
        keys(
                "pace",
                PacingLines.keys(old.spec().pacing()),
                PacingLines.keys(now.spec().pacing()));
        keys("session", old.session(), now.session());
        sql();
        chunks();
        lines("table", old.fingerprint(), now.fingerprint());
        forecast();
        String before = old.hashed().hash();
        String after = now.hashed().hash();
        if (sameWork() && !before.equals(after)) {
            add("hash of the content", "hash", before, after);
        }
    }

    /** By what they are about; nothing when the plans do the same and expect the same. */
    Map<String, List<String>> sections() {
        return sections;
    }

    /** Whether the two would do the same, whatever they expect of it. */
    boolean sameWork() {
        return sections.keySet().stream().allMatch("forecast"::equals);
    }

    List<String> page(String oldName, String nowName) {
        var lines = new ArrayList<String>();
        lines.add("- " + oldName + " (" + version(old) + ")");
        lines.add("+ " + nowName + " (" + version(now) + ")");
        sections.forEach((name, differences) -> {
            lines.add(name);
            differences.forEach(line -> lines.add("  " + line));
        });
        lines.add(sameWork() ? "Both do the same." : "They do not do the same.");
        return lines;
    }

    private static String version(Plan plan) {
        boolean edited = !plan.hashed().hash().equals(plan.hash());
        return PlanPage.shortHash(plan.hash()) + (edited ? ", edited since it was made" : "");
    }

    private void sql() {
        var before = PlanDocument.sql(old.sql());
        var after = PlanDocument.sql(now.sql());
        before.forEach((name, sql) -> lines("sql " + name, split(sql), split(after.get(name))));
        if (old.sql().repeatableRead() != now.sql().repeatableRead()) {
            add("sql", "repeatable_read", old.sql().repeatableRead(), now.sql().repeatableRead());
        }
    }

    private static List<String> split(@Nullable String sql) {
        return sql == null ? List.of() : sql.lines().toList();
    }

    /** Lines that only one of them has, each in its order. */
    private void lines(String section, List<String> before, List<String> after) {
        var known = new HashSet<>(before);
        var present = new HashSet<>(after);
        var found = new ArrayList<String>();
        before.stream().filter(l -> !present.contains(l)).forEach(l -> found.add("- " + l));
        after.stream().filter(l -> !known.contains(l)).forEach(l -> found.add("+ " + l));
        if (found.isEmpty() && !before.equals(after)) {
            found.add("the same lines in another order");
        }
        if (!found.isEmpty()) {
            sections.put(section, found);
        }
    }

    private void keys(String section, Map<String, String> before, Map<String, String> after) {
        var names = new LinkedHashSet<>(before.keySet());
        names.addAll(after.keySet());
        for (String name : names) {
            String was = before.get(name);
            String is = after.get(name);
            if (!String.valueOf(was).equals(String.valueOf(is))) {
                add(section, name, was, is);
            }
        }
    }

    private void add(String section, String name, @Nullable Object was, @Nullable Object is) {
        var found = sections.computeIfAbsent(section, s -> new ArrayList<>());
        if (was != null) {
            found.add("- " + name + ": " + was);
        }
        if (is != null) {
            found.add("+ " + name + ": " + is);
        }
    }

    private static Map<String, String> spec(Plan plan) {
        Spec spec = plan.spec();
        var keys = new LinkedHashMap<String, @Nullable Object>();
        keys.put("name", spec.about().name());
        keys.put("rest_of", plan.restOf());
        keys.put("description", spec.about().description());
        keys.put("requested_by", spec.about().requestedBy());
        keys.putAll(PurposeLines.keys(spec));
        var target = spec.target();
        keys.put("target", target == null ? null : target.withoutSecrets());
        keys.put("scope.table", spec.scope().table());
        keys.put("scope.date_column", spec.scope().dateColumn());
        keys.put(
                "scope.date_range",
                Figures.range(spec.scope().start(), spec.scope().end()));
        keys.put("scope.timezone", spec.scope().timezone());
        keys.put("scope.where", spec.scope().where());
        var transform = spec.transform();
        if (transform != null) {
            var function = transform.function();
            keys.put(
                    "transform.function",
                    function == null || function.command() != null
                            ? null
                            : function.name() + " per " + function.per().word());
            Spec.Rows rows = function == null ? null : function.rows();
            keys.put("transform.reads", rows == null ? null : rows.reads());
            keys.put("transform.jar", rows == null ? null : rows.jar());
            keys.put("transform.sql", function == null ? null : function.statement());
            keys.put("transform.command", function == null ? null : function.command());
            var source = transform.source();
            if (source == null) {
                transform.set().forEach((column, sql) -> keys.put("transform.set." + column, sql));
            } else {
                keys.put("transform.query", source.sql());
                keys.put("transform.into", source.into());
                keys.put("transform.key", source.key());
                keys.put("transform.columns", source.columns());
                keys.put("strategy.expect", source.expect());
            }
            keys.put("transform.from", transform.from());
            keys.put("transform.on", transform.on());
            transform.missingWhen().forEach((column, sql) -> keys.put("transform.missing_when." + column, sql));
        }
        var strategy = spec.strategy();
        keys.put("strategy.type", strategy.type());
        keys.put("strategy.chunk_by", strategy.chunkBy());
        keys.put("strategy.chunk_size", strategy.chunkRows());
        keys.put("strategy.parallelism", strategy.parallelism());
        keys.put("strategy.preserve_existing", strategy.preserveExisting());
        keys.put("strategy.max_retries", strategy.maxRetries());
        keys.put("execution.pre_checks", checks(spec.execution().preChecks()));
        keys.put("execution.post_checks", checks(spec.execution().postChecks()));
        Spec.Export export = spec.rollback().export();
        keys.put(
                "rollback.strategy",
                export != null ? "restore_from_backup" : spec.rollback().keepImages() ? "before_image" : "none");
        keys.put("rollback.keep_in_database", export == null ? null : export.keepInDatabase());
        keys.put("rollback.storage_class", export == null ? null : export.storageClass());
        keys.put("rollback.server_side_encryption", export == null ? null : export.encryption());
        keys.put("rollback.kms_key_id", export == null ? null : export.kmsKeyId());
        keys.put("server.cpus", spec.server().cpus());
        keys.put("server.disk_free", spec.server().diskFree());
        var told = spec.monitoring().withoutLiteralSecrets();
        keys.put("monitoring.progress_webhook", told.webhook());
        keys.put(
                "monitoring.update_frequency",
                told.webhook() == null ? null : told.frequency().word());
        keys.put("access.index", plan.access().index());
        keys.put("access.keyset", String.join(", ", plan.access().keyset()));
        keys.put("access.key", String.join(", ", plan.access().key()));
        keys.put("access.row_bytes", plan.access().rowBytes());
        keys.put("access.spread", plan.access().spread());
        var texts = new LinkedHashMap<String, String>();
        keys.forEach((key, value) -> {
            if (value != null) {
                texts.put(key, value.toString());
            }
        });
        return texts;
    }

    private void chunks() {
        Map<String, PlannedChunk> before = byId(old);
        Map<String, PlannedChunk> after = byId(now);
        var found = new ArrayList<String>();
        before.forEach((id, chunk) -> {
            PlannedChunk other = after.get(id);
            if (other == null) {
                found.add("- " + id + ": " + range(chunk));
            } else if (!range(chunk).equals(range(other))) {
                found.add("- " + id + ": " + range(chunk));
                found.add("+ " + id + ": " + range(other));
            }
        });
        after.forEach((id, chunk) -> {
            if (!before.containsKey(id)) {
                found.add("+ " + id + ": " + range(chunk));
            }
        });
        if (found.isEmpty() && !List.copyOf(before.keySet()).equals(List.copyOf(after.keySet()))) {
            found.add("the same chunks in another order");
        }
        if (!found.isEmpty()) {
            var shown = new ArrayList<>(found.subList(0, Math.min(CHUNKS_SHOWN, found.size())));
            if (found.size() > CHUNKS_SHOWN) {
                shown.add("and " + Figures.count(found.size() - CHUNKS_SHOWN) + " lines more");
            }
            sections.put("chunks", shown);
        }
    }

    private static Map<String, PlannedChunk> byId(Plan plan) {
        return plan.chunks().stream()
                .collect(Collectors.toMap(PlannedChunk::id, Function.identity(), (a, b) -> a, LinkedHashMap::new));
    }

    private static String range(PlannedChunk chunk) {
        var extent = chunk.extent();
        var parts = new ArrayList<String>();
        var shown = Figures.range(chunk.start(), chunk.end());
        if (shown != null) {
            parts.add(String.join(" to ", shown));
        }
        if (extent.dates() != null) {
            parts.add(extent.dates().toString());
        }
        if (extent.keys().after() != null) {
            parts.add("after " + extent.keys().after().values());
        }
        if (extent.keys().upTo() != null) {
            parts.add("up to " + extent.keys().upTo().values());
        }
        if (extent.partition() != null) {
            parts.add("partition " + extent.partition());
        }
        return parts.isEmpty() ? "all rows" : String.join(", ", parts);
    }

    private void forecast() {
        keys("forecast", figures(old.forecast()), figures(now.forecast()));
    }

    private static Map<String, String> figures(@Nullable Forecast forecast) {
        var figures = new LinkedHashMap<String, String>();
        if (forecast == null) {
            return figures;
        }
        figures.put("rows examined", Figures.count(forecast.rowsExamined()));
        figures.put(
                "rows changed",
                Figures.count(forecast.rowsChanged().low()) + " to "
                        + Figures.count(forecast.rowsChanged().high()));
        figures.put(
                "duration",
                Figures.time(Duration.ofMillis(forecast.durationMillis().low())) + " to "
                        + Figures.time(
                                Duration.ofMillis(forecast.durationMillis().high())));
        figures.put("WAL", Figures.bytes(forecast.walBytes()));
        figures.put("table growth", Figures.bytes(forecast.tableGrowthBytes()));
        figures.put("index growth", Figures.bytes(forecast.indexGrowthBytes()));
        figures.put("before-images", Figures.bytes(forecast.imageBytes()));
        return figures;
    }

    private static String checks(List<Check> checks) {
        return String.join(", ", checks.stream().map(Check::toString).toList());
    }
}
