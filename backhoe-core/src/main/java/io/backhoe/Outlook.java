package io.backhoe;

import io.backhoe.database.Database;
import io.backhoe.database.DatabaseException;
import io.backhoe.database.ErrorKind;
import io.backhoe.database.Lineage;
import io.backhoe.database.QueryPlan;
import io.backhoe.database.Session;
import io.backhoe.database.Sizes;
import io.backhoe.database.TableFacts;
import io.backhoe.plan.Forecast;
import io.backhoe.plan.ForecastModel;
import io.backhoe.plan.ForecastSample;
import io.backhoe.plan.Plan;
import io.backhoe.plan.Planner;
import io.backhoe.run.batch.Batch;
import io.backhoe.run.batch.BatchLook;
import io.backhoe.run.batch.BatchStatements;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.Deadline;
import io.backhoe.value.ExitCode;
import io.backhoe.value.KeyRange;
import io.backhoe.value.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds out how a plan will go: how the server would execute its batches, and what they will take. */
final class Outlook {
    private static final int LOOK_ROWS = 1_000;

    private static final long MEGABYTE = 1L << 20;

    /** Volatile, but without an effect that a rollback would leave. */
    private static final Set<String> WITHOUT_EFFECT = Set.of(
            "clock_timestamp()",
            "gen_random_uuid()",
            "random()",
            "random_normal()",
            "statement_timestamp()",
            "timeofday()",
            "uuidv4()",
            "uuidv7()");

    private final Database database;
    private final Plan plan;
    private final Time time;
    private final Map<String, String> explained = new LinkedHashMap<>();
    private final List<String> notes = new ArrayList<>();
    private long expectedChanged = -1;

    Outlook(Database database, Plan plan, Time time) {
        this.database = database;
        this.plan = plan;
        this.time = time;
    }

    /**
     * @return the plan with its forecast, execution plans, and notes of what was found
     * @throws BackhoeException when its batches would scan the table, or do not work
     */
    Plan find(PlanOptions options) {
        var settings = new HashMap<>(plan.session());
        settings.put("lock_timeout", "500ms");
        // Rows that a rehearsal locks are locked for others too.
        settings.put("statement_timeout", "1s");
        try (var session = database.open("backhoe/rehearsal", settings)) {
            look(session);
            TableFacts table = database.table(session, plan.spec().scope().table());
            Lineage lineage = lineage(session, table);
            Sizes sizes = database.sizes(session, table.name());
            @Nullable String not = options.rehearse() ? reasonNotTo(session, table) : "not asked for";
            List<ForecastSample> samples = List.of();
            if (not == null) {
                var rehearsal = new Rehearsal(database, plan, session, time);
                options.said().accept("rehearsing 3 batches of " + rehearsal.rows() + " rows; rolled back");
                not = rehearse(session, rehearsal, table);
                samples = rehearsal.samples();
                notes.addAll(rehearsal.notes());
            }
            if (not != null && options.rehearse()) {
                options.said().accept("not rehearsed: " + not);
            }
            var model = new ForecastModel(plan, sizes, expectedChanged, samples);
            var forecast = model.forecast(samples.isEmpty() ? not : null);
            refuseWithoutRoom(forecast);
            lookAtTheClock(forecast);
            return plan.with(forecast, explained, lineage, notes);
        }
    }

    /** Asked while it is planned, because a run needs no right to make a view; null where it cannot be told. */
    private @Nullable Lineage lineage(Session session, TableFacts table) {
        var transform = plan.spec().requiredTransform();
        if (transform.function() != null || transform.source() != null) {
            return null;
        }
        try {
            return database.lineage(session, Planner.shapeOf(plan, table));
        } catch (DatabaseException e) {
            switch (e.kind()) {
                case PERMISSION, TIMEOUT, LOCK_TIMEOUT, TRANSIENT, STATEMENT -> {
                    notes.add("The server could not be asked which columns the expressions read: " + e.getMessage());
                    return null;
                }
                default -> throw e;
            }
        }
    }

