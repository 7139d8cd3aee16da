package io.backhoe.plan;

import io.backhoe.assess.QueryColumns;
import io.backhoe.assess.SourceGaps;
import io.backhoe.database.BatchShape;
import io.backhoe.database.ColumnFacts;
import io.backhoe.database.Database;
import io.backhoe.database.DatabaseException;
import io.backhoe.database.ErrorKind;
import io.backhoe.database.Session;
import io.backhoe.database.TableFacts;
import io.backhoe.spec.SourceQuery;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ChunkRange;
import io.backhoe.value.ExitCode;
import io.backhoe.value.SqlName;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What is planned otherwise where a query yields whole rows. For one plan. */
final class PlannedSource {
    private static final int PERIODS_NAMED = 12;

    /** A chunk whose query costs more than this part of the whole query's evaluates all of it. */
    private static final double ALL_OF_IT = 0.5;

    /** Of fewer chunks each is so large a part that it may well be read by reading everything. */
    private static final int FEW_CHUNKS = 6;

    /** In the server's units, of which 1 is a page read in order: what costs less may be evaluated again and again. */
    private static final double CHEAP = 1_000;

    private final Database database;
    private final Session session;
    private final TableFacts table;
    private final SourceQuery source;
    private final List<String> notes = new ArrayList<>();

    /** @param source as resolved */
    PlannedSource(Database database, Session session, TableFacts table, SourceQuery source) {
        this.database = database;
        this.session = session;
        this.table = table;
        this.source = source;
    }

    /** What a reviewer should know; complete once the chunks are made. */
    List<String> notes() {
        return notes;
    }

    /** The walk is over the rows of the query; the index is the one that tells which of them are there. */
    AccessPath access(ColumnFacts dates) {
        var byKey = AccessPath.choose(table, BatchShape.Chunks.KEYS, null);
        var keyset = QueryColumns.keyset(source, dates);
        if (source.into() != null) {
            new DerivedFit(session, table, source).refuseUnfit(dates);
        }
        var unique = table.uniqueOver(source.key());
        if (unique.isPresent()) {
            return new AccessPath(unique.get(), keyset, null);
        }
        if (source.into() != null) {
            throw new BackhoeException(
                    ExitCode.REFUSED,
                    "key_not_unique",
                    "No unique index of " + table.name() + " is over the columns that tell the query's rows apart ("
                            + String.join(", ", source.key())
                            + "), so that a row of the query would be several there, or"
                            + " none. Nothing was changed.",
                    "Name the columns of a unique index in transform.key, or build one CONCURRENTLY.");
        }
        String columns = source.key().stream().map(SqlName::quote).collect(Collectors.joining(", "));
        return new AccessPath(
                byKey.index(),
                keyset,
                "No unique index is over (" + columns + "): so that nobody inserts the same rows meanwhile, each batch"
                        + " locks the table against writes of others (SHARE ROW EXCLUSIVE), and workers take turns. CREATE"
                        + " UNIQUE INDEX CONCURRENTLY ON " + SqlName.quote(table.name()) + " (" + columns
                        + ") makes that needless.");
    }

    void refuseVolatile(BatchShape shape) {
        var functions = database.volatileFunctions(session, shape);
        if (!functions.isEmpty()) {
            throw new BackhoeException(
                    ExitCode.REFUSED,
                    "query_volatile",
                    "transform.query calls " + String.join(", ", functions)
                            + ", which gives another value each time: the"
                            + " rows that are looked at would not be those that are inserted. Nothing was changed.",
                    "Leave such a column to its DEFAULT in the table, or compute it by a function that is stable.");
        }
    }

    /** With what the query yields for each as its estimate; of periods that are expected to have rows those without any. */
    List<PlannedChunk> chunks(List<PlannedChunk> all, BatchShape shape) {
        var gaps = new SourceGaps(session, database.gapSql(table, shape));
        var chunks = source.expect() == null
                ? all
                : withoutRows(all, gaps, source.expect().word());
        lookAtTheCost(all, gaps.sql().source());
        sayWhatFollows(shape);
        return counted(chunks, gaps);
    }

