package io.backhoe.spec;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads what only a correction says, and refuses what cannot be one. */
final class CorrectionReader {
    private static final List<String> OF_A_PLAN = List.of("sha256", "records", "key", "columns");
    private static final Map<String, Boolean> UNKNOWN_KEYS = Map.of("refuse", false, "skip", true);

    /** What {@code ~1200} lets pass on either side. */
    private static final long PERCENT = 10;

    private final Section root;
    private final boolean ofPlan;

    /** @param root the section that everything stands in */
    CorrectionReader(Section root, boolean ofPlan) {
        this.root = root;
        this.ofPlan = ofPlan;
    }

    /** Null where nothing is said of it. */
    @Nullable
    Correction correction() {
        Section in = root.read("correction", Value::section);
        if (in == null) {
            return null;
        }
        String file = in.read("keys", Value::text);
        Boolean skip = in.read("unknown_keys", v -> v.choice(UNKNOWN_KEYS));
        if (skip != null && file == null) {
            in.problem("unknown_keys", "needs correction.keys: the file whose keys may be unknown");
        }
        var expected = in.read("expect_rows", CorrectionReader::expected);
        if (!ofPlan) {
            OF_A_PLAN.forEach(key -> in.refuse(key, SpecReader.ONLY_IN_A_PLAN));
        }
        return file == null && expected == null
                ? null
                : new Correction(file == null ? null : records(in, file), skip != null && skip, expected);
    }

    private Correction.Records records(Section in, String file) {
        return ofPlan
                ? new Correction.Records(
                        file,
                        in.read("sha256", Value::text),
                        in.read("records", Value::rows),
                        in.readOr(List.of(), "key", Value::texts),
                        in.readOr(List.of(), "columns", Value::texts))
                : new Correction.Records(file);
    }

    private static Correction.@Nullable Expected expected(Value value) {
        Section range = value.isSection() ? value.section() : null;
        if (range != null) {
            Long least = range.require("min", Value::rows);
            Long most = range.require("max", Value::rows);
            if (least != null && most != null && least > most) {
                range.problem("max", most + " is less than min " + least);
                return null;
            }
            return least == null || most == null ? null : new Correction.Expected(least, most);
        }
        Long rows = value.rows();
        if (rows == null) {
            return null;
        }
        boolean about = String.valueOf(value.text()).strip().startsWith("~");
        long margin = about ? rows * PERCENT / 100 : 0;
        return new Correction.Expected(rows - margin, rows + margin);
    }

    /**
     * What makes a correction one: somebody has chosen its rows and says why, and what it overwrites is kept.
     *
     * @param where whether {@code scope.where} chooses rows
     */
    void refuseOthers(
            @Nullable Correction read,
            Spec.Strategy strategy,
            Spec.@Nullable Transform transform,
            Spec.@Nullable Rollback rollback,
            boolean where) {
        if (!strategy.type().equals(Correction.TYPE)) {
            if (read != null) {
                root.problem("correction", "needs strategy.type: correction");
            }
            return;
        }
        if (root.value("reason") == null) {
            root.problem("reason", "is required by strategy.type: correction: why these rows are to be changed");
        }
        boolean file = read != null && read.records() != null;
        if (!where && !file) {
            root.problem(
                    "correction",
                    "chooses no rows, which would be all of them: write scope.where, or correction.keys with the name"
                            + " of a CSV file");
        }
        if (rollback != null && !rollback.keepImages()) {
            root.problem("rollback", "strategy none does not go with a correction, which can always be taken back");
        }
        if (transform != null && transform.perChunk() != null) {
            root.problem(
                    "transform",
                    "what is called for each chunk keeps nothing, and a correction can always be taken back");
        }
        if (file && transform != null && transform.function() != null) {
            root.problem("transform", "a function does not go with correction.keys: it would not be told the records");
        }
        if (file && strategy.chunkBy() != ChunkBy.KEY && strategy.chunkBy() != ChunkBy.AUTO) {
            root.problem(
                    "strategy",
                    "chunk_by: " + strategy.chunkBy().word()
                            + " does not go with correction.keys: chunks are stretches of the records (chunk_by: key)");
        }
    }
}
