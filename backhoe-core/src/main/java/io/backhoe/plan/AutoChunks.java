package io.backhoe.plan;

import io.backhoe.database.ColumnFacts;
import io.backhoe.database.Database;
import io.backhoe.database.Session;
import io.backhoe.database.TableFacts;
import io.backhoe.spec.ChunkBy;
import io.backhoe.spec.Spec;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Chooses what chunks are made of where the spec leaves it to the plan, and says why. */
final class AutoChunks {
    /** What a person can still look over; a chunk of this many rows takes a minute or so. */
    static final long ROWS = 500_000;

    private static final int FEWEST = 4;
    private static final int MOST = 2_000;
    static final List<ChunkBy> LARGEST_FIRST =
            List.of(ChunkBy.YEAR, ChunkBy.QUARTER, ChunkBy.MONTH, ChunkBy.WEEK, ChunkBy.DAY, ChunkBy.HOUR);

    record Choice(ChunkBy unit, String why) {}

    private final Database database;
    private final Session session;
    private final TableFacts table;
    private final Spec spec;

    AutoChunks(Database database, Session session, TableFacts table, Spec spec) {
        this.database = database;
        this.session = session;
        this.table = table;
        this.spec = spec;
    }

    /** @param column the chunk column, or null when the scope has no dates */
    Choice choose(@Nullable ColumnFacts column) {
        return column == null || spec.scope().start() == null
                ? choose(column, null)
                : choose(column, new Tiles(database, session, table, spec.scope(), column));
    }

    /** @param tiles of the scope, or null when it has no dates */
    Choice choose(@Nullable ColumnFacts column, @Nullable Tiles tiles) {
        LocalDateTime start = spec.scope().start();
        LocalDateTime end = spec.scope().end();
        boolean listed = !spec.execution().chunks().isEmpty();
        if (column != null
                && tiles != null
                && start != null
                && end != null
                && (listed || AccessPath.reaches(table, column))) {
            return byDates(tiles, start, end);
        }
        String unreached =
                column == null ? "the scope has no dates" : "no index that can be walked begins with " + column.name();
        return database.partitions(session, table.name(), null, null).isEmpty()
                ? new Choice(ChunkBy.KEY, unreached + ", so that stretches of the key read each row once")
                : new Choice(ChunkBy.PARTITION, unreached + ", and the table has partitions");
    }

    private Choice byDates(Tiles scope, LocalDateTime start, LocalDateTime end) {
        Choice finest = null;
        for (ChunkBy unit : LARGEST_FIRST) {
            if (unit == ChunkBy.HOUR && scope.column().kind() == ColumnFacts.Kind.DATE) {
                break;
            }
            if (periods(unit, start, end) > MOST) {
                break;
            }
            Tiles.Tiling tiling = scope.of(unit);
            finest = new Choice(
                    unit,
                    String.format(
                            Locale.ROOT,
                            "%,d chunks, the largest of about %,d rows (at most %,d are wanted)",
                            tiling.chunks(),
                            tiling.largest(),
                            wanted()));
            if (tiling.largest() <= wanted() && tiling.chunks() >= FEWEST) {
                return finest;
            }
        }
        return finest == null
                ? new Choice(ChunkBy.KEY, "the scope has too many years to be cut by the calendar")
                : finest;
    }

    static long periods(ChunkBy unit, LocalDateTime start, LocalDateTime end) {
        Period first = Period.of(unit, start);
        long seconds = Duration.between(first.start(), first.end()).toSeconds();
        return Duration.between(start, end).toSeconds() / Math.max(1, seconds);
    }

    private long wanted() {
        Long size = spec.strategy().chunkRows();
        return size == null ? ROWS : size;
    }
}
