package io.backhoe.plan;

import io.backhoe.spec.ChunkBy;
import io.backhoe.spec.SourceQuery;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import io.backhoe.value.RowsInto;
import io.backhoe.value.SqlName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What has changed about a table since it was planned for. */
public final class Drift {
    private static final String INSERT_TRIGGER = "insert trigger ";
    private static final String DELETE_TRIGGER = "delete trigger ";

    /** Plans of before know of no such triggers. */
    private static final String OR_OLDER =
            "\n  Such a trigger came since, or the plan is from before Backhoe recorded them.";

    private static final String COLUMN = "column ";

    private final Plan plan;

    public Drift(Plan plan) {
        this.plan = plan;
    }

    /**
     * What matters of a table's fingerprint: of its indexes only the one that is walked, and those that are unique; its
     * partitions only where each is a chunk; triggers that only inserting or deleting rows fires where that is done.
     *
     * @param wholeRows whether rows are inserted or deleted
     */
    static List<String> relevant(List<String> fingerprint, String index, ChunkBy unit, boolean wholeRows) {
        return fingerprint.stream()
                .filter(l -> wholeRows || !(l.startsWith(INSERT_TRIGGER) || l.startsWith(DELETE_TRIGGER)))
                .filter(l -> !l.startsWith("index ") || isOf(l, "index", index))
                .filter(l -> !l.startsWith("partition ") || unit == ChunkBy.PARTITION)
                .toList();
    }

    /** A line a difference: {@code -} what was planned for, {@code +} what is there. */
    public List<String> against(List<String> fingerprint) {
        var planned = new HashSet<>(plan.fingerprint());
        var present = new HashSet<>(fingerprint);
        var lines = new ArrayList<String>();
        plan.fingerprint().stream().filter(l -> !present.contains(l)).forEach(l -> lines.add("- " + l));
        fingerprint.stream().filter(l -> !planned.contains(l)).forEach(l -> lines.add("+ " + l));
        return lines;
    }

    private @Nullable SourceQuery source() {
        var transform = plan.spec().transform();
        return transform == null ? null : transform.source();
    }

    /**
     * Taking back needs the key and the columns that were set, and nothing else of the table. Where rows are only deleted, nothing is
     * written into these columns: it is enough that they can be compared with what was inserted.
     *
     * @throws BackhoeException DRIFTED, when one of these is no longer what it was
     */
    public void refuseUndo(List<String> fingerprint) {
        var needed = new HashSet<>(plan.access().key());
        var transform = plan.spec().transform();
        if (transform != null) {
            needed.addAll(transform.set().keySet());
        }
        boolean deletes = onlyDeletes();
        if (deletes) {
            needed.removeIf(c -> !plan.access().key().contains(c) && comparable(c, fingerprint));
        }
        var lines = against(fingerprint).stream()
                .filter(l ->
                        l.startsWith("key ", 2) || needed.stream().anyMatch(c -> isOf(l.substring(2), "column", c)))
                .toList();
        if (!lines.isEmpty()) {
            throw new BackhoeException(
                    ExitCode.DRIFTED,
                    "table_drifted",
                    "Table " + plan.spec().scope().table()
                            + " no longer has the key or the columns that the run set, as it"
                            + " had them then; nothing was taken back.\n  " + String.join("\n  ", lines),
                    deletes
                            ? "Bring them back to what they were (ALTER TABLE "
                                    + plan.spec().scope().table()
                                    + " ...), then backhoe rollback again: a column may be wider, narrower or NOT NULL, but has to be"
                                    + " there, and of its kind of type. Or delete by hand the rows whose keys are in the run's table of"
                                    + " before-images (key_1, ...)."
                            : "Bring them back to what they were, or restore by hand from the run's table of before-images.");
        }
    }

    private boolean onlyDeletes() {
        var source = source();
        return source != null && source.into() == null;
    }

    private boolean comparable(String column, List<String> fingerprint) {
        return plan.fingerprint().stream()
                .filter(l -> isOf(l, "column", column))
                .anyMatch(was -> fingerprint.stream()
                        .filter(l -> isOf(l, "column", column))
                        .anyMatch(is -> StoredType.of(definition(was)).comparesWith(StoredType.of(definition(is)))));
    }

    private static String definition(String line) {
        return line.substring(COLUMN.length() + nameOf(line).length()).strip();
    }

    private void refuseTriggers(List<String> differences, SourceQuery source) {
        boolean inserts = source.into() == RowsInto.REPLACE;
        var lines = differences.stream()
                .filter(l -> l.startsWith("+ " + DELETE_TRIGGER) || (inserts && l.startsWith("+ " + INSERT_TRIGGER)))
                .toList();
        if (!lines.isEmpty()) {
            throw new BackhoeException(
                    ExitCode.DRIFTED,
                    "table_drifted",
                    "Table " + plan.spec().scope().table()
                            + " has triggers that the run did not know, and that would fire when rows of it are "
                            + (inserts ? "deleted or inserted" : "deleted")
                            + ", and what they do is not undone; nothing was taken back.\n  "
                            + String.join("\n  ", lines) + OR_OLDER,
                    "Disable them while this is taken back: ALTER TABLE "
                            + plan.spec().scope().table() + " DISABLE TRIGGER ...; then backhoe rollback again. Or"
                            + " let them fire: --on-conflict overwrite, which also overwrites what others changed since.");
        }
    }

