package io.backhoe.plan;

import io.backhoe.assess.PassedOver;
import io.backhoe.assess.QueryColumns;
import io.backhoe.assess.RecordColumns;
import io.backhoe.assess.Unwatched;
import io.backhoe.assess.Workers;
import io.backhoe.database.BatchShape;
import io.backhoe.database.BatchSql;
import io.backhoe.database.ColumnFacts;
import io.backhoe.database.Database;
import io.backhoe.database.ServerFacts;
import io.backhoe.database.Session;
import io.backhoe.database.TableFacts;
import io.backhoe.spec.Spec;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ChunkExtent;
import io.backhoe.value.ExitCode;
import io.backhoe.value.SqlName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Resolves a spec against the live table. Changes nothing. Thread-safe. */
public final class Planner {
    /** A batch reads so many rows again at most, at each of its ends. */
    private static final long MOST_OF_ONE_VALUE = 5_000;

    /** In shorter ones the hash that the server then makes for a join costs as much as it saves. */
    private static final Duration LONG_BATCH = Duration.ofSeconds(1);

    private static final int NEWEST_KNOWN = 18;
    private static final long MOST_ROWS_READ = 200_000_000;

    private final Database database;

    public Planner(Database database) {
        this.database = database;
    }

    /**
     * @param warnings of reading the spec; they become notes
     * @throws BackhoeException when the spec cannot be carried out on this table as it is
     */
    public Plan plan(Spec spec, List<String> warnings) {
        return plan(spec, warnings, null);
    }

    /** @param chosen the records that name the rows; null where the scope alone does */
    public Plan plan(Spec spec, List<String> warnings, @Nullable ChosenRecords chosen) {
        try (var session = database.open("backhoe/plan", settings(spec))) {
            ServerFacts server = database.server(session);
            refuseServer(server);
            TableFacts table = database.table(session, spec.scope().table());
            var notes = new ArrayList<>(warnings);
            var chunking = new Chunking(database, session, spec, table);
            var transform = transform(session, spec, table, chunking);
            var rows =
                    transform.source() == null ? null : new PlannedSource(database, session, table, transform.source());
            var access = access(table, chunking, rows, chosen);
            boolean spread = spread(session, table, spec, transform, access.keyset());
            var shape = shape(spec, transform, table, chunking.kind(), chunking.chunkColumn(), access.keyset(), spread);
            var work = new PlannedWork(database, transform.function());
            // First, because it tells of a misspelt column, which nothing else can be asked about.
            var sql = work.sql(server, table, shape);
            notes.addAll(check(session, table, shape));
            if (rows != null) {
                rows.refuseVolatile(shape);
            } else if (sql.repeatableRead()) {
                refuseVolatile(session, shape);
            }
            var chunks = chosen == null
                    ? chunks(session, table, shape, chunking, rows)
                    : chunking.chunks(chosen.cuts(), chosen.rows());
            work.refuseChunks(chunks);
            notes.addAll(chunking.notes());
            notes.addAll(rows == null ? List.of() : rows.notes());
            notes.addAll(chosen == null ? List.of() : chosen.notes());
            notes.addAll(work.notes());
            notes.addAll(notes(server, table, access, shape));
            notes.addAll(more(session, table, access, chunking.chunkColumn(), spec));
            return new Plan(
                            Plan.VERSION,
                            resolved(spec, transform, table, chunking),
                            new Plan.Access(
                                    access.index().name(),
                                    access.keyset(),
                                    table.key(),
                                    database.widths(session, table).image(table.key(), weighed(transform)),
                                    spread),
                            pins(session, spec),
                            sql,
                            chunks,
                            notes,
                            Drift.relevant(
                                    table.fingerprint(),
                                    access.index().name(),
                                    chunking.unit(),
                                    transform.source() != null),
                            "")
                    .hashed();
        }
    }

    /** A query means by a date what the run's sessions mean by it. */
    private static Map<String, String> settings(Spec spec) {
        var settings = new LinkedHashMap<>(Map.of("statement_timeout", "60s", "lock_timeout", "2s"));
        if (spec.requiredTransform().source() != null) {
            settings.put("TimeZone", spec.scope().timezone().getId());
        }
        return settings;
    }

