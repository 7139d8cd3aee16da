package io.backhoe.plan;

import io.backhoe.database.ColumnFacts;
import io.backhoe.database.Database;
import io.backhoe.database.RangeText;
import io.backhoe.database.Session;
import io.backhoe.database.TableFacts;
import io.backhoe.spec.ChunkBy;
import io.backhoe.spec.Spec;
import io.backhoe.value.ChunkExtent;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The calendar's chunks of a scope that has dates, unit by unit. The server is asked about each unit once. */
final class Tiles {
    /** @param largest how many rows the server expects in the largest of them */
    record Tiling(int chunks, long largest) {}

    private final Database database;
    private final Session session;
    private final TableFacts table;
    private final Spec.Scope scope;
    private final ColumnFacts column;
    private final Map<ChunkBy, Tiling> known = new EnumMap<>(ChunkBy.class);

    Tiles(Database database, Session session, TableFacts table, Spec.Scope scope, ColumnFacts column) {
        this.database = database;
        this.session = session;
        this.table = table;
        this.scope = scope;
        this.column = column;
    }

    ColumnFacts column() {
        return column;
    }

    Tiling of(ChunkBy unit) {
        return known.computeIfAbsent(unit, this::ask);
    }

    private Tiling ask(ChunkBy unit) {
        var extents = CalendarChunks.tile(scope.from(), scope.to(), unit, List.of()).chunks().stream()
                .map(t -> ChunkExtent.of(RangeText.of(t.start(), t.end(), column, scope.timezone())))
                .toList();
        long largest = database.estimateRows(session, table.name(), column, extents).stream()
                .mapToLong(Long::longValue)
                .max()
                .orElse(0);
        return new Tiling(extents.size(), largest);
    }
}