    private List<PlannedChunk> withoutRows(List<PlannedChunk> all, SourceGaps gaps, String period) {
        var empty = gaps.empty(all.stream().map(PlannedSource::dates).toList());
        if (empty.isEmpty()) {
            throw new BackhoeException(
                    ExitCode.REFUSED,
                    "nothing_missing",
                    "Every " + period + " of the scope has rows in " + table.name()
                            + ": there is nothing to fill. Nothing" + " was changed.",
                    "Leave out strategy.expect to look for single rows that are missing.");
        }
        notes.add(String.format(
                Locale.ROOT,
                "Of %,d periods (%s) %,d have no rows and are chunks here; the others have some and are left alone.",
                all.size(),
                period,
                empty.size()));
        return IntStream.range(0, all.size())
                .filter(empty::contains)
                .mapToObj(all::get)
                .toList();
    }

    private List<PlannedChunk> counted(List<PlannedChunk> chunks, SourceGaps gaps) {
        var counted = new ArrayList<PlannedChunk>();
        var where = new ArrayList<String>();
        var sum = SourceGaps.Count.NONE;
        try {
            for (PlannedChunk chunk : chunks) {
                var count = gaps.count(dates(chunk));
                sum = sum.and(count);
                if (count.missing() > 0) {
                    where.add(count.lacking(chunk.id()));
                }
                counted.add(new PlannedChunk(chunk.id(), chunk.start(), chunk.end(), chunk.extent(), count.expected()));
            }
        } catch (DatabaseException e) {
            if (e.kind() != ErrorKind.TIMEOUT) {
                throw e;
            }
            notes.add("What is missing could not be counted: the query took longer than a minute for one chunk. The"
                    + " numbers of rows here are those of the table as it is.");
            return chunks;
        }
        notes.add(said(sum, where));
        return counted;
    }

    private String said(SourceGaps.Count sum, List<String> where) {
        String periods = where.isEmpty()
                ? ""
                : ": " + String.join(", ", where.subList(0, Math.min(PERIODS_NAMED, where.size())))
                        + (where.size() > PERIODS_NAMED ? " and " + (where.size() - PERIODS_NAMED) + " more" : "");
        String keyless = sum.keyless() == 0
                ? ""
                : String.format(
                        Locale.ROOT,
                        " %,d more have no key, because a column of it is NULL: they are never inserted.",
                        sum.keyless());
        return String.format(
                Locale.ROOT,
                "Gap map: the query yields %,d rows, of which the table lacks "
                        + (source.into() == null ? "" : "or holds differently ") + "%,d%s.%s%s",
                sum.expected(),
                sum.missing(),
                periods,
                sum.surplus() == 0
                        ? ""
                        : String.format(Locale.ROOT, " %,d rows that it does not yield are deleted.", sum.surplus()),
                keyless);
    }

    private void lookAtTheCost(List<PlannedChunk> chunks, String rows) {
        if (chunks.size() < FEW_CHUNKS) {
            return;
        }
        var whole = new ChunkRange(
                dates(chunks.get(0)).start(),
                dates(chunks.get(chunks.size() - 1)).end());
        double all = cost(rows, whole);
        double one = cost(rows, dates(chunks.get(chunks.size() / 2)));
        if (one > CHEAP && one > all * ALL_OF_IT) {
            notes.add("The range of a chunk does not reach into the query: the server would evaluate all of it for each"
                    + " batch (cost " + Math.round(one) + " for a chunk, " + Math.round(all)
                    + " for the whole scope). A date column that is yielded as it stands in an indexed table, or that the"
                    + " query groups by, lets it read the chunk's rows alone.");
        }
    }

    /** Of all rows of these dates. */
    private double cost(String rows, ChunkRange dates) {
        return database.cost(
                session,
                rows,
                Map.of("chunk_start", dates.start(), "chunk_end", dates.end(), "batch_rows", "1000000000"));
    }

    private void sayWhatFollows(BatchShape shape) {
        var follows = database.setsOff(session, table.name());
        if (!follows.triggers().isEmpty()) {
            notes.add("Triggers fire when rows are inserted, or deleted by an undo: "
                    + String.join(", ", follows.triggers()) + ". What they do elsewhere is not undone.");
        }
        Cascades.refuse(follows, table.name(), source, "Nothing was changed.");
        if (!follows.cascades().isEmpty() && shape.keepImages()) {
            notes.add("Rows that others refer to cannot be deleted without theirs: as long as there is "
                    + String.join(", ", follows.cascades()) + ", which cascades, this cannot be rolled back.");
        }
    }

    private static ChunkRange dates(PlannedChunk chunk) {
        return Objects.requireNonNull(chunk.extent().dates(), "a chunk of the calendar without dates");
    }
}
