package io.backhoe.plan;

import io.backhoe.database.BatchSql;
import io.backhoe.database.Lineage;
import io.backhoe.spec.Spec;
import io.backhoe.value.TableName;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The spec resolved against the live table. Reviewed, committed, executed verbatim.
 *
 * @param version of the format; 1
 * @param spec with table and date column as resolved; the chunks that it lists are dropped here, because {@code
 *     chunks} holds all of them
 * @param access how the rows are reached
 * @param session the settings that each session pins, in order
 * @param notes what a reviewer should know: choices that were made, keys not acted on yet
 * @param fingerprint of the table, a line a fact
 * @param hash over the canonical content, {@code sha256:} and 64 hex digits; forecast and execution plans are left out
 * @param forecast what it is expected to take; null when nobody asked
 * @param explain how the server would execute the statements of a batch, by their names in {@code sql}; for people
 * @param lineage what the columns that are set are made of; null when it could not be told
 * @param restOf the run whose chunks that are not done these are; null for a plan of its own. Entering a run of it takes
 *     them over
 */
public record Plan(
        int version,
        Spec spec,
        Access access,
        Map<String, String> session,
        BatchSql sql,
        List<PlannedChunk> chunks,
        List<String> notes,
        List<String> fingerprint,
        String hash,
        @Nullable Forecast forecast,
        Map<String, String> explain,
        @Nullable Lineage lineage,
        @Nullable Long restOf) {
    /** The format that this version writes, and the newest that it reads. */
    public static final int VERSION = 1;

    public Plan {
        spec = spec.withoutListedChunks();
        session = Collections.unmodifiableMap(new LinkedHashMap<>(session));
        chunks = List.copyOf(chunks);
        notes = List.copyOf(notes);
        fingerprint = List.copyOf(fingerprint);
        explain = Collections.unmodifiableMap(new LinkedHashMap<>(explain));
    }

    /** Without a forecast. */
    public Plan(
            int version,
            Spec spec,
            Access access,
            Map<String, String> session,
            BatchSql sql,
            List<PlannedChunk> chunks,
            List<String> notes,
            List<String> fingerprint,
            String hash) {
        this(version, spec, access, session, sql, chunks, notes, fingerprint, hash, null, Map.of(), null, null);
    }

    /** The same with its hash computed. */
    public Plan hashed() {
        return new Plan(
                version,
                spec,
                access,
                session,
                sql,
                chunks,
                notes,
                fingerprint,
                PlanHash.of(this),
                forecast,
                explain,
                lineage,
                restOf);
    }

    /**
     * The same plan, with what is known about how it will go.
     *
     * @param more notes, after those that it has
     */
    public Plan with(
            @Nullable Forecast known, Map<String, String> explained, @Nullable Lineage read, List<String> more) {
        var allNotes = new ArrayList<>(notes);
        allNotes.addAll(more);
        return new Plan(
                version,
                spec,
                access,
                session,
                sql,
                chunks,
                allNotes,
                fingerprint,
                hash,
                known,
                explained,
                read,
                restOf);
    }

    /**
     * How the rows are reached.
     *
     * @param index the index that is walked
     * @param keyset the columns that order the walk
     * @param key the columns that identify a row
     * @param rowBytes what a row of before-image weighs, about; caps the batch
     * @param spread whether few rows share a value of the first column of the keyset, so that its values alone say where a
     *     batch is
     */
    public record Access(String index, List<String> keyset, List<String> key, int rowBytes, boolean spread) {
        public Access {
            keyset = List.copyOf(keyset);
            key = List.copyOf(key);
        }

        /** Where many may share one, or nobody has looked. */
        public Access(String index, List<String> keyset, List<String> key, int rowBytes) {
            this(index, keyset, key, rowBytes, false);
        }
    }

    /** The same work on these chunks of a run alone, hashed; without what is known about how it will go. */
    public Plan ofRest(long runId, List<PlannedChunk> left) {
        return new Plan(version, spec, access, session, sql, left, notes, fingerprint, "", null, Map.of(), null, runId)
                .hashed();
    }

    /** Whether a row shows that it is done: only what is missing is written, so nothing is written twice. */
    public boolean writesMissingOnly() {
        return spec.strategy().preserveExisting() && spec.requiredTransform().function() == null;
    }

    /** All tables that its batches read, as far as they are known. */
    public Set<TableName> tables() {
        var tables = new LinkedHashSet<TableName>(lineage == null ? Set.of() : lineage.tables());
        tables.add(spec.scope().table());
        return tables;
    }

    /** The same plan for a table that somebody has accepted as it is by now. */
    public Plan accepting(List<String> present) {
        return new Plan(
                version, spec, access, session, sql, chunks, notes, present, hash, forecast, explain, lineage, restOf);
    }
}
