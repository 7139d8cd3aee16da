package io.backhoe.plan;

import static java.util.Objects.requireNonNull;

import io.backhoe.database.BatchShape;
import io.backhoe.database.BatchSql;
import io.backhoe.database.Database;
import io.backhoe.database.DmlStatement;
import io.backhoe.database.ServerFacts;
import io.backhoe.database.TableFacts;
import io.backhoe.spec.Spec;
import io.backhoe.spec.Spec.Function.Per;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import io.backhoe.value.KeyRange;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who does the work of a plan: SQL, or a function of the program that will run it. */
final class PlannedWork {
    private final Database database;
    private final Spec.@Nullable Function function;

    PlannedWork(Database database, Spec.@Nullable Function function) {
        this.database = database;
        this.function = function;
    }

    /** Whether before-images are kept: not of what a function does somewhere outside of our transactions. */
    static boolean keepsImages(Spec spec) {
        return spec.rollback().keepImages() && !perChunk(spec);
    }

    private static boolean perChunk(Spec spec) {
        return spec.transform() != null && spec.transform().perChunk() != null;
    }

    BatchSql sql(ServerFacts server, TableFacts table, BatchShape shape) {
        if (function == null) {
            return database.sql(server, table, shape);
        }
        if (function.rows() != null) {
            return database.sqlOfRows(server, table, shape, function.rows().reads());
        }
        if (function.statement() != null) {
            BatchSql around = database.sqlAroundCall(table, shape);
            var statement = new DmlStatement(function.statement().sql());
            refuseEndless(function.statement(), statement, table);
            refuseDeleting(statement, table);
            refuseInserting(statement, table, shape);
            return around.doing(statement.on(requireNonNull(around.call()).rows()));
        }
        if (function.per() == Per.BATCH) {
            return database.sqlAroundCall(table, shape);
        }
        BatchSql sql = database.sql(server, table, shape);
        return new BatchSql(
                sql.boundary(),
                null,
                "-- the work is done outside, chunk by chunk",
                false,
                null,
                null,
                null,
                null,
                null,
                null);
    }

    /** A function that is called for a chunk is told its dates, and nothing else. */
    void refuseChunks(List<PlannedChunk> chunks) {
        if (function != null && function.statement() != null) {
            refuseChunks(chunks, new DmlStatement(function.statement().sql()));
        }
        if (function == null || function.per() == Per.BATCH) {
            return;
        }
        boolean dated = chunks.stream()
                .allMatch(c -> c.start() != null
                        && c.end() != null
                        && c.extent().keys().equals(KeyRange.ALL)
                        && c.extent().partition() == null);
        if (!dated) {
            throw new BackhoeException(
                    ExitCode.REFUSED,
                    "chunk_function_needs_dates",
                    "What does the work, " + function.who() + ", is told the start and the end of each chunk, and these"
                            + " chunks are, or are cut into, stretches of keys. Nothing was changed.",
                    "Write strategy.chunk_by as a unit of the calendar, and leave out chunk_size"
                            + (function.command() == null
                                    ? "; or let the function be called for each batch (per: batch)."
                                    : "."));
        }
    }

    /** A row that a batch puts behind its own last one is a row of a later batch. */
    private static void refuseEndless(Spec.Statement how, DmlStatement statement, TableFacts table) {
        if (!how.wholeChunks() && statement.insertsInto(table.name())) {
            throw new BackhoeException(
                    ExitCode.REFUSED,
                    "sql_feeds_itself",
                    "The statement of transform.sql inserts into " + table.name()
                            + ", which is what its batches walk: later batches would come across the rows of earlier ones,"
                            + " and insert for them too. Nothing was changed.",
                    "Fill the gaps of the table from a query (strategy.type: gap_fill), which can be taken back; or write"
                            + " per: chunk with rollback.strategy: none, where the rows of a chunk are those that it has when"
                            + " it begins.");
        }
    }