    /** The forecast of what should be free has its margin. */
    private void refuseWithoutRoom(Forecast forecast) {
        Long free = plan.spec().server().diskFree();
        if (free != null && free < forecast.diskBytes()) {
            throw new BackhoeException(
                    ExitCode.REFUSED,
                    "disk_too_small",
                    "For " + plan.spec().scope().table() + " " + forecast.diskBytes() / MEGABYTE
                            + " MB should be free, one and a half times what the run is forecast to take, and"
                            + " server.disk_free says " + free / MEGABYTE + " MB. Nothing was changed.",
                    "Make room, and say so in server.disk_free; or narrow the scope, and let vacuum work in between.");
        }
    }

    private void lookAtTheClock(Forecast forecast) {
        var pacing = plan.spec().pacing();
        var deadline = pacing.deadline();
        if (deadline == null) {
            return;
        }
        var now = time.now();
        var room = deadline.room(now, pacing.runBetween());
        long needed = (forecast.durationMillis().low() + 999) / 1_000;
        if (!now.isBefore(deadline.instant())) {
            notes.add("deadline " + deadline + " has passed already.");
            return;
        }
        String rates = rates(forecast, deadline, room);
        if (needed > room.toSeconds()) {
            notes.add(String.format(
                    Locale.ROOT,
                    "deadline %s cannot be met, even if it begins now: %,d s are left for work until then, and at least %,d s"
                            + " are forecast. %s. policy and strategy.parallelism make it faster, at others' cost.",
                    deadline,
                    room.toSeconds(),
                    needed,
                    rates));
        } else {
            notes.add("deadline " + deadline + ": " + rates + ", if it begins now.");
        }
    }

    /** What is needed against what is forecast. */
    private static String rates(Forecast forecast, Deadline deadline, Duration room) {
        long rows = forecast.rowsExamined();
        var took = forecast.durationMillis();
        String needed = room.isZero()
                ? "No time is left for work"
                : String.format(Locale.ROOT, "%,d rows/s are needed", deadline.rate(rows, room));
        return String.format(
                Locale.ROOT,
                "%s, %,d to %,d rows/s are forecast when nothing holds it back",
                needed,
                1_000 * rows / Math.max(1, took.high()),
                1_000 * rows / Math.max(1, took.low()));
    }

    /** @return why there is nothing to go by, or null */
    private @Nullable String rehearse(Session session, Rehearsal rehearsal, TableFacts table) {
        try {
            rehearsal.over(Spot.spread(database, session, plan, table));
        } catch (DatabaseException e) {
            if (e.kind() != ErrorKind.PERMISSION) {
                throw e;
            }
            return "the role may not do it: " + e.getMessage();
        }
        return rehearsal.samples().isEmpty() ? "no batch could be tried" : null;
    }

    /** What a rollback does not take back must not happen for a rehearsal. */
    private @Nullable String reasonNotTo(Session session, TableFacts table) {
        if (!database.missingRights(session, table, Planner.shapeOf(plan, table))
                .isEmpty()) {
            return "the role may not run this plan";
        }
        var transform = plan.spec().transform();
        if (transform != null && transform.source() != null) {
            return "whoever inserts one of its rows would wait for it, and numbers of sequences are not given back";
        }
        if (plan.spec().records() != null) {
            return "the records of its file are read when the run begins";
        }
        if (transform != null && transform.function() != null) {
            return transform.function().who()
                    + " does the work, and what it does outside of the database would not be rolled back";
        }
        if (!table.triggers().isEmpty()) {
            return "triggers fire for each row (" + String.join(", ", table.triggers())
                    + "), and what they do outside of the database would not be rolled back";
        }
        var functions = database.volatileFunctions(session, Planner.shapeOf(plan, table)).stream()
                .filter(f -> !WITHOUT_EFFECT.contains(f))
                .toList();
        return functions.isEmpty()
                ? null
                : "the expressions call " + String.join(", ", functions)
                        + ", which may do what is not rolled back, as a sequence is not";
    }

