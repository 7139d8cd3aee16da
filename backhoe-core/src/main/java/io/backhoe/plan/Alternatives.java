package io.backhoe.plan;

import io.backhoe.database.ColumnFacts;
import io.backhoe.database.Database;
import io.backhoe.database.RangeText;
import io.backhoe.database.Session;
import io.backhoe.database.TableFacts;
import io.backhoe.plan.Recommendation.Alternative;
import io.backhoe.spec.ChunkBy;
import io.backhoe.spec.Spec;
import io.backhoe.value.ChunkExtent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The ways to cut a scope into chunks, with what each would cost. */
final class Alternatives {
    /** More chunks than a person would look over are no alternative. */
    private static final int MOST_CHUNKS = 2_000;

    private final Database database;
    private final Session session;
    private final TableFacts table;
    private final Spec spec;
    private final @Nullable ColumnFacts column;
    private final long allRows;

    /** @param column of the dates, or null when the scope has none */
    Alternatives(Database database, Session session, TableFacts table, Spec spec, @Nullable ColumnFacts column) {
        this.database = database;
        this.session = session;
        this.table = table;
        this.spec = spec;
        this.column = column;
        this.allRows = database.estimateRows(session, table.name(), null, List.of(ChunkExtent.ALL))
                .get(0);
    }

    /** The recommended one first, then those that read least. */
    List<Alternative> ranked() {
        var tiles = column == null ? null : new Tiles(database, session, table, spec.scope(), column);
        ChunkBy best = new AutoChunks(database, session, table, spec)
                .choose(column, tiles)
                .unit();
        var all = new ArrayList<Alternative>();
        if (column != null && tiles != null) {
            boolean reached = AccessPath.reaches(table, column);
            long inScope = reached ? Math.min(allRows, inScope(column)) : allRows;
            AutoChunks.LARGEST_FIRST.forEach(unit -> byDates(unit, tiles, reached, inScope, all));
        }
        byPartitions(all);
        all.add(byKey());
        all.sort(Comparator.comparing((Alternative a) -> a.chunkBy() != best)
                .thenComparingLong(Alternatives::cost)
                .thenComparingLong(a -> Math.abs(a.largestRows() - AutoChunks.ROWS)));
        return List.copyOf(all);
    }

    /** Rows read, in steps of a tenth: a smaller difference is that of estimates. */
    private static long cost(Alternative a) {
        return Math.round(Math.log(Math.max(1, a.rowsRead())) / Math.log(1.1));
    }

    /** @param rowsRead by all chunks together where an index reaches them; by each where none does */
    private void byDates(ChunkBy unit, Tiles tiles, boolean reached, long rowsRead, List<Alternative> into) {
        ColumnFacts dates = tiles.column();
        boolean fits = unit != ChunkBy.HOUR || dates.kind() != ColumnFacts.Kind.DATE;
        if (!fits || AutoChunks.periods(unit, spec.scope().from(), spec.scope().to()) > MOST_CHUNKS) {
            return;
        }
        Tiles.Tiling tiling = tiles.of(unit);
        into.add(new Alternative(
                unit,
                tiling.chunks(),
                tiling.largest(),
                reached ? rowsRead : rowsRead * tiling.chunks(),
                reached
                        ? "each chunk reads its own rows, by an index that begins with " + dates.name()
                        : "no index begins with " + dates.name() + ": each chunk reads the whole table"));
    }

    /** The same for all units, so that they are not ranked by the noise of their estimates. */
    private long inScope(ColumnFacts dates) {
        var range = RangeText.of(
                spec.scope().from(), spec.scope().to(), dates, spec.scope().timezone());
        return database.estimateRows(session, table.name(), dates, List.of(ChunkExtent.of(range)))
                .get(0);
    }

    private void byPartitions(List<Alternative> into) {
        var partitions = database.partitions(session, table.name(), null, null);
        if (!partitions.isEmpty()) {
            into.add(new Alternative(
                    ChunkBy.PARTITION,
                    partitions.size(),
                    partitions.values().stream()
                            .mapToLong(Long::longValue)
                            .max()
                            .orElse(0),
                    allRows,
                    "a chunk is a partition, and is read once"));
        }
    }

    private Alternative byKey() {
        long chunks = Math.max(1, (allRows + AutoChunks.ROWS - 1) / AutoChunks.ROWS);
        return new Alternative(
                ChunkBy.KEY,
                chunks,
                Math.min(allRows, AutoChunks.ROWS),
                allRows,
                "the table is read once in the order of " + String.join(", ", table.key())
                        + (column == null ? "" : ", also what lies outside of the dates"));
    }

    static String line(Alternative a) {
        return String.format(
                Locale.ROOT,
                "%s: %,d %s, the largest of about %,d rows; about %,d rows are read; %s",
                a.chunkBy().word(),
                a.chunks(),
                a.chunks() == 1 ? "chunk" : "chunks",
                a.largestRows(),
                a.rowsRead(),
                a.why());
    }
}
