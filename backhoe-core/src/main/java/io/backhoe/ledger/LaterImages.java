package io.backhoe.ledger;

import io.backhoe.database.BatchSql;
import io.backhoe.database.Session;
import io.backhoe.plan.Plan;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Which before-images of a run are of rows that later runs have written since, in columns that it set too: what is there is
 * theirs, also where it is the same value. Known from their before-images, as long as they are there. Immutable.
 *
 * @param keys how many columns a key has
 * @param later newest first
 */
public record LaterImages(long run, String images, int keys, List<Later> later) {
    /**
     * A later run that has not been taken back.
     *
     * @param condition of its images of rows that it wrote in such a column; nothing where that is all of them
     */
    public record Later(long run, String condition) {}

    public LaterImages {
        later = List.copyOf(later);
    }

    /** @throws BackhoeException CONFLICT when a later run knows the rows by another key, so that nobody can tell */
    public static LaterImages find(Session session, RunRecord run, Plan plan) {
        var found = new ArrayList<Later>();
        for (long id : Overlap.later(session, run.id())) {
            var other = NewRun.planOf(session, RunTable.find(session, id).orElseThrow());
            if (!other.access().key().equals(plan.access().key())) {
                throw new BackhoeException(
                        ExitCode.CONFLICT,
                        "later_run_has_other_key",
                        "Run " + id + " has set the same columns of " + run.table() + " since run " + run.id()
                                + ", and knows its rows by another key: which of them are its own cannot be told."
                                + " Nothing was taken back.",
                        "backhoe rollback " + id + " first; or backhoe purge " + id
                                + ", after which its rows count as nobody's.");
            }
            found.add(new Later(id, written(plan, other) + notTakenBack(session, id)));
        }
        return new LaterImages(
                run.id(),
                BatchSql.IMAGES.replace(BatchSql.RUN, Long.toString(run.id())),
                plan.access().key().size(),
                found);
    }

    /** That both have written in one and the same column: for that alone a row is the later run's. */
    private static String written(Plan plan, Plan other) {
        var both = new ArrayList<String>();
        for (String column : other.spec().requiredTransform().columns()) {
            if (plan.spec().requiredTransform().columns().contains(column)) {
                String mine = written(plan, column, "backhoe_mine");
                String theirs = written(other, column, "backhoe_later");
                if (mine.isEmpty() && theirs.isEmpty()) {
                    return "";
                }
                both.add(mine + (mine.isEmpty() || theirs.isEmpty() ? "" : " AND ") + theirs);
            }
        }
        return both.isEmpty() ? "" : both.stream().collect(Collectors.joining("\n    OR ", "\n    AND (", ")"));
    }

    /** A run of several columns keeps an image of a row also for a column that it left as it was. Nothing where it leaves none. */
    private static String written(Plan plan, String column, String images) {
        var columns = plan.spec().requiredTransform().columns();
        var transform = plan.spec().requiredTransform();
        boolean inserted = transform.source() != null && transform.source().into() == null;
        boolean writesAll = inserted
                || (transform.source() == null
                        && transform.function() == null
                        && !plan.spec().strategy().preserveExisting());
        int place = columns.indexOf(column) + 1;
        return columns.size() == 1 || writesAll
                ? ""
                : "CAST(" + images + ".old_" + place + " AS text) IS DISTINCT FROM CAST(" + images + ".new_" + place
                        + " AS text)";
    }

    private static String notTakenBack(Session session, long id) {
        boolean some =
                session.query("""
                        SELECT EXISTS (SELECT FROM backhoe.chunk
                                       WHERE run_id = CAST(:run AS bigint) AND state = 'rolled_back')
                        """, Map.of("run", Long.toString(id))).get(0).yes(0);
        return !some
                ? ""
                : "\n    AND NOT EXISTS (SELECT FROM backhoe.chunk AS backhoe_chunk WHERE backhoe_chunk.run_id = " + id
                        + "\n      AND backhoe_chunk.chunk = backhoe_later.chunk AND backhoe_chunk.state = 'rolled_back')";
    }

    /** Where no ledger knows of any. */
    public static LaterImages none(Plan plan, String images) {
        return new LaterImages(0, images, plan.access().key().size(), List.of());
    }

    /** The same for the before-images of the run in another table. */
    public LaterImages in(String table) {
        return new LaterImages(run, table, keys, later);
    }

    public List<Long> runs() {
        return later.stream().map(Later::run).toList();
    }

    /** The images of rows that no later run has written, as they stand in a statement in place of {@link BatchSql#IMAGES}. */
    public String ours() {
        return later.isEmpty()
                ? images
                : those(later.stream().map(l -> "NOT " + wrote(l)).toList());
    }

    /** Those of rows that this later run was the last to write, in the same way. */
    public String of(Later one) {
        var conditions = new ArrayList<String>();
        later.subList(0, later.indexOf(one)).forEach(newer -> conditions.add("NOT " + wrote(newer)));
        conditions.add(wrote(one));
        return those(conditions);
    }

    /** What makes an index by which a row's images of later runs are found, a statement each. */
    public List<String> indexes() {
        return later.stream()
                .map(l -> "CREATE INDEX IF NOT EXISTS before_image_" + l.run() + "_by_key ON backhoe.before_image_"
                        + l.run() + " ("
                        + IntStream.rangeClosed(1, keys)
                                .mapToObj(i -> "key_" + i)
                                .collect(Collectors.joining(", ")) + ")")
                .toList();
    }

    private String those(List<String> conditions) {
        return "(SELECT backhoe_mine.* FROM " + images + " AS backhoe_mine WHERE " + String.join("\n  AND ", conditions)
                + ")";
    }

    private String wrote(Later one) {
        String key = IntStream.rangeClosed(1, keys)
                .mapToObj(i -> "backhoe_later.key_" + i + " = backhoe_mine.key_" + i)
                .collect(Collectors.joining(" AND "));
        return "EXISTS (SELECT FROM backhoe.before_image_" + one.run() + " AS backhoe_later WHERE " + key
                + one.condition() + ")";
    }
}
