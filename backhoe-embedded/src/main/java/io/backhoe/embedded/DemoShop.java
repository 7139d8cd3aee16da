package io.backhoe.embedded;

import java.util.List;
import java.util.stream.Stream;

/**
 * A shop with a year of orders (2023, UTC) whose new column {@code customer_tier} has yet to be filled from the
 * customers' {@code lifetime_value}. The same number of orders is the same data, on every server. Two orders in a
 * hundred have a tier already, {@value #LIVE_TIER}, as if the application had written it: overwriting them would show.
 *
 * @param schema made and dropped with the shop, and must not exist; {@code public} stays and loses only the two tables
 * @param orders how many, 1 to a thousand million
 */
public record DemoShop(String schema, long orders) {
    /** What the orders hold that have a tier from the start; no sensible expression yields it. */
    public static final String LIVE_TIER = "legacy";

    private static final long MOST_ORDERS = 1_000_000_000;
    private static final int ORDERS_PER_CUSTOMER = 20;

    public DemoShop {
        if (schema.isBlank()) {
            throw new IllegalArgumentException("The shop needs the name of a schema");
        }
        if (orders < 1 || orders > MOST_ORDERS) {
            throw new IllegalArgumentException("Orders: 1 to " + MOST_ORDERS + ", not " + orders);
        }
    }

    public long customers() {
        return Math.max(1, orders / ORDERS_PER_CUSTOMER);
    }

    /** What to execute, in this order, one by one. A million orders take some seconds. */
    public List<String> createStatements() {
        Stream<String> schemaFirst = isPublic() ? Stream.of() : Stream.of("CREATE SCHEMA " + quoted());
        // Keys and indexes come last: it is faster to sort once than to insert a million times.
        Stream<String> tables = Stream.of(
                """
                CREATE TABLE SCHEMA.customers (
                    id bigint NOT NULL,
                    lifetime_value numeric(12, 2) NOT NULL,
                    country text
                )""",
                """
                CREATE TABLE SCHEMA.orders (
                    id bigint NOT NULL,
                    customer_id bigint NOT NULL,
                    order_date timestamptz NOT NULL,
                    amount numeric(10, 2),
                    status text NOT NULL,
                    note text,
                    customer_tier text
                )""",
                // With u even in [0, 1): 53 % of the customers are worth under 1,000, and 10 % 8,000 or more.
                """
                INSERT INTO SCHEMA.customers (id, lifetime_value, country)
                SELECT id,
                       round((50 + 12000 * u * u * u * u)::numeric, 2),
                       ('{US,DE,GB,FR,NL,ES,IT,SE,JP,BR}'::text[])[1 + id % 11]
                FROM generate_series(1, CUSTOMERS::bigint) AS id
                CROSS JOIN LATERAL (SELECT id * 2654435761 % 4294967296 / 4294967296::float8 AS u) AS hash
                """,
                // Dates are reckoned in seconds: an interval of days would depend on the session's time zone.
                // A month's share is in thousandths. Ids rise with time, as a sequence's do. u and v are even in
                // [0, 1) and look random; u * u gives some customers many more orders than others.
                // OFFSET 0 makes the planner reckon them once a row: a quarter of the time.
                """
                INSERT INTO SCHEMA.orders (id, customer_id, order_date, amount, status, note, customer_tier)
                SELECT id,
                       1 + floor(u * u * CUSTOMERS)::bigint,
                       to_timestamp(starts + (ends - starts) * (id - first_id + v) / (last_id - first_id + 1)),
                       (500 + floor(29500 * v)::int) * 0.01,
                       CASE WHEN u < 0.005 THEN 'test'
                            WHEN v < 0.80 THEN 'delivered'
                            WHEN v < 0.89 THEN 'shipped'
                            WHEN v < 0.94 THEN 'paid'
                            WHEN v < 0.98 THEN 'cancelled'
                            ELSE 'returned' END,
                       CASE WHEN id % 4 <> 0
                            THEN 'Please ring twice; if nobody is in, leave it with a neighbour. Basket ' || id END,
                       CASE WHEN id % 50 = 0 THEN 'LIVE_TIER' END
                FROM (VALUES (1, 0, 65), (2, 65, 125), (3, 125, 200), (4, 200, 270),
                             (5, 270, 345), (6, 345, 420), (7, 420, 490), (8, 490, 560),
                             (9, 560, 640), (10, 640, 730), (11, 730, 860), (12, 860, 1000))
                     AS month (number, share_from, share_to)
                CROSS JOIN LATERAL (
                    SELECT date_part('epoch', make_timestamp(2023, number, 1, 0, 0, 0)) AS starts,
                           date_part('epoch', make_timestamp(2023 + number / 12, number % 12 + 1, 1, 0, 0, 0)) AS ends,
                           ORDERS::bigint * share_from / 1000 + 1 AS first_id,
                           ORDERS::bigint * share_to / 1000 AS last_id) AS span
                CROSS JOIN LATERAL generate_series(first_id, last_id) AS id
                CROSS JOIN LATERAL (
                    SELECT id * 2246822519 % 4294967296 / 4294967296::float8 AS u,
                           id * 3266489917 % 4294967296 / 4294967296::float8 AS v
                    OFFSET 0) AS hash
                """,
                "ALTER TABLE SCHEMA.customers ADD PRIMARY KEY (id)",
                "ALTER TABLE SCHEMA.orders ADD PRIMARY KEY (id)",
                "ALTER TABLE SCHEMA.orders ADD FOREIGN KEY (customer_id) REFERENCES SCHEMA.customers (id)",
                "CREATE INDEX orders_order_date_id ON SCHEMA.orders (order_date, id)",
                "ANALYZE SCHEMA.customers",
                "ANALYZE SCHEMA.orders");
        return Stream.concat(schemaFirst, tables.map(this::filled)).toList();
    }

    /** Removes the shop and nothing else. */
    public String dropStatement() {
        return isPublic()
                ? filled("DROP TABLE IF EXISTS SCHEMA.orders, SCHEMA.customers")
                : "DROP SCHEMA IF EXISTS " + quoted() + " CASCADE";
    }

    private String filled(String sql) {
        return sql.replace("CUSTOMERS", Long.toString(customers()))
                .replace("ORDERS", Long.toString(orders))
                .replace("LIVE_TIER", LIVE_TIER)
                .replace("SCHEMA", quoted());
    }

    private boolean isPublic() {
        return schema.equals("public");
    }

    private String quoted() {
        return '"' + schema.replace("\"", "\"\"") + '"';
    }
}