    /** As it stands in the plan. */
    private Spec.Transform transform(Session session, Spec spec, TableFacts table, Chunking chunking) {
        var transform = spec.requiredTransform();
        ColumnFacts dates = chunking.chunkColumn();
        return transform.source() == null || dates == null
                ? transform
                : QueryColumns.resolve(database, session, transform.source(), table, dates);
    }

    private static AccessPath access(
            TableFacts table, Chunking chunking, @Nullable PlannedSource rows, @Nullable ChosenRecords chosen) {
        if (rows != null) {
            return rows.access(Objects.requireNonNull(chunking.chunkColumn()));
        }
        return chosen == null
                ? AccessPath.choose(table, chunking.kind(), chunking.chunkColumn())
                : AccessPath.by(table, chosen.key());
    }

    private List<PlannedChunk> chunks(
            Session session, TableFacts table, BatchShape shape, Chunking chunking, @Nullable PlannedSource rows) {
        var chunks = chunking.chunks(shape);
        if (rows != null) {
            return rows.chunks(chunks, shape);
        }
        refuseToReadAllAgain(session, table, shape, chunks);
        return chunks;
    }

    /** What the batches of a plan do, for whoever looks at a plan that was made. */
    public static BatchShape shapeOf(Plan plan, TableFacts table) {
        String dates = plan.spec().scope().dateColumn();
        return shape(
                plan.spec(),
                plan.spec().requiredTransform(),
                table,
                Chunking.kindOf(plan.spec().strategy().chunkBy()),
                dates == null ? null : table.column(dates).orElseThrow(),
                plan.access().keyset(),
                plan.access().spread());
    }

    /** The statements that a plan of this spec would have on the table as it is. */
    public static BatchSql sqlOf(Plan plan, Database database, ServerFacts server, TableFacts table) {
        return new PlannedWork(database, plan.spec().requiredTransform().function())
                .sql(server, table, shapeOf(plan, table));
    }

    /** What taking back needs of it: the key and the columns that are set, whatever else has become of the table. */
    public static BatchShape undoShapeOf(Plan plan, TableFacts table) {
        return shape(
                plan.spec(),
                plan.spec().requiredTransform(),
                table,
                Chunking.kindOf(plan.spec().strategy().chunkBy()),
                null,
                plan.access().key(),
                false);
    }

    static void refuseServer(ServerFacts server) {
        if (server.pooled()) {
            throw new BackhoeException(
                    ExitCode.REFUSED,
                    "pooler_in_between",
                    "A connection pooler stands between here and " + server.product()
                            + ": the lock that keeps two executors apart does not hold through it. Nothing was changed.",
                    "Connect to the server itself (its own host and port).");
        }
        if (server.readOnly()) {
            throw new BackhoeException(
                    ExitCode.REFUSED,
                    "server_read_only",
                    "Database " + server.database()
                            + " takes no writes here (a standby, or default_transaction_read_only).",
                    "Connect to the primary.");
        }
    }

    /** Of a spec of which nothing is planned yet, by a key. */
    static BatchShape shape(Spec spec, TableFacts table, @Nullable ColumnFacts dates, List<String> keyset) {
        return shape(spec, spec.requiredTransform(), table, BatchShape.Chunks.KEYS, dates, keyset, false);
    }

    /** Whether a batch may look at all rows that share the first value of its ends, as those of a single key never do. */
    private boolean spread(
            Session session, TableFacts table, Spec spec, Spec.Transform transform, List<String> keyset) {
        var batchTime = spec.pacing().effectivePolicy().batchTime();
        if (keyset.size() == 1 || transform.source() != null || batchTime.compareTo(LONG_BATCH) < 0) {
            return false;
        }
        long most = database.mostOfOneValue(session, table, keyset.get(0));
        return most >= 0 && most <= MOST_OF_ONE_VALUE;
    }

