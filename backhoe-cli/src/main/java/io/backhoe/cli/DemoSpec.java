package io.backhoe.cli;

/** The file that a person would write for the demo's backfill. */
final class DemoSpec {
    static final String NAME = "orders_tier_backfill";

    /** In plain SQL, so that the demo can ask the database whether each order got its tier. */
    static final String TIER = """
            CASE WHEN c.lifetime_value >= 8000 THEN 'platinum'
                 WHEN c.lifetime_value >= 3000 THEN 'gold'
                 WHEN c.lifetime_value >= 1000 THEN 'silver'
                 ELSE 'bronze' END""";

    private DemoSpec() {}

    static String yaml(String schema) {
        return """
                backfill:
                  name: %s
                  scope:
                    table: %s.orders
                    date_column: order_date
                    date_range: { start: 2023-01-01, end: 2024-01-01 }
                  transform:
                    set:
                      customer_tier: |-
                %s
                    from: %s.customers c
                    on: c.id = orders.customer_id
                  strategy: { type: incremental, chunk_by: month, parallelism: 2, preserve_existing: true }
                """.formatted(NAME, schema, TIER.indent(10).stripTrailing(), schema);
    }
}
