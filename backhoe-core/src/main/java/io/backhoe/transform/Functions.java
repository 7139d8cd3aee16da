package io.backhoe.transform;

import io.backhoe.spec.Spec;
import io.backhoe.spec.Spec.Function.Per;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** The functions that this program has for plans that name one. Immutable. */
public final class Functions {
    public static final Functions NONE = new Functions(Map.of(), Map.of(), RowFunctions.NONE, Path.of("backhoe-logs"));

    private final Map<String, BatchFunction> batches;
    private final Map<String, ChunkFunction> chunks;
    private final RowFunctions rows;
    private final Path logs;

    private Functions(
            Map<String, BatchFunction> batches, Map<String, ChunkFunction> chunks, RowFunctions rows, Path logs) {
        this.rows = rows;
        this.logs = logs;
        this.batches = Map.copyOf(batches);
        this.chunks = Map.copyOf(chunks);
    }

    /** The same and one more, which replaces one of the same name. */
    public Functions with(String name, BatchFunction function) {
        var more = new HashMap<>(batches);
        more.put(name, function);
        return new Functions(more, chunks, rows, logs);
    }

    /** As above. */
    public Functions with(String name, ChunkFunction function) {
        var more = new HashMap<>(chunks);
        more.put(name, function);
        return new Functions(batches, more, rows, logs);
    }

    /**
     * The same and a row function more.
     *
     * @throws BackhoeException USAGE {@code plugin_name_twice}
     */
    public Functions with(RowTransform transform) {
        return new Functions(batches, chunks, rows.with(transform), logs);
    }

    /**
     * The same and the row functions of a jar.
     *
     * @throws BackhoeException USAGE when it is no jar, has none, or one that cannot be loaded or is there already
     */
    public Functions withPlugin(Path jar) {
        return new Functions(batches, chunks, rows.with(jar), logs);
    }

    /**
     * A spec as it is planned: bound to the jar that its row function is from, where it names one.
     *
     * @throws BackhoeException REFUSED {@code plugin_missing}, or DRIFTED {@code plugin_drifted}
     */
    public Spec pinned(Spec spec) {
        return rows.pinned(spec);
    }

    /** The same, with another folder for what the commands of plans say. */
    public Functions logsIn(Path folder) {
        return new Functions(batches, chunks, rows, folder);
    }

    /**
     * What a plan calls; {@link Call#NONE} when SQL does its work.
     *
     * @throws BackhoeException REFUSED {@code function_not_registered}, or as {@link #pinned}
     */
    public Call of(Spec spec) {
        Spec.Function named = spec.transform() == null ? null : spec.transform().function();
        if (named == null) {
            return Call.NONE;
        }
        if (named.statement() != null) {
            return Call.of(named.who(), named.statement());
        }
        Spec.Command command = named.command();
        if (named.rows() != null && command == null) {
            return Call.ofRows(named.who(), new PluginRows(named.who(), rows.of(spec, named)));
        }
        if (command != null && named.rows() != null) {
            return Call.ofRows(named.who(), new StreamRows(command, spec, logs));
        }
        if (command != null) {
            return Call.perChunk(named.who(), new Program(command, spec, logs));
        }
        BatchFunction batch = batches.get(named.name());
        ChunkFunction chunk = chunks.get(named.name());
        if (named.per() == Per.BATCH && batch != null) {
            return Call.perBatch(named.who(), batch);
        } else if (named.per() == Per.CHUNK && chunk != null) {
            return Call.perChunk(named.who(), called -> chunk.apply(called.start(), called.end()));
        }
        throw new BackhoeException(
                ExitCode.REFUSED,
                "function_not_registered",
                "The work of '" + spec.about().name() + "' is the Java function '" + named.name()
                        + "', called for each " + named.per().word()
                        + ", and this program does not have it. Nothing was changed.",
                "Run or resume it from the program that has the function (Backhoe.with"
                        + (named.per() == Per.BATCH ? "Batch" : "Chunk")
                        + "Function); status, pause, cancel and rollback"
                        + " work from anywhere.");
    }
}
