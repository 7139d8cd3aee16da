package io.backhoe.transform;

import io.backhoe.spec.Spec;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The row functions that this program has, each with the jar that it is from. Immutable. */
final class RowFunctions {
    static final RowFunctions NONE = new RowFunctions(Map.of());

    private record Known(RowTransform transform, @Nullable Plugin plugin) {
        @Nullable
        String hash() {
            return plugin == null ? null : plugin.sha256();
        }

        String place() {
            return plugin == null ? "this program itself" : plugin.jar().toString();
        }
    }

    private final Map<String, Known> byName;

    private RowFunctions(Map<String, Known> byName) {
        this.byName = Map.copyOf(byName);
    }

    /** @throws BackhoeException USAGE {@code plugin_name_twice} */
    RowFunctions with(RowTransform transform) {
        return with(transform, null);
    }

    /** @throws BackhoeException as {@link Plugin#of}, and USAGE {@code plugin_name_twice} */
    RowFunctions with(Path jar) {
        var plugin = Plugin.of(jar);
        var all = this;
        for (RowTransform transform : plugin.transforms()) {
            all = all.with(transform, plugin);
        }
        return all;
    }

    private RowFunctions with(RowTransform transform, @Nullable Plugin plugin) {
        var more = new HashMap<>(byName);
        var known = new Known(transform, plugin);
        Known other = more.put(transform.name(), known);
        if (other != null) {
            throw new BackhoeException(
                    ExitCode.USAGE,
                    "plugin_name_twice",
                    "There are two row functions named '" + transform.name() + "': from " + other.place() + " and from "
                            + known.place() + ". Nothing was changed.",
                    "Leave out one of them, or give it another name.");
        }
        return new RowFunctions(more);
    }

    /**
     * The spec with the jar that its row function is from, which its plan is then bound to.
     *
     * @throws BackhoeException REFUSED {@code plugin_missing}, or DRIFTED {@code plugin_drifted} when it names another jar
     */
    Spec pinned(Spec spec) {
        Spec.Function named = named(spec);
        return named == null ? spec : spec.calling(named.from(find(spec, named).hash()));
    }

    /** @throws BackhoeException as {@link #pinned} */
    RowTransform of(Spec spec, Spec.Function named) {
        return find(spec, named).transform();
    }

    private static Spec.@Nullable Function named(Spec spec) {
        Spec.Function function =
                spec.transform() == null ? null : spec.transform().function();
        return function != null && function.rows() != null && function.command() == null ? function : null;
    }

    private Known find(Spec spec, Spec.Function named) {
        Known known = byName.get(named.name());
        if (known == null) {
            throw new BackhoeException(
                    ExitCode.REFUSED,
                    "plugin_missing",
                    "The work of '" + spec.about().name() + "' is the row function '" + named.name()
                            + "', and there is none of that name here"
                            + (byName.isEmpty() ? "" : ", only " + String.join(", ", byName.keySet()))
                            + ". Nothing was changed.",
                    "Give its jar: --plugin JAR; a program gives it by Backhoe.withPlugin or withRowTransform. status,"
                            + " pause, cancel and rollback work without.");
        }
        String planned = named.rows() == null ? null : named.rows().jar();
        if (planned != null && !planned.equals(known.hash())) {
            throw new BackhoeException(
                    ExitCode.DRIFTED,
                    "plugin_drifted",
                    "'" + spec.about().name() + "' was planned with the row function '" + named.name()
                            + "' of a jar with " + planned + ", and the one here, from " + known.place() + ", is of "
                            + (known.hash() == null ? "no jar" : known.hash()) + ". Nothing was changed.",
                    "Give the jar that it was planned with, or plan again with this one: backhoe plan; for what a run has"
                            + " left, backhoe plan --rest-of RUN.");
        }
        return known;
    }
}
