package io.backhoe.check;

import io.backhoe.database.Row;
import io.backhoe.ledger.CheckTable.Baseline;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Counts what each chunk looks like before the run: its rows, and of some of them what their columns hold. Rows are counted
 * one by one only in a scope that is not too large for it.
 */
final class CaptureBaseline implements Question {
    /** Counting so many through an index takes about half a minute. */
    static final long MOST_COUNTED = 50_000_000;

    static final int ROWS_A_CHUNK = 2_000;
    private static final int ROWS_IN_ALL = 200_000;

    private final List<Baseline> captured = new ArrayList<>();

    /** What was found; nothing before it was asked. */
    List<Baseline> captured() {
        return List.copyOf(captured);
    }

    @Override
    public CheckResult ask(Ground ground) {
        captured.clear();
        long expected = ground.pieces().stream()
                .mapToLong(p -> Math.max(0, p.estimatedRows()))
                .sum();
        if (expected > MOST_COUNTED) {
            return CheckResult.notApplicable(Said.count(expected, "row") + " are too many to count before each run ("
                    + Said.count(MOST_COUNTED, "row") + " at most)");
        }
        int each = each(ground);
        long rows = 0;
        for (Piece piece : ground.pieces()) {
            long counted =
                    ground.query(ground.sql().rows(), piece, Map.of()).get(0).number(0);
            rows += counted;
            captured.add(new Baseline(piece.number(), counted, counted == 0 ? null : metrics(ground, piece, counted)));
        }
        return CheckResult.holds(Said.count(rows, "row") + " in "
                        + Said.count(ground.pieces().size(), "chunk") + "; values of at most " + Said.count(each, "row")
                        + " of each chunk")
                .shownBy(
                        ground.pieces().isEmpty()
                                ? null
                                : ground.shown(
                                                ground.sql().rows(),
                                                ground.pieces().get(0)) + ";");
    }

    private static int each(Ground ground) {
        return Math.max(
                1,
                Math.min(ROWS_A_CHUNK, ROWS_IN_ALL / Math.max(1, ground.pieces().size())));
    }

    /**
     * Rows spread over the whole chunk, chosen by their keys: before the run and after it they are the same ones.
     *
     * @param rows of the chunk before the run
     */
    static List<Row> sample(Ground ground, Piece piece, long rows) {
        int each = each(ground);
        // The keys decide how many they are: about so many, and sometimes more.
        return ground.query(
                ground.sql().sample(),
                piece,
                Map.of(
                        "every",
                        Long.toString(Math.max(1, (rows + each - 1) / each)),
                        "batch_rows",
                        Integer.toString(2 * each)));
    }

    private static String metrics(Ground ground, Piece piece, long rows) {
        var sample = sample(ground, piece, rows);
        var columns = List.copyOf(ground.plan().spec().requiredTransform().set().keySet());
        var metrics = new LinkedHashMap<String, Map<String, Object>>();
        for (int i = 0; i < columns.size(); i++) {
            boolean numeric = ground.sql().numeric().contains(columns.get(i));
            metrics.put(columns.get(i), Metrics.of(ColumnSample.of(sample, i), numeric));
        }
        return Metrics.write(metrics);
    }
}
