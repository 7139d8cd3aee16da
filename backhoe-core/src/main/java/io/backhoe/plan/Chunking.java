package io.backhoe.plan;

import io.backhoe.assess.ChunkColumn;
import io.backhoe.database.BatchShape;
import io.backhoe.database.ColumnFacts;
import io.backhoe.database.Database;
import io.backhoe.database.RangeText;
import io.backhoe.database.Session;
import io.backhoe.database.TableFacts;
import io.backhoe.spec.ChunkBy;
import io.backhoe.spec.Spec;
import io.backhoe.spec.Spec.ListedChunk;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ChunkExtent;
import io.backhoe.value.ChunkRange;
import io.backhoe.value.ExitCode;
import io.backhoe.value.Key;
import io.backhoe.value.KeyRange;
import io.backhoe.value.TableName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Cuts the scope into chunks, of whatever kind. For one plan. */
final class Chunking {
    /** So many ranges are estimated one by one; of more, neighbours share an estimate. */
    private static final int ESTIMATES = 2_000;

    /** A chunk size is approximate: what is larger by up to a quarter is not split. */
    static final double TOLERANCE = 1.25;

    private final Database database;
    private final Session session;
    private final Spec spec;
    private final TableFacts table;
    private final ChunkBy unit;
    private final @Nullable ColumnFacts column;
    private final List<String> notes = new ArrayList<>();
    private final RowsInScope counted;

    Chunking(Database database, Session session, Spec spec, TableFacts table) {
        this.database = database;
        this.session = session;
        this.spec = spec;
        this.table = table;
        this.counted = new RowsInScope(database, session, table, notes);
        this.column = column();
        ChunkBy asked = spec.records() == null ? spec.strategy().chunkBy() : ChunkBy.KEY;
        if (asked == ChunkBy.AUTO) {
            var choice = new AutoChunks(database, session, table, spec).choose(column);
            this.unit = choice.unit();
            notes.add("strategy.chunk_by: auto is " + unit.word() + " here: " + choice.why() + ".");
        } else {
            this.unit = asked;
        }
        if (column != null) {
            ChunkColumn.refuseHours(unit, table, column);
        }
    }

    private @Nullable ColumnFacts column() {
        if (spec.scope().start() == null) {
            return null;
        }
        var choice = ChunkColumn.choose(table, spec.scope().dateColumn());
        if (choice.note() != null) {
            notes.add(choice.note());
        }
        return choice.column();
    }

    ChunkBy unit() {
        return unit;
    }

    @Nullable
    ColumnFacts chunkColumn() {
        return column;
    }

    BatchShape.Chunks kind() {
        return kindOf(unit);
    }

    /** @param unit as resolved: not {@code AUTO} */
    static BatchShape.Chunks kindOf(ChunkBy unit) {
        return switch (unit) {
            case KEY -> BatchShape.Chunks.KEYS;
            case PARTITION -> BatchShape.Chunks.PARTITIONS;
            default -> BatchShape.Chunks.DATES;
        };
    }

    /** What a reviewer should know; complete once the chunks are made. */
    List<String> notes() {
        return notes;
    }

    List<PlannedChunk> chunks(BatchShape shape) {
        var whole = switch (kind()) {
            case DATES -> byDates();
            case KEYS -> List.of(everything());
            case PARTITIONS -> byPartitions();
        };
        return split(shape, whole);
    }

    /**
     * Stretches of records.
     *
     * @param rows how many there are
     */
    List<PlannedChunk> chunks(List<Key> cuts, long rows) {
        return pieces(
                new PlannedChunk("key", null, null, new ChunkExtent(dates(), KeyRange.ALL, null), rows),
                cuts,
                new HashSet<>());
    }

    private List<PlannedChunk> byDates() {
        ColumnFacts dates = Objects.requireNonNull(column, "chunks of the calendar without a date column");
        var tiling = CalendarChunks.tile(
                spec.scope().from(), spec.scope().to(), unit, spec.execution().chunks());
        notes.addAll(tiling.notes());
        var tiles = new ArrayList<ListedChunk>();
        var extents = new ArrayList<ChunkExtent>();
        Set<ListedChunk> listed = Set.copyOf(spec.execution().chunks());
        for (ListedChunk tile : tiling.chunks()) {
            ChunkRange range =
                    RangeText.of(tile.start(), tile.end(), dates, spec.scope().timezone());
            // an hour that the clock skips is no chunk
            if (!range.start().equals(range.end()) || listed.contains(tile)) {
                tiles.add(tile);
                extents.add(ChunkExtent.of(range));
            }
        }
        if (tiles.isEmpty()) {
            throw new BackhoeException(
                    ExitCode.USAGE,
                    "empty_range",
                    "There is no such time as scope.date_range (" + spec.scope().start() + " to "
                            + spec.scope().end() + ") in " + spec.scope().timezone()
                            + ": the clock skips it. Nothing was changed.",
                    "Correct the range, or name another timezone.");
        }
        List<Long> rows = estimates(extents);
        return IntStream.range(0, tiles.size())
                .mapToObj(i -> new PlannedChunk(
                        tiles.get(i).id(), tiles.get(i).start(), tiles.get(i).end(), extents.get(i), rows.get(i)))
                .toList();
    }

