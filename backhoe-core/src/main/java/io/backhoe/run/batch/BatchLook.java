package io.backhoe.run.batch;

import io.backhoe.database.Database;
import io.backhoe.database.QueryPlan;
import io.backhoe.database.Session;
import io.backhoe.database.Sizes;
import io.backhoe.plan.Plan;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import io.backhoe.value.KeyRange;
import io.backhoe.value.SqlName;
import io.backhoe.value.TableName;
import java.util.ArrayList;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Asks the server how it would execute a batch, and refuses one that would read far more of the table than its own rows:
 * each batch would, and a run has thousands. Immutable.
 */
public final class BatchLook {
    private final Database database;
    private final Plan plan;

    public BatchLook(Database database, Plan plan) {
        this.database = database;
        this.plan = plan;
    }

    /**
     * @param name of the statement in the plan, for messages
     * @param batchRows how many rows the statement is meant for
     * @throws BackhoeException REFUSED {@code batch_scans_table}
     */
    public QueryPlan refuseScan(Session session, Batch batch, String name, String sql, KeyRange range, long batchRows) {
        var parameters = batch.parameters(range);
        parameters.put("batch_rows", Long.toString(batchRows));
        String column = plan.access().keyset().get(0);
        QueryPlan how = database.explain(session, table(), column, sql, parameters);
        var scan = how.scan(batchRows);
        if (scan.isPresent()) {
            throw refusal(session, name, batchRows, scan.get());
        }
        return how;
    }

    private BackhoeException refusal(Session session, String name, long batchRows, QueryPlan.Access access) {
        String what = access.index() == null
                ? "would read all of " + access.relation() + ", " + count(access.pages()) + " pages"
                : "would read far more than its rows through index " + access.index() + " of " + access.relation();
        return scans(
                session,
                "The server would execute a batch of " + count(batchRows) + " rows with a " + access.how() + ": its '"
                        + name + "' " + what + ", and so would each batch.");
    }

    /** @param found what was seen, a sentence */
    public BackhoeException scans(Session session, String found) {
        return new BackhoeException(
                ExitCode.REFUSED, "batch_scans_table", found + " Nothing was changed by it.", remedy(session));
    }

    /** What makes batches reach their rows. */
    private String remedy(Session session) {
        Sizes sizes = database.sizes(session, table());
        String quoted = SqlName.quote(table());
        boolean there = database.table(session, table()).indexes().stream()
                .anyMatch(i -> i.name().equals(plan.access().index()));
        if (!there) {
            return "Index " + SqlName.quote(plan.access().index()) + " is gone; build it again, such as "
                    + index(quoted);
        }
        if (sizes.rows() < 0) {
            return "The table has never been analyzed, so the server cannot know better: ANALYZE " + quoted + ";";
        }
        boolean byKeyAlone = plan.access().keyset().equals(plan.access().key());
        return byKeyAlone
                ? index(quoted) + " and plan again; else ANALYZE " + quoted + ";"
                : "ANALYZE " + quoted
                        + "; and see that enable_indexscan, enable_indexonlyscan and enable_bitmapscan are"
                        + " on for this role.";
    }

    private String index(String table) {
        var columns = new ArrayList<String>();
        String chunkColumn = plan.spec().scope().dateColumn();
        if (chunkColumn != null) {
            columns.add(chunkColumn);
        }
        plan.access().key().stream().filter(k -> !k.equals(chunkColumn)).forEach(columns::add);
        return "CREATE INDEX CONCURRENTLY ON " + table + " ("
                + columns.stream().map(SqlName::quote).collect(Collectors.joining(", ")) + ");";
    }

    private TableName table() {
        return plan.spec().scope().table();
    }

    private static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
