package io.backhoe.report;

import io.backhoe.database.Database;
import io.backhoe.database.Session;
import io.backhoe.database.TableSchemas;
import io.backhoe.ledger.RunRecord;
import io.backhoe.ledger.RunTable;
import io.backhoe.ledger.RunTotals;
import io.backhoe.plan.Plan;
import io.backhoe.value.TableName;
import java.util.LinkedHashSet;

/**
 * A run as those know it who keep track of data in many places.
 *
 * @param run as it was when this was read
 * @param ends how often it had come to an end by then: what is done to it afterwards, a retry or a rollback, is something new
 * @param done what it had done by then
 * @param table that it fills, with its schema
 * @param schemas of the table and of those that its plan reads
 */
public record KnownRun(RunRecord run, int ends, RunTotals done, Plan plan, TableName table, TableSchemas schemas) {
    /** In a session that has no transaction open. */
    public static KnownRun read(Database database, Session session, RunRecord run, Plan plan) {
        var table = TableName.parse(run.table());
        var tables = new LinkedHashSet<>(plan.tables());
        tables.add(table);
        return new KnownRun(
                run,
                RunTable.ends(session, run.id()),
                RunTotals.read(session, run.id()),
                plan,
                table,
                database.schemas(session, tables));
    }
}