    /** One by one, or, of very many, of groups of neighbours, shared out evenly. */
    private List<Long> estimates(List<ChunkExtent> extents) {
        int group = (extents.size() + ESTIMATES - 1) / ESTIMATES;
        if (group <= 1) {
            return counted.each(column, extents);
        }
        var grouped = new ArrayList<ChunkExtent>();
        for (int from = 0; from < extents.size(); from += group) {
            var first = Objects.requireNonNull(extents.get(from).dates());
            int to = Math.min(extents.size(), from + group) - 1;
            var last = Objects.requireNonNull(extents.get(to).dates());
            grouped.add(ChunkExtent.of(new ChunkRange(first.start(), last.end())));
        }
        var shared = counted.each(column, grouped);
        return IntStream.range(0, extents.size())
                .mapToObj(i -> {
                    int members = Math.min(group, extents.size() - i / group * group);
                    return (shared.get(i / group) + members - 1) / members;
                })
                .toList();
    }

    private PlannedChunk everything() {
        return new PlannedChunk("key", null, null, new ChunkExtent(dates(), KeyRange.ALL, null), counted.all());
    }

    private List<PlannedChunk> byPartitions() {
        Map<TableName, Long> partitions = database.partitions(session, table.name(), column, dates());
        if (partitions.isEmpty()) {
            throw new BackhoeException(
                    ExitCode.REFUSED,
                    "not_partitioned",
                    "strategy.chunk_by: partition, but table " + table.name()
                            + " has no partitions that the scope touches. Nothing was changed.",
                    "Choose a unit of the calendar, key or auto.");
        }
        var names = new HashSet<String>();
        boolean plain = partitions.keySet().stream().allMatch(p -> names.add(p.name()));
        return partitions.entrySet().stream()
                .map(p -> new PlannedChunk(
                        plain ? p.getKey().name() : p.getKey().toString(),
                        null,
                        null,
                        new ChunkExtent(dates(), KeyRange.ALL, p.getKey()),
                        p.getValue()))
                .toList();
    }

    private @Nullable ChunkRange dates() {
        return column == null
                ? null
                : RangeText.of(
                        spec.scope().from(),
                        spec.scope().to(),
                        column,
                        spec.scope().timezone());
    }

    private List<PlannedChunk> split(BatchShape shape, List<PlannedChunk> whole) {
        Long size = spec.strategy().chunkRows();
        if (size == null && unit != ChunkBy.KEY) {
            return whole;
        }
        long wanted = size == null ? AutoChunks.ROWS : size;
        Set<String> listed = new HashSet<>();
        spec.execution().chunks().forEach(c -> listed.add(c.id()));
        var large = whole.stream()
                .filter(c -> c.estimatedRows() > wanted * TOLERANCE && !listed.contains(c.id()))
                .toList();
        long pieces = large.stream()
                .mapToLong(c -> (c.estimatedRows() + wanted - 1) / wanted)
                .sum();
        CalendarChunks.refuseTooMany(whole.size() - large.size() + pieces, "strategy.chunk_size");
        var parts = large.stream()
                .map(c -> (int) ((c.estimatedRows() + wanted - 1) / wanted))
                .toList();
        var cuts = database.cuts(
                session, shape, large.stream().map(PlannedChunk::extent).toList(), parts);
        var cutsOf = new IdentityHashMap<PlannedChunk, List<Key>>();
        IntStream.range(0, large.size()).forEach(i -> cutsOf.put(large.get(i), cuts.get(i)));
        var taken = new HashSet<String>();
        whole.forEach(c -> taken.add(c.id()));
        var chunks = new ArrayList<PlannedChunk>();
        for (PlannedChunk chunk : whole) {
            List<Key> at = cutsOf.get(chunk);
            chunks.addAll(at == null ? List.of(chunk) : pieces(chunk, at, taken));
        }
        noteSplits(cuts);
        return List.copyOf(chunks);
    }

    private void noteSplits(List<List<Key>> cuts) {
        long split = cuts.stream().filter(c -> !c.isEmpty()).count();
        if (unit != ChunkBy.KEY && split > 0) {
            notes.add(split + (split == 1 ? " chunk is" : " chunks are")
                    + " split by a sample of keys, as strategy.chunk_size wishes.");
        }
        if (unit != ChunkBy.KEY && split < cuts.size()) {
            notes.add((cuts.size() - split) + " more would be larger than strategy.chunk_size wishes, but the sample of"
                    + " the table holds too few of their rows to say where to cut them; idle workers share what is"
                    + " left of a large chunk.");
        }
    }

    private static String unused(String id, Set<String> taken) {
        String unused = id;
        while (!taken.add(unused)) {
            unused += "'";
        }
        return unused;
    }

    private List<PlannedChunk> pieces(PlannedChunk chunk, List<Key> cuts, Set<String> taken) {
        if (cuts.isEmpty() && unit != ChunkBy.KEY) {
            return List.of(chunk);
        }
        int count = cuts.size() + 1;
        String format = (unit == ChunkBy.KEY ? "%s-" : "%s.p") + "%0"
                + Integer.toString(count).length() + "d";
        return IntStream.range(0, count)
                .mapToObj(i -> new PlannedChunk(
                        unused(String.format(Locale.ROOT, format, chunk.id(), i + 1), taken),
                        chunk.start(),
                        chunk.end(),
                        chunk.extent()
                                .within(new KeyRange(
                                        i == 0 ? null : cuts.get(i - 1), i == cuts.size() ? null : cuts.get(i))),
                        (chunk.estimatedRows() + count - 1) / count))
                .toList();
    }
}