    /** In a transaction that is rolled back, because the table of before-images has to be there to be planned for. */
    private void look(Session session) {
        var transform = plan.spec().transform();
        if (plan.spec().records() != null || (transform != null && transform.perChunk() != null)) {
            return;
        }
        var sql = plan.sql().withImages("pg_temp.backhoe_image");
        var statements = BatchStatements.run(sql, 0);
        try {
            var spot = Spot.inLargestChunk(session, plan);
            session.begin(Session.Isolation.READ_COMMITTED);
            String create = sql.images();
            if (create != null) {
                session.execute(create);
            }
            sql.makeTables(session, 0);
            look(session, spot.batch(statements), spot);
        } catch (DatabaseException e) {
            switch (e.kind()) {
                case PERMISSION, TIMEOUT, LOCK_TIMEOUT, TRANSIENT, BAD_ROW, STATEMENT ->
                    notes.add("The server could not be asked how it would execute a batch: " + e.getMessage());
                default -> throw e;
            }
        } finally {
            session.rollback();
        }
    }

    private void look(Session session, Batch batch, Spot spot) {
        var look = new BatchLook(database, plan);
        var statements = batch.statements();
        var rest = spot.rest();
        var boundary = batch.boundary(session, rest, LOOK_ROWS);
        explain("boundary", look.refuseScan(session, batch, "boundary", statements.boundary(), rest, LOOK_ROWS));
        if (boundary == null) {
            return;
        }
        var range = new KeyRange(spot.after(), boundary.last());
        String capture = statements.capture();
        if (capture != null) {
            explain("capture", look.refuseScan(session, batch, "capture", capture, range, LOOK_ROWS));
        }
        explainWork(session, batch, range);
        explain("write", look.refuseScan(session, batch, "write", statements.write(), range, LOOK_ROWS));
        // The undo is not asked about: it finds rows by the key, whose index the table has, from a table of
        // before-images
        // that is still empty, and what the server would do with an empty one says nothing about a full one.
        expectedChanged = expected(session, batch, spot);
    }

    /** A statement of the user's own is what it is; that the server cannot read it is better known now. */
    private void explainWork(Session session, Batch batch, KeyRange range) {
        var call = batch.statements().call();
        String work = call == null ? null : call.work();
        if (work == null) {
            return;
        }
        try {
            explain(
                    "work",
                    database.explain(
                            session,
                            plan.spec().scope().table(),
                            plan.access().keyset().get(0),
                            work,
                            batch.parameters(range)));
        } catch (DatabaseException e) {
            if (e.kind() != ErrorKind.STATEMENT && e.kind() != ErrorKind.BAD_ROW) {
                throw e;
            }
            throw new BackhoeException(
                    ExitCode.USAGE,
                    "sql_not_valid",
                    "The server does not take the statement of transform.sql: " + e.getMessage()
                            + ". Nothing was changed.",
                    "Mend it, and plan again; backhoe plan --sql shows it as it is executed.",
                    e);
        }
    }

    private void explain(String name, QueryPlan how) {
        explained.put(name, how.text().replace("backhoe_image", "before_image_{run}"));
    }

    /** What the statistics make of the conditions, from the largest chunk to all. */
    private long expected(Session session, Batch batch, Spot spot) {
        long inChunk = spot.chunk().estimatedRows();
        QueryPlan whole = database.explain(
                session,
                plan.spec().scope().table(),
                plan.access().keyset().get(0),
                batch.statements().write(),
                batch.parameters(spot.chunk().extent().keys()));
        if (inChunk < 1 || whole.table().size() != 1) {
            return -1;
        }
        long all = plan.chunks().stream()
                .mapToLong(c -> Math.max(0, c.estimatedRows()))
                .sum();
        return Math.round(Math.min(1, whole.table().get(0).rows() / inChunk) * all);
    }
}
