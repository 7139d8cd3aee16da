package io.backhoe.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.backhoe.database.BatchSql;
import io.backhoe.spec.CheckKind;
import io.backhoe.spec.ChunkBy;
import io.backhoe.spec.Monitoring;
import io.backhoe.spec.Spec;
import io.backhoe.spec.UpdateFrequency;
import io.backhoe.value.Policy;
import io.backhoe.value.RowsInto;
import io.backhoe.value.SignalName;
import io.backhoe.value.TableName;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Changes every field of a plan in turn, found by reflection, so that a field that is added later is not forgotten. */
class PlanHashTest {
    private static final Set<String> LEFT_OUT = Set.of(
            "spec.about.created",
            "spec.target.password",
            "spec.scope.estimatedRows",
            "spec.scope.estimatedDuration",
            "chunks[0].estimatedRows",
            "notes[0]",
            "notes+",
            "forecast.rehearsedRows",
            "forecast.notRehearsed",
            "forecast.rowsExamined",
            "forecast.rowsChanged.low",
            "forecast.rowsChanged.high",
            "forecast.durationMillis.low",
            "forecast.durationMillis.high",
            "forecast.walBytes",
            "forecast.tableGrowthBytes",
            "forecast.indexGrowthBytes",
            "forecast.imageBytes",
            "forecast.diskBytes",
            "explain{write}",
            "explain+",
            "lineage.values{customer_tier}",
            "lineage.values+",
            "lineage.join.columns{public.customers}",
            "lineage.filter.columns{public.orders}",
            "spec.monitoring.webhook",
            "spec.monitoring.frequency.unit",
            "spec.monitoring.frequency.percent",
            "spec.monitoring.frequency.every",
            "spec.monitoring.format",
            "spec.monitoring.signingSecret",
            "hash");

    @Test
    void changesWithEveryFieldThatChangesWhatRuns() {
        Plan plan = Plans.withEverything();
        var unchanged = new TreeSet<String>();
        var changed = new TreeSet<String>();
        for (Mutant mutant : mutants("", plan)) {
            boolean same = PlanHash.of((Plan) mutant.value()).equals(plan.hash());
            (same ? unchanged : changed).add(mutant.path());
        }

        assertThat(unchanged).isEqualTo(new TreeSet<>(LEFT_OUT));
        assertThat(changed)
                .contains(
                        "spec.target.name",
                        "version",
                        "restOf",
                        "sql.write",
                        "sql.capture",
                        "chunks[0].extent.dates.end",
                        "spec.scope.where",
                        "chunks+")
                .contains("spec.transform.set+", "spec.transform.set{customer_tier}", "session+", "fingerprint[0]")
                .hasSizeGreaterThan(40);
    }

    @Test
    void differsForPlansThatDiffer() {
        var byHash = new LinkedHashMap<String, Plan>();
        var random = new Random(7);
        for (int i = 0; i < 300; i++) {
            Plan plan = Plans.odd(random);
            assertThat(plan.hash()).matches("sha256:[0-9a-f]{64}").isEqualTo(PlanHash.of(plan));
            byHash.put(plan.hash(), plan);
        }

        assertThat(byHash).hasSize(300);
    }

    @Test
    void doesNotDependOnTheMachine() {
        assertThat(Plans.sample().hash()).isEqualTo(GOLDEN);
    }

    /** Plans that are committed somewhere carry hashes; a change here refuses all of them. */
    private static final String GOLDEN = "sha256:538690d3a840dd2ffb96c48d36d12f049a7c7e242b33b232275a55c64d24334a";

    private record Mutant(String path, Object value) {}

    private static List<Mutant> mutants(String path, @Nullable Object value) {
        if (value instanceof TableName name) {
            return List.of(new Mutant(path, new TableName(name.schema(), name.name() + "x")));
        }
        if (value instanceof Record whole) {
            return ofRecord(path, whole);
        }
        if (value instanceof List<?> list) {
            return ofList(path, list);
        }
        if (value instanceof Map<?, ?> map) {
            return ofMap(path, map);
        }
        return List.of(new Mutant(path, other(value)));
    }

