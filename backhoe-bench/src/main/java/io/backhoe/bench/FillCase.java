package io.backhoe.bench;

import java.time.YearMonth;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** What is filled: {@code customer_tier} of orders, in tables that differ. */
enum FillCase {
    JOIN("from another table, by a join", BenchOrders.TIER, true, List.of(), List.of()),
    RECOMPUTE("from a column of its own row", BenchOrders.tier("amount", 270, 200, 100), false, List.of(), List.of()),
    WIDE(
            "by a join, rows of a kilobyte more",
            BenchOrders.TIER,
            true,
            List.of(
                    "ALTER TABLE bench.original ADD COLUMN payload text",
                    "ALTER TABLE bench.original ALTER COLUMN payload SET STORAGE PLAIN",
                    "UPDATE bench.original SET payload = repeat(md5(CAST(id AS text)), 32)"),
            List.of()),
    INDEXED(
            "by a join, with an index on the column that is filled",
            BenchOrders.TIER,
            true,
            List.of(),
            List.of("CREATE INDEX ON bench.orders (customer_tier)")),
    EVEN("by a join, as many rows each day", BenchOrders.TIER, true, List.of(dates("365 * part")), List.of()),
    SKEWED("by a join, half of all rows in July", BenchOrders.TIER, true, List.of(dates("""
                    CASE WHEN part < 0.25 THEN 181 * part / 0.25
                         WHEN part < 0.75 THEN 181 + 31 * (part - 0.25) / 0.5
                         ELSE 212 + 153 * (part - 0.75) / 0.25 END""")), List.of()),
    NO_DATE_INDEX("by a join, without an index on the date", BenchOrders.TIER, true, List.of(), List.of()) {
        @Override
        boolean hasDateIndex() {
            return false;
        }
    };

    private final String title;
    private final String expression;
    private final boolean joins;
    private final List<String> original;
    private final List<String> copy;

    FillCase(String title, String expression, boolean joins, List<String> original, List<String> copy) {
        this.title = title;
        this.expression = expression;
        this.joins = joins;
        this.original = original;
        this.copy = copy;
    }

    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    String title() {
        return title;
    }

    boolean hasDateIndex() {
        return true;
    }

    /** What makes it of the orders as they are made. */
    List<String> original() {
        return original;
    }

    /** What a copy has beside its key. */
    List<String> indexes() {
        return Stream.concat(hasDateIndex() ? Stream.of(BenchOrders.DATE_INDEX) : Stream.of(), copy.stream())
                .toList();
    }

    /** An UPDATE of what is missing and meets a condition on {@code orders}. */
    String update(String condition) {
        return "UPDATE bench.orders SET customer_tier = " + expression
                + (joins ? " FROM bench.customers c WHERE c.id = orders.customer_id AND " : " WHERE ")
                + "customer_tier IS NULL AND " + condition;
    }

    /** An UPDATE for each month. */
    List<String> byMonth() {
        return IntStream.rangeClosed(1, 12)
                .mapToObj(month -> YearMonth.of(2023, month))
                .map(month ->
                        update("order_date >= '" + month + "-01Z' AND order_date < '" + month.plusMonths(1) + "-01Z'"))
                .toList();
    }

    /** An UPDATE for so many ids each. */
    List<String> byIds(long orders, long ids) {
        return LongStream.iterate(0, id -> id < orders, id -> id + ids)
                .mapToObj(id -> update("orders.id > " + id + " AND orders.id <= " + (id + ids)))
                .toList();
    }

    /** The rows that are missing, with the value that {@link #tier(double)} takes, as a query with {@code id} and {@code given}. */
    String missing() {
        return joins
                ? "SELECT o.id, c.lifetime_value AS given FROM bench.orders o JOIN bench.customers c ON c.id = o.customer_id"
                        + " WHERE o.customer_tier IS NULL"
                : "SELECT id, amount AS given FROM bench.orders WHERE customer_tier IS NULL";
    }

    /** What the expression says, for those who reckon in Java. */
    String tier(double given) {
        return joins ? tier(given, 8000, 4000, 1500) : tier(given, 270, 200, 100);
    }

    private static String tier(double given, int platinum, int gold, int silver) {
        return given >= platinum ? "platinum" : given >= gold ? "gold" : given >= silver ? "silver" : "bronze";
    }

    /** @param days into the year, of which {@code part} of all orders has been */
    private static String dates(String days) {
        return """
                UPDATE bench.original SET order_date = timestamptz '2023-01-01Z' + (%s) * interval '1 day'
                FROM (SELECT id, (id - 1.0) / max(id) OVER () AS part FROM bench.original) AS place
                WHERE place.id = original.id""".formatted(days);
    }

    /** A spec that fills it. */
    String spec(String name, int workers, String rollback) {
        return """
                backfill:
                  name: bench_%s
                  policy: fast
                  scope:
                    table: bench.orders
                %s  transform:
                    set: { customer_tier: "%s" }
                %s  strategy: { chunk_by: %s, parallelism: %d }
                  rollback: { strategy: %s }
                """.formatted(
                        name,
                        hasDateIndex()
                                ? "    date_column: order_date\n    date_range: { start: 2023-01-01, end: 2024-01-01 }\n"
                                : "",
                        expression,
                        joins ? "    from: \"bench.customers c\"\n    on: \"c.id = orders.customer_id\"\n" : "",
                        hasDateIndex() ? "month" : "key",
                        workers,
                        rollback);
    }
}
