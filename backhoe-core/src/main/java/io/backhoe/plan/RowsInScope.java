package io.backhoe.plan;

import io.backhoe.database.ColumnFacts;
import io.backhoe.database.Database;
import io.backhoe.database.SampledRows;
import io.backhoe.database.Session;
import io.backhoe.database.TableFacts;
import io.backhoe.value.ChunkExtent;
import io.backhoe.value.SqlName;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How many rows there are, by the statistics where they are right and by a count of some pages where they are not: they
 * are right when the table was analyzed after it changed, and a table that was just taken back is full of dead rows that
 * they take for live ones.
 */
final class RowsInScope {
    /** What the statistics of a table are off in a normal life. */
    private static final double TOLERANCE = 0.25;

    /** Of fewer pages a sample says nothing about a part of the table. */
    private static final int ENOUGH = 100;

    private final Database database;
    private final Session session;
    private final TableFacts table;
    private final List<String> notes;

    /** @param notes what the numbers rest on is added here, when it is not the statistics */
    RowsInScope(Database database, Session session, TableFacts table, List<String> notes) {
        this.database = database;
        this.session = session;
        this.table = table;
        this.notes = notes;
    }

    /** Of the table, with all that is in it. */
    long all() {
        long believed = database.estimateRows(session, table.name(), null, List.of(ChunkExtent.ALL))
                .get(0);
        var sampled = database.sampleRows(session, table.name(), null, List.of());
        if (sampled.isEmpty()) {
            return believed;
        }
        boolean off = areOff(believed, sampled.get().all(), sampled);
        // Even right statistics take the dead rows of what was just rolled back for live ones.
        return off || sampled.get().exact() ? sampled.get().all() : believed;
    }

    /** Of ranges of dates, which ascend and do not overlap. */
    List<Long> each(@Nullable ColumnFacts column, List<ChunkExtent> extents) {
        List<Long> believed = database.estimateRows(session, table.name(), column, extents);
        var sampled = database.sampleRows(session, table.name(), column, extents);
        if (sampled.isEmpty() || (!sampled.get().exact() && sampled.get().pages() < ENOUGH)) {
            return believed;
        }
        boolean off = areOff(sum(believed), sum(sampled.get().each()), sampled);
        return off || sampled.get().exact() ? sampled.get().each() : believed;
    }

    private boolean areOff(long believed, long found, Optional<SampledRows> sampled) {
        // The server says 1 where it knows of nothing.
        boolean off = Math.abs(believed - found) > Math.max(1_000, TOLERANCE * Math.max(found, believed));
        if (off) {
            notes.add(String.format(
                    Locale.ROOT,
                    "The statistics of %s are stale: by them there would be %,d rows in scope, and %s there are about"
                            + " %,d. The numbers of rows here rest on that count, not on the statistics. ANALYZE %s;"
                            + " then plan again.",
                    table.name(),
                    believed,
                    sampled.orElseThrow().exact() ? "counted" : "by a count of some of its pages",
                    found,
                    SqlName.quote(table.name())));
        }
        return off;
    }

    private static long sum(List<Long> rows) {
        return rows.stream().mapToLong(Long::longValue).sum();
    }
}
