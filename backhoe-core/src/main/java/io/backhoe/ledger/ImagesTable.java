package io.backhoe.ledger;

import io.backhoe.database.Session;
import io.backhoe.value.Cause;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The tables of before-images, one a run. */
public final class ImagesTable {
    /**
     * What there is of a run's.
     *
     * @param bytes with indexes
     * @param ours whether this role may drop it, and make an index of it
     * @param role who this is
     */
    public record Found(long bytes, String owner, boolean ours, String role) {}

    private ImagesTable() {}

    /** Empty when there is none: the plan kept none, or they were dropped. */
    public static Optional<Found> find(Session session, long runId) {
        return session.query("""
                        SELECT pg_total_relation_size(c.oid), pg_get_userbyid(c.relowner),
                               pg_has_role(c.relowner, 'USAGE'), current_user
                        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                        WHERE n.nspname = 'backhoe' AND c.relkind = 'r' AND c.relname = 'before_image_' || CAST(:run AS text)
                        """, Map.of("run", Long.toString(runId))).stream()
                .findFirst()
                .map(row -> new Found(row.number(0), row.required(1), row.yes(2), row.required(3)));
    }

    /** How many there are in each chunk that has any, by its number. Reads all of them. */
    public static Map<Integer, Long> counted(Session session, long runId) {
        return session
                .query("SELECT chunk, count(*) FROM backhoe.before_image_" + runId + " GROUP BY chunk", Map.of())
                .stream()
                .collect(Collectors.toMap(row -> (int) row.number(0), row -> row.number(1)));
    }

    /**
     * Drops them and remembers it, in one transaction. The caller holds the run's lock, and has deleted what it could of the
     * run's backup.
     *
     * @param images empty when there are none in the database
     * @param left how many objects stay in the backup; with none it is forgotten where that was
     */
    public static void purge(Session session, RunRecord run, Cause cause, Optional<Found> images, int left) {
        Transactions.durably(session, () -> {
            RunTable.fence(session, run.id(), run.epoch());
            RecordTable.drop(session, run.id());
            if (images.isPresent()) {
                session.execute("DROP TABLE backhoe.before_image_" + run.id());
            }
            session.update("""
                    UPDATE backhoe.run
                    SET purged_at = coalesce(purged_at, now()), backup = CASE WHEN CAST(:left AS integer) > 0 THEN backup END
                    WHERE run_id = CAST(:run AS bigint)
                    """, Map.of("run", Long.toString(run.id()), "left", Integer.toString(left)));
            long bytes = images.map(Found::bytes).orElse(0L);
            String backup = run.backup() == null ? "" : ", backup at " + run.backup();
            var event = NewEvent.command("purge", cause);
            EventTable.write(
                    session,
                    run.id(),
                    event.changing(
                            run.state() + ", " + bytes + " bytes of before-images" + backup,
                            "no before-images" + (left == 0 ? "" : ", " + left + " objects stay in the backup")));
            return run;
        });
    }
}
