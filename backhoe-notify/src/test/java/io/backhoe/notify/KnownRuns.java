package io.backhoe.notify;

import io.backhoe.database.BatchSql;
import io.backhoe.database.Lineage;
import io.backhoe.database.Reads;
import io.backhoe.database.TableSchemas;
import io.backhoe.ledger.CheckRecord;
import io.backhoe.ledger.RunRecord;
import io.backhoe.ledger.RunTotals;
import io.backhoe.plan.Plan;
import io.backhoe.report.KnownRun;
import io.backhoe.report.RunReport;
import io.backhoe.spec.SpecFile;
import io.backhoe.spec.SpecOverrides;
import io.backhoe.value.RunState;
import io.backhoe.value.TableName;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Run 7, which fills two columns of shop.orders from shop.customers; of one it is not known what it is made of. */
final class KnownRuns {
    static final TableName ORDERS = new TableName("shop", "orders");
    static final TableName CUSTOMERS = new TableName("shop", "customers");

    private static final Instant CREATED = Instant.parse("2026-01-05T12:00:00.123456Z");
    private static final String HASH = "sha256:" + "0123456789abcdef".repeat(4);

    private KnownRuns() {}

    static KnownRun in(RunState state) {
        return known(run(state, false, null), 0);
    }

    static KnownRun known(RunRecord run, int ends) {
        return known(run, ends, RunTotals.of(List.of()));
    }

    static KnownRun known(RunRecord run, int ends, RunTotals done) {
        var columns = new LinkedHashMap<TableName, Map<String, String>>();
        columns.put(ORDERS, Map.of("tier", "text", "region", "text", "customer_id", "bigint"));
        columns.put(CUSTOMERS, Map.of("id", "bigint", "value", "numeric(10,2)"));
        var schemas = new TableSchemas("postgres://db.example:5432", "shop_db", columns);
        return new KnownRun(run, ends, done, plan(), ORDERS, schemas);
    }

    static RunRecord run(RunState state, boolean undoing, @Nullable Integer exit) {
        return new RunRecord(
                7,
                "tiers",
                HASH,
                "shop.orders",
                state,
                null,
                exit,
                undoing,
                1,
                null,
                true,
                CREATED,
                null,
                null,
                null,
                true,
                null);
    }

    static RunReport report(RunState state, boolean undoing, @Nullable Integer exit, List<CheckRecord> checks) {
        return new RunReport(run(state, undoing, exit), RunTotals.of(List.of()), List.of(), checks);
    }

    static Plan plan() {
        var spec = SpecFile.read("""
                        backfill:
                          name: tiers
                          scope: { table: shop.orders, date_range: { start: 2023-01-01, end: 2024-01-01 } }
                          transform:
                            set: { tier: "c.value", region: "region_of(c.id)" }
                            from: "shop.customers c"
                            on: "c.id = orders.customer_id"
                        """, "x.yaml", SpecOverrides.NONE).spec();
        var lineage = new Lineage(
                Map.of("tier", Reads.of(CUSTOMERS, List.of("value"))),
                Reads.of(CUSTOMERS, List.of("id")).and(Reads.of(ORDERS, List.of("customer_id"))),
                Reads.of(ORDERS, List.of("tier")));
        return new Plan(
                1,
                spec,
                new Plan.Access("orders_pkey", List.of("id"), List.of("id"), 100),
                Map.of(),
                new BatchSql("", null, "", false, null, null, null, null, null, null),
                List.of(),
                List.of(),
                List.of(),
                HASH,
                null,
                Map.of(),
                lineage,
                null);
    }
}