    private static List<Mutant> ofRecord(String path, Record whole) {
        var mutants = new ArrayList<Mutant>();
        RecordComponent[] components = whole.getClass().getRecordComponents();
        for (int i = 0; i < components.length; i++) {
            String below = path.isEmpty() ? components[i].getName() : path + "." + components[i].getName();
            if (below.equals("spec.execution.chunks")) {
                continue; // always empty in a plan
            }
            // a target has a name or the rest, and not every check speaks of a column
            boolean absent = below.equals("spec.target.name")
                    || below.endsWith("Checks[0].column")
                    || below.equals("sql.call.work");
            Object value = absent ? "" : get(whole, components[i]);
            if (components[i].getType() == Spec.Command.class) {
                // a function in Java is none
                value = new Spec.Command(List.of("work"), Duration.ofMinutes(1));
            }
            if (components[i].getType() == Spec.Rows.class) {
                value = new Spec.Rows(List.of("amount"), "sha256:12");
            }
            if (components[i].getType() == Spec.Statement.class) {
                value = new Spec.Statement("UPDATE t", true);
            }
            if (components[i].getType() == BatchSql.Given.class) {
                value = new BatchSql.Given("CREATE y", "SELECT x", List.of("bigint"), "COPY y FROM STDIN");
            }
            for (Mutant part : mutants(below, value)) {
                Object[] values = values(whole, components);
                values[i] = part.value();
                mutants.add(new Mutant(part.path(), create(whole.getClass(), components, values)));
            }
        }
        return mutants;
    }

    private static List<Mutant> ofList(String path, List<?> list) {
        var mutants = new ArrayList<Mutant>();
        for (Mutant first : mutants(path + "[0]", list.get(0))) {
            var copy = new ArrayList<Object>(list);
            copy.set(0, first.value());
            mutants.add(new Mutant(first.path(), copy));
        }
        var longer = new ArrayList<Object>(list);
        longer.add(list.get(0));
        mutants.add(new Mutant(path + "+", longer));
        return mutants;
    }

    private static List<Mutant> ofMap(String path, Map<?, ?> map) {
        Map.Entry<?, ?> first = map.entrySet().iterator().next();
        if (first.getValue() instanceof Double limit) {
            return List.of(
                    new Mutant(path + "{" + first.getKey() + "}", Map.of(first.getKey(), limit + 1)),
                    new Mutant(path + "+", Map.of(first.getKey(), limit, SignalName.DISK, 50.0)));
        }
        if (first.getValue() instanceof List<?>) {
            return List.of(new Mutant(path + "{" + first.getKey() + "}", Map.of(first.getKey(), List.of("another"))));
        }
        var other = new LinkedHashMap<Object, Object>(map);
        other.put(first.getKey(), first.getValue() + "x");
        var longer = new LinkedHashMap<Object, Object>(map);
        longer.put("another", "1");
        return List.of(new Mutant(path + "{" + first.getKey() + "}", other), new Mutant(path + "+", longer));
    }

    private static Object other(@Nullable Object value) {
        if (value instanceof String text) {
            return text + "x";
        } else if (value instanceof Integer number) {
            return number + 1;
        } else if (value instanceof Long number) {
            return number + 1;
        } else if (value instanceof Double number) {
            return number + 1;
        } else if (value instanceof LocalTime time) {
            return time.plusMinutes(1);
        } else if (value instanceof Policy) {
            return Policy.FAST;
        } else if (value instanceof Boolean yes) {
            return !yes;
        } else if (value instanceof LocalDateTime moment) {
            return moment.plusNanos(1000);
        } else if (value instanceof ZoneId) {
            return ZoneId.of("Asia/Tokyo");
        } else if (value instanceof ChunkBy) {
            return ChunkBy.WEEK;
        } else if (value instanceof Spec.Function.Per) {
            return Spec.Function.Per.CHUNK;
        } else if (value instanceof RowsInto) {
            return RowsInto.REPLACE;
        } else if (value instanceof CheckKind) {
            return CheckKind.DISTRIBUTION;
        } else if (value instanceof Duration time) {
            return time.plusSeconds(1);
        } else if (value instanceof UpdateFrequency.Unit) {
            return UpdateFrequency.Unit.STATE;
        } else if (value instanceof Monitoring.Format) {
            return Monitoring.Format.TEAMS;
        }
        throw new AssertionError("how is this changed: " + value);
    }

    private static Object[] values(Record whole, RecordComponent[] components) {
        Object[] values = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            values[i] = get(whole, components[i]);
        }
        return values;
    }

    private static @Nullable Object get(Record whole, RecordComponent component) {
        try {
            var accessor = component.getAccessor();
            accessor.setAccessible(true);
            return accessor.invoke(whole);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    private static Object create(Class<?> type, RecordComponent[] components, Object[] values) {
        Class<?>[] types = new Class<?>[components.length];
        for (int i = 0; i < types.length; i++) {
            types[i] = components[i].getType();
        }
        try {
            return type.getDeclaredConstructor(types).newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }
}