    /**
     * Who deletes a row deletes also what somebody wrote into columns that are there since, and sets off who acts on that. Not asked of
     * whoever wants to overwrite.
     *
     * @throws BackhoeException DRIFTED, where rows that were inserted would be deleted and a column or trigger has come to the table
     */
    public void refuseDeletingMore(List<String> fingerprint) {
        var source = source();
        if (source == null) {
            return;
        }
        // A column that was renamed is there under another name, and overwriting would not help.
        refuseUndo(fingerprint);
        refuseTriggers(against(fingerprint), source);
        var known =
                plan.fingerprint().stream().filter(l -> l.startsWith(COLUMN)).toList();
        var came = fingerprint.stream()
                .filter(l -> l.startsWith(COLUMN))
                .filter(l -> known.stream().noneMatch(k -> nameOf(k).equals(nameOf(l))))
                .map(l -> nameOf(l))
                .toList();
        if (!came.isEmpty()) {
            throw new BackhoeException(
                    ExitCode.DRIFTED,
                    "column_came_since",
                    "Table " + plan.spec().scope().table() + " has "
                            + (came.size() == 1 ? "a column" : "columns") + " that the run did not know: "
                            + String.join(", ", came)
                            + ". Deleting the rows that it inserted would delete also what stands there. Nothing more was taken back.",
                    "Look whether anything is lost by that; then --on-conflict overwrite deletes them with it. Or drop the"
                            + " column, or keep its values elsewhere first.");
        }
    }

    /** {@code column name type ...}; a name that needs quotes may hold blanks. */
    private static String nameOf(String line) {
        String rest = line.substring(COLUMN.length());
        if (!rest.startsWith("\"")) {
            return rest.contains(" ") ? rest.substring(0, rest.indexOf(' ')) : rest;
        }
        int end = 1;
        while (end < rest.length() && (rest.charAt(end) != '"' || rest.startsWith("\"\"", end))) {
            end += rest.charAt(end) == '"' ? 2 : 1;
        }
        return rest.substring(0, Math.min(end + 1, rest.length()));
    }

    /** What matters of it, and differs; nothing when the table is as planned for, or as somebody has accepted it since. */
    public List<String> found(List<String> fingerprint) {
        return against(relevant(fingerprint));
    }

    /** What a fingerprint is kept as, for a table that is accepted as it is. */
    public List<String> relevant(List<String> fingerprint) {
        return relevant(
                fingerprint, plan.access().index(), plan.spec().strategy().chunkBy(), source() != null);
    }

    /**
     * For a run that has begun.
     *
     * @throws BackhoeException DRIFTED, with the differences and the ways on
     */
    public void refuseGoingOn(List<String> fingerprint, long runId) {
        var lines = found(fingerprint);
        if (!lines.isEmpty()) {
            throw new BackhoeException(
                    ExitCode.DRIFTED,
                    "table_drifted",
                    "Table " + plan.spec().scope().table() + " has changed since run " + runId
                            + " was planned for it; what was committed stays.\n  " + shown(lines),
                    waysOn(runId, ""));
        }
    }

    /**
     * The ways on for a run whose table has drifted.
     *
     * @param flags what a command needs to find the same database, with a leading space, or nothing
     */
    public static String waysOn(long runId, String flags) {
        return "Review the difference. Then either go on: backhoe resume " + runId + flags
                + " --accept-drift (or retry), which is refused where the plan's SQL would be wrong by now; or plan the rest anew:"
                + " backhoe cancel " + runId + flags + ", then backhoe plan --rest-of " + runId + flags
                + "; or give it up: backhoe cancel " + runId + flags + ", and backhoe rollback " + runId + flags
                + " to take back what it did.";
    }

    /** Whether these columns are what they were planned for. */
    public boolean spares(List<String> fingerprint, Collection<String> columns) {
        return against(fingerprint).stream()
                .noneMatch(l -> columns.stream().anyMatch(c -> isOf(l.substring(2), "column", c)));
    }

    /** Whether the line is of the thing of this name; which names need quotes, servers of other versions see otherwise. */
    private static boolean isOf(String line, String kind, String name) {
        return line.startsWith(kind + " " + name + " ") || line.startsWith(kind + " " + SqlName.always(name) + " ");
    }

    private static String shown(List<String> lines) {
        boolean older = lines.stream()
                .anyMatch(l -> l.startsWith("+ " + INSERT_TRIGGER) || l.startsWith("+ " + DELETE_TRIGGER));
        return String.join("\n  ", lines) + (older ? OR_OLDER : "");
    }

    /** @throws BackhoeException DRIFTED, with the differences */
    public void refuse(List<String> fingerprint) {
        var lines = found(fingerprint);
        if (!lines.isEmpty()) {
            throw new BackhoeException(
                    ExitCode.DRIFTED,
                    "table_drifted",
                    "Table " + plan.spec().scope().table() + " is no longer as planned for; nothing was changed.\n  "
                            + shown(lines),
                    "Review the difference; then plan anew: backhoe plan SPEC. With --diff PLANFILE that shows all that"
                            + " differs from this plan.");
        }
    }
}
