package io.backhoe.ledger;

import io.backhoe.database.Row;
import io.backhoe.database.Session;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What there is of a ledger. Reads catalogs first, so that it answers whoever asks, also in a transaction that must not
 * fail; what may not be read is null.
 *
 * @param owner of the schema; null when there is no schema
 * @param version 0 when there is no ledger; null when there is one that may not be read
 * @param bytes of the ledger's own tables, with indexes
 * @param images the tables of before-images, the largest first
 * @param runs how many are in each state, as the ledger has it; null when they may not be read
 */
public record LedgerState(
        @Nullable String owner,
        @Nullable Integer version,
        long bytes,
        List<Images> images,
        @Nullable Map<String, Long> runs) {
    /** The before-images of a run; bytes with indexes. */
    public record Images(long runId, long bytes) {}

    /** How this program stands to it. */
    public enum Kind {
        NONE,
        OLD,
        CURRENT,
        NEW,
        UNREADABLE
    }

    public LedgerState {
        images = List.copyOf(images);
    }

    public Kind kind() {
        if (version == null) {
            return Kind.UNREADABLE;
        }
        int distance = Integer.compare(version, LedgerSchema.VERSION);
        return version == 0 ? Kind.NONE : distance < 0 ? Kind.OLD : distance == 0 ? Kind.CURRENT : Kind.NEW;
    }

    public long imageBytes() {
        return images.stream().mapToLong(Images::bytes).sum();
    }

    public static LedgerState read(Session session) {
        List<Row> schemas = session.query("""
                SELECT pg_get_userbyid(n.nspowner), has_schema_privilege(n.oid, 'USAGE'),
                       has_table_privilege(v.oid, 'SELECT'), has_table_privilege(r.oid, 'SELECT')
                FROM pg_namespace n
                LEFT JOIN pg_class v ON v.relnamespace = n.oid AND v.relname = 'ledger_version'
                LEFT JOIN pg_class r ON r.relnamespace = n.oid AND r.relname = 'run'
                WHERE n.nspname = 'backhoe'
                """, Map.of());
        if (schemas.isEmpty()) {
            return new LedgerState(null, 0, 0, List.of(), Map.of());
        }
        Row schema = schemas.get(0);
        boolean usable = schema.yes(1);
        boolean there = schema.text(2) != null;
        boolean readable = usable && Objects.equals(schema.text(2), "t");
        return new LedgerState(
                schema.required(0),
                !there ? Integer.valueOf(0) : readable ? version(session) : null,
                bytes(session),
                images(session),
                schema.text(3) == null
                        ? Map.of()
                        : usable && Objects.equals(schema.text(3), "t") ? runs(session) : null);
    }

    private static Integer version(Session session) {
        return (int) session.query(LedgerSchema.FOUND, Map.of()).get(0).number(0);
    }

    private static long bytes(Session session) {
        return session.query("""
                        SELECT coalesce(sum(pg_total_relation_size(oid)), 0)
                        FROM pg_class
                        WHERE relnamespace = CAST('backhoe' AS regnamespace) AND relkind = 'r'
                          AND relname !~ '^before_image_[0-9]+$'
                        """, Map.of()).get(0).number(0);
    }

    private static List<Images> images(Session session) {
        return session.query("""
                        SELECT substr(relname, length('before_image_') + 1), pg_total_relation_size(oid)
                        FROM pg_class
                        WHERE relnamespace = CAST('backhoe' AS regnamespace) AND relkind = 'r'
                          AND relname ~ '^before_image_[0-9]{1,18}$'
                        ORDER BY 2 DESC, 1
                        """, Map.of()).stream()
                .map(row -> new Images(row.number(0), row.number(1)))
                .toList();
    }

    private static Map<String, Long> runs(Session session) {
        var runs = new TreeMap<String, Long>();
        session.query("SELECT state, count(*) FROM backhoe.run GROUP BY state", Map.of())
                .forEach(row -> runs.put(row.required(0), row.number(1)));
        return runs;
    }
}
