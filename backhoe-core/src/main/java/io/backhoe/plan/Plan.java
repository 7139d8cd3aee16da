package io.backhoe.plan;

import io.backhoe.database.BatchSql;
import io.backhoe.spec.Spec;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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
 * @param hash over the canonical content, {@code sha256:} and 64 hex digits
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
        String hash) {
    /** The format that this version writes, and the newest that it reads. */
    public static final int VERSION = 1;

    public Plan {
        spec = spec.withoutListedChunks();
        session = Collections.unmodifiableMap(new LinkedHashMap<>(session));
        chunks = List.copyOf(chunks);
        notes = List.copyOf(notes);
        fingerprint = List.copyOf(fingerprint);
    }

    /** The same with its hash computed. */
    public Plan hashed() {
        return new Plan(version, spec, access, session, sql, chunks, notes, fingerprint, PlanHash.of(this));
    }

    /**
     * How the rows are reached.
     *
     * @param index the index that is walked
     * @param keyset the columns that order the walk
     * @param key the columns that identify a row
     * @param rowBytes what a row of before-image weighs, about; caps the batch
     */
    public record Access(String index, List<String> keyset, List<String> key, int rowBytes) {
        public Access {
            keyset = List.copyOf(keyset);
            key = List.copyOf(key);
        }
    }
}