    private static BatchShape shape(
            Spec spec,
            Spec.Transform transform,
            TableFacts table,
            BatchShape.Chunks chunks,
            @Nullable ColumnFacts chunkColumn,
            List<String> keyset,
            boolean spread) {
        return new BatchShape(
                table.name(),
                chunks,
                chunkColumn,
                table.columns(keyset),
                table.columns(table.key()),
                transform.set(),
                transform.from(),
                transform.on(),
                spec.scope().where(),
                spec.strategy().preserveExisting(),
                transform.missingWhen(),
                PlannedWork.keepsImages(spec),
                spec.corrects(),
                RecordColumns.of(spec, table),
                QueryColumns.shape(transform, table),
                spread);
    }

    /** Whoever may read may plan; what a run needs besides is said, and refused when it runs. */
    private List<String> check(Session session, TableFacts table, BatchShape shape) {
        var missing = database.missingRights(session, table, shape);
        if (missing.stream().anyMatch(Planner::forbidsReading)) {
            throw rightsMissing(table, missing);
        }
        database.verify(session, table, shape);
        return missing.isEmpty()
                ? List.of()
                : List.of(
                        "The role may not run this plan, only read for it. Before a run: " + String.join(" ", missing));
    }

    private static boolean forbidsReading(String grant) {
        return grant.startsWith("GRANT USAGE ON SCHEMA ")
                || (grant.startsWith("GRANT SELECT ON ") && !grant.startsWith("GRANT SELECT ON backhoe."));
    }

    /** @param missing each as the GRANT that cures it */
    public static BackhoeException rightsMissing(TableFacts table, List<String> missing) {
        return new BackhoeException(
                ExitCode.UNREACHABLE,
                "rights_missing",
                "The role may not do this on " + table.name() + ". Nothing was changed.",
                "Have the owner run: " + String.join(" ", missing)
                        + " For the ledger, backhoe ledger --sql prints what a DBA can run instead.");
    }

    private void refuseVolatile(Session session, BatchShape shape) {
        var functions = database.volatileFunctions(session, shape);
        if (!functions.isEmpty()) {
            throw new BackhoeException(
                    ExitCode.REFUSED,
                    "expression_volatile",
                    "The expressions call " + String.join(", ", functions) + ", which gives another value each time; on"
                            + " this server version the value kept for undo would not be the value written. Nothing was"
                            + " changed.",
                    "Use PostgreSQL 18 or newer, set one column with preserve_existing, or an expression that is stable.");
        }
    }

    private static List<String> notes(ServerFacts server, TableFacts table, AccessPath access, BatchShape shape) {
        var notes = new ArrayList<String>();
        if (access.note() != null) {
            notes.add(access.note());
        }
        if (table.estimatedRows() < 0) {
            notes.add("The table has never been analyzed: every number of rows here is the server's guess. ANALYZE "
                    + SqlName.quote(table.name()) + "; then plan again.");
        }
        if (!table.triggers().isEmpty() && shape.source() == null) {
            notes.add("Triggers fire for each row: " + String.join(", ", table.triggers())
                    + ". What they do elsewhere is not undone.");
        }
        if (!shape.keepImages()) {
            notes.add("rollback.strategy is none: this cannot be undone.");
        }
        if (server.major() > NEWEST_KNOWN) {
            notes.add(server.product() + " is newer than this version of Backhoe knows (" + NEWEST_KNOWN + ").");
        }
        return notes;
    }

    private List<String> more(
            Session session, TableFacts table, AccessPath access, @Nullable ColumnFacts dates, Spec spec) {
        var notes = new ArrayList<String>();
        if (dates != null && !access.index().columns().get(0).equals(dates.name())) {
            var all = database.survey(session).table(table).indexes().value();
            PassedOver.of(table, all, dates.name()).ifPresent(index -> notes.add(index.sentence()));
        }
        ProbeTrial.refuse(session, spec.pacing().throttle().probe());
        notes.addAll(Unwatched.of(database, session, spec));
        String crowded = Workers.moreThanCpus(spec);
        if (crowded != null) {
            notes.add(crowded);
        }
        return notes;
    }

