package io.backhoe.backup;

import io.backhoe.ledger.ExportedRecord;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What there is in the backup of a run, and what it takes to restore it without the ledger.
 *
 * @param schema of this document
 * @param plan the object that holds the plan, to the letter
 * @param key the columns that identify a row
 * @param set the columns that were written
 * @param session the settings that values are written and read with
 * @param fingerprint what the table was like
 * @param epoch counts the executors of the run; of several manifests the one with the highest counts
 * @param settled whether nothing of the run was under way: all that is committed is listed
 * @param rows before-images in all objects
 * @param sha256 of this document with nothing here
 */
public record Manifest(
        String schema,
        String runId,
        String name,
        String planHash,
        Part plan,
        String table,
        List<Column> key,
        List<Column> set,
        Map<String, String> session,
        List<String> fingerprint,
        int epoch,
        String writtenAt,
        boolean settled,
        long rows,
        List<Part> objects,
        String sha256) {
    /** A column, with the type that the server knows it by. */
    public record Column(String name, String type) {}

    /**
     * An object.
     *
     * @param chunk the chunk's number; 0 where it belongs to none
     */
    public record Part(String object, int chunk, long rows, long bytes, String sha256) {
        /** As the ledger has it. */
        public static Part of(ExportedRecord entry) {
            return new Part(entry.object(), entry.chunk(), entry.rows(), entry.bytes(), entry.sha256());
        }

        ExportedRecord entry() {
            return new ExportedRecord(object, chunk, rows, bytes, sha256);
        }
    }

    public static final String SCHEMA = "backhoe.backup/v1";

    /** The name of the object that holds the plan. */
    public static final String PLAN = "plan.yaml";

    private static final String PREFIX = "manifest-e";
    private static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .build();

    public Manifest {
        key = List.copyOf(key);
        set = List.copyOf(set);
        // In an order of its own, for its digest.
        session = Collections.unmodifiableMap(new LinkedHashMap<>(session));
        fingerprint = List.copyOf(fingerprint);
        objects = List.copyOf(objects);
    }

    /** The name of an executor's manifest. */
    public static String name(int epoch) {
        return "%s%06d.json".formatted(PREFIX, epoch);
    }

    public static boolean isManifest(String object) {
        return object.startsWith(PREFIX) && object.endsWith(".json");
    }

    /** The objects, as the ledger has them. */
    public List<ExportedRecord> entries() {
        return objects.stream().map(Part::entry).toList();
    }

    /** The same, listing other objects. */
    public Manifest listing(List<ExportedRecord> entries, boolean all, String now) {
        return with(
                now,
                all,
                entries.stream().mapToLong(ExportedRecord::rows).sum(),
                entries.stream().map(Part::of).toList(),
                "");
    }

    private Manifest with(String now, boolean all, long inAll, List<Part> parts, String digest) {
        return new Manifest(
                schema,
                runId,
                name,
                planHash,
                plan,
                table,
                key,
                set,
                session,
                fingerprint,
                epoch,
                now,
                all,
                inAll,
                parts,
                digest);
    }

    /** As it is stored: JSON, with a digest of itself. */
    public byte[] bytes() {
        String digest = Digest.of(json("")).sha256();
        return json(digest);
    }

    private byte[] json(String digest) {
        var document = with(writtenAt, settled, rows, objects, digest);
        return (JSON.writeValueAsString(document) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /**
     * The newest manifest at a place; empty when there is none.
     *
     * @throws BackupException DAMAGED when it is not as it was written
     */
    public static Optional<Manifest> newest(BackupStore store) {
        return store.list().stream()
                .map(BackupStore.Stored::name)
                .filter(Manifest::isManifest)
                .max(Comparator.naturalOrder())
                .map(object -> read(store, object));
    }

    private static Manifest read(BackupStore store, String object) {
        byte[] bytes = Inspection.bytes(store, object);
        Manifest read;
        try {
            read = JSON.readValue(bytes, Manifest.class);
        } catch (JacksonException e) {
            throw new BackupException(
                    BackupException.Kind.DAMAGED,
                    store.location() + object + " is damaged: it is no manifest of a backup",
                    e);
        }
        if (!read.schema().equals(SCHEMA)) {
            throw new BackupException(
                    BackupException.Kind.DAMAGED,
                    store.location() + object + " is a manifest of the form " + read.schema()
                            + ", which this version does not read",
                    null);
        }
        if (!Digest.of(read.json("")).sha256().equals(read.sha256())) {
            throw new BackupException(
                    BackupException.Kind.DAMAGED,
                    store.location() + object + " is damaged: it does not have the SHA-256 that it names",
                    null);
        }
        return read;
    }
}