    /** Undo restores columns of rows that are there. */
    private static void refuseDeleting(DmlStatement statement, TableFacts table) {
        if (statement.deletesFrom(table.name())) {
            throw new BackhoeException(
                    ExitCode.REFUSED,
                    "sql_deletes_rows",
                    "The statement of transform.sql deletes rows of " + table.name()
                            + ", of which no undo would be possible. Nothing was changed.",
                    "Write a query that yields the rows that are to stay, with transform.into: replace, which deletes the others"
                            + " of each chunk and can be taken back (docs/derived_tables.md); or have the statement mark the rows"
                            + " in a column.");
        }
    }

    /** Undo takes back values of rows that were there; a row that came would stay, and the run be called taken back. */
    private static void refuseInserting(DmlStatement statement, TableFacts table, BatchShape shape) {
        if (shape.keepImages() && statement.insertsInto(table.name())) {
            throw new BackhoeException(
                    ExitCode.REFUSED,
                    "sql_inserts_rows",
                    "The statement of transform.sql inserts rows into " + table.name()
                            + ", which a rollback would neither see nor take out again. Nothing was changed.",
                    "Fill the gaps of the table from a query (strategy.type: gap_fill, docs/gap_fill.md), or make each stretch of"
                            + " it what a query yields (transform.into: replace or upsert, docs/derived_tables.md): both can be"
                            + " taken back. Or do without undo: rollback.strategy: none.");
        }
    }

    private static void refuseChunks(List<PlannedChunk> chunks, DmlStatement statement) {
        boolean fit = chunks.stream()
                .allMatch(c -> c.extent().partition() == null
                        && (!statement.isBounded() || c.extent().dates() != null)
                        && (statement.namesRows()
                                || (c.extent().dates() != null
                                        && c.extent().keys().equals(KeyRange.ALL))));
        if (!fit) {
            throw new BackhoeException(
                    ExitCode.REFUSED,
                    "sql_does_not_fit_chunks",
                    "The statement of transform.sql is bounded by "
                            + (statement.namesRows() ? "{{rows}}" : ":chunk_start and :chunk_end")
                            + ", and these chunks are, or are cut into, what that does not tell: partitions, or stretches of keys."
                            + " Nothing was changed.",
                    "Write strategy.chunk_by as a unit of the calendar, and leave out chunk_size; with {{rows}} alone chunks may"
                            + " be stretches of keys.");
        }
    }

    private static String ofSql(Spec.Statement statement) {
        return "The work is the statement of transform.sql, executed "
                + (statement.wholeChunks()
                        ? "once for each chunk, in one transaction, which locks all that it writes until the chunk is done."
                        : "for each batch, in its transaction.")
                + " What it does to other tables, other columns, or rows of this table outside of the range is neither kept for"
                + " undo nor counted.";
    }

    List<String> notes() {
        var notes = new ArrayList<String>();
        if (function == null) {
            return notes;
        }
        if (function.statement() != null) {
            notes.add(ofSql(function.statement()));
            return notes;
        }
        if (function.rows() != null) {
            notes.add(ofRows(function, function.rows()));
            return notes;
        }
        notes.add(
                function.command() == null
                        ? "The work is " + function.who() + ", called for each "
                                + function.per().word() + ": only a program that has it can run this plan."
                        : "The work is " + function.who()
                                + ", started for each chunk on the machine that runs this plan,"
                                + " with the environment of the run.");
        if (function.per() == Per.CHUNK) {
            notes.add(
                    "At least once: a chunk that was under way when its process died is done again from its start, so "
                            + (function.command() == null ? "the function" : "the command")
                            + " must be able to repeat itself. What it does is not kept for undo, and not counted by Backhoe.");
        }
        return notes;
    }

    private static String ofRows(Spec.Function function, Spec.Rows rows) {
        if (function.command() != null) {
            return "The work is " + function.who()
                    + ", started for each worker on the machine that runs this plan, with the"
                    + " environment of the run. It is given " + String.join(", ", rows.reads())
                    + " of each row and says what it becomes; rows are written by the statements of this plan.";
        }
        return "The work is " + function.who() + ", which is given " + String.join(", ", rows.reads())
                + " of each row and says what it becomes, for each batch; rows are written by the statements of this plan. "
                + (rows.jar() == null
                        ? "Only a program that has it can run this plan."
                        : "It is of a jar with " + rows.jar()
                                + ": only with that one (--plugin) can this plan be run.");
    }
}
