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
    public static final Functions NONE = new Functions(Map.of(), Map.of(), Path.of("backhoe-logs"));

    private final Map<String, BatchFunction> batches;
    private final Map<String, ChunkFunction> chunks;
    private final Path logs;

    private Functions(Map<String, BatchFunction> batches, Map<String, ChunkFunction> chunks, Path logs) {
        this.logs = logs;
        this.batches = Map.copyOf(batches);
        this.chunks = Map.copyOf(chunks);
    }

    /** The same and one more, which replaces one of the same name. */
    public Functions with(String name, BatchFunction function) {
        var more = new HashMap<>(batches);
        more.put(name, function);
        return new Functions(more, chunks, logs);
    }

    /** As above. */
    public Functions with(String name, ChunkFunction function) {
        var more = new HashMap<>(chunks);
        more.put(name, function);
        return new Functions(batches, more, logs);
    }

    /** The same, with another folder for what the commands of plans say. */
    public Functions logsIn(Path folder) {
        return new Functions(batches, chunks, folder);
    }

    /**
     * What a plan calls; {@link Call#NONE} when SQL does its work.
     *
     * @throws BackhoeException REFUSED {@code function_not_registered}
     */
    public Call of(Spec spec) {
        Spec.Function named = spec.transform() == null ? null : spec.transform().function();
        if (named == null) {
            return Call.NONE;
        }
        Spec.Command command = named.command();
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