    private static Spec resolved(Spec spec, Spec.Transform transform, TableFacts table, Chunking chunking) {
        var scope = spec.scope();
        var strategy = spec.strategy();
        ColumnFacts column = chunking.chunkColumn();
        return new Spec(
                spec.about(),
                spec.target(),
                new Spec.Scope(
                        table.name(),
                        column == null ? null : column.name(),
                        scope.start(),
                        scope.end(),
                        scope.timezone(),
                        scope.where(),
                        scope.estimatedRows(),
                        scope.estimatedDuration()),
                transform,
                new Spec.Strategy(
                        strategy.type(),
                        chunking.unit(),
                        strategy.chunkRows(),
                        strategy.parallelism(),
                        strategy.preserveExisting(),
                        strategy.maxRetries()),
                PlannedChecks.of(spec),
                rollback(spec),
                spec.server(),
                spec.monitoring(),
                spec.pacing(),
                spec.correction(),
                spec.after());
    }

    /** Where nothing is kept, nothing is sent anywhere. */
    private static Spec.Rollback rollback(Spec spec) {
        boolean keeps = PlannedWork.keepsImages(spec);
        Spec.Backup backup = spec.rollback().backup();
        return new Spec.Rollback(
                keeps, keeps || backup == null ? backup : new Spec.Backup(backup.location(), backup.external()));
    }

    /** What is kept of each row, and where rows are given to a function, what is held of them meanwhile. */
    private static Set<String> weighed(Spec.Transform transform) {
        var columns = new LinkedHashSet<>(transform.set().keySet());
        if (transform.function() != null && transform.function().rows() != null) {
            columns.addAll(transform.function().rows().reads());
        }
        return columns;
    }

    /** Everything that an expression's meaning hangs on is the same in every session, whoever runs the plan. */
    private static Map<String, String> pins(Session session, Spec spec) {
        var pins = new LinkedHashMap<String, String>();
        var now = session.query("""
                        SELECT current_setting('search_path'), current_setting('DateStyle'), current_user,
                               session_user = current_user
                        """, Map.of()).get(0);
        pins.put("TimeZone", spec.scope().timezone().getId());
        pins.put("DateStyle", now.required(1));
        pins.put("search_path", now.required(0));
        if (!now.yes(3)) {
            pins.put("role", now.required(2));
        }
        return pins;
    }

    /** Chunks of dates that no index reaches read the whole table each: a thing for small tables only. */
    private void refuseToReadAllAgain(Session session, TableFacts table, BatchShape shape, List<PlannedChunk> chunks) {
        ColumnFacts column = shape.chunkColumn();
        boolean reached = shape.chunks() != BatchShape.Chunks.DATES
                || shape.keyset().get(0).equals(column);
        if (reached || Math.max(0, table.estimatedRows()) * chunks.size() <= MOST_ROWS_READ) {
            return;
        }
        long each = rowsRead(session, table, column, chunks.get(chunks.size() / 2));
        if (each * chunks.size() > MOST_ROWS_READ) {
            throw new BackhoeException(
                    ExitCode.REFUSED,
                    "chunks_read_everything",
                    "No index of " + table.name() + " begins with the date column, so that each of " + chunks.size()
                            + " chunks would read about " + each + " rows. Nothing was changed.",
                    "Write strategy.chunk_by: key, which reads each row once; or build an index that begins with the"
                            + " date column, and ends in the key, CONCURRENTLY.");
        }
    }

    /** All of the table, or the partitions that the chunk's dates leave. */
    private long rowsRead(Session session, TableFacts table, @Nullable ColumnFacts column, PlannedChunk chunk) {
        var partitions = database.partitions(
                session, table.name(), column, chunk.extent().dates());
        return partitions.isEmpty()
                ? table.estimatedRows()
                : database
                        .estimateRows(
                                session,
                                table.name(),
                                null,
                                partitions.keySet().stream()
                                        .map(ChunkExtent::of)
                                        .toList())
                        .stream()
                        .mapToLong(Long::longValue)
                        .sum();
    }
}
