package io.backhoe.cli;

import io.backhoe.database.Row;
import io.backhoe.database.Session;
import java.util.List;
import java.util.Map;

/**
 * Asks the database, with SQL of its own, whether the demo's backfill kept its promises. Digests are sums of a 64-bit
 * hash of each row, so they do not depend on the order of rows.
 */
final class DemoProofs {
    /** The orders at one moment. */
    private record Facts(long rows, long filled, String others, String everything) {}

    private final Session session;
    private final String schema;
    private final Facts before;

    /** Remembers how the orders are now, in a table beside them. */
    DemoProofs(Session session, String schema) {
        this.session = session;
        this.schema = schema;
        session.execute("""
                CREATE TABLE %1$s.tiers_before AS
                SELECT id, customer_tier FROM %1$s.orders WHERE customer_tier IS NOT NULL
                """.formatted(schema));
        this.before = facts();
    }

    long filledBefore() {
        return before.filled();
    }

    long missingBefore() {
        return before.rows() - before.filled();
    }

    List<Proof> afterRun() {
        Facts now = facts();
        long kept = number("""
                SELECT count(*) FROM %1$s.orders JOIN %1$s.tiers_before b USING (id)
                WHERE orders.customer_tier = b.customer_tier
                """);
        long right = number("""
                SELECT count(*) FROM %1$s.orders JOIN %1$s.customers c ON c.id = orders.customer_id
                WHERE NOT EXISTS (SELECT FROM %1$s.tiers_before b WHERE b.id = orders.id)
                  AND orders.customer_tier =
                """ + DemoSpec.TIER);
        long missing = now.rows() - now.filled();
        long toFill = before.rows() - before.filled();
        return List.of(
                new Proof(
                        "existing_values_untouched",
                        kept == before.filled(),
                        of(kept, before.filled()) + " tiers that were there before are what they were"),
                new Proof("nothing_missing", missing == 0, of(missing, now.rows()) + " orders lack a tier"),
                new Proof(
                        "every_value_right",
                        right == toFill,
                        of(right, toFill) + " filled tiers are what the expression gives"),
                new Proof(
                        "same_rows",
                        now.rows() == before.rows(),
                        Figures.count(now.rows()) + " orders, " + Figures.count(before.rows()) + " before"),
                new Proof(
                        "other_columns_unchanged",
                        now.others().equals(before.others()),
                        "digest of all other columns " + now.others() + ", before " + before.others()));
    }

    List<Proof> afterUndo() {
        Facts now = facts();
        return List.of(new Proof(
                "undo_restores_everything",
                now.everything().equals(before.everything()) && now.rows() == before.rows(),
                "digest of the whole table " + now.everything() + ", before the run " + before.everything()));
    }

    private Facts facts() {
        Row row = session.query("""
                        SELECT count(*), count(customer_tier),
                               left(md5(coalesce(sum(hashtextextended(CAST(
                                   ROW (id, customer_id, order_date, amount, status, note) AS text), 0)), 0)::text), 12),
                               left(md5(coalesce(sum(hashtextextended(CAST(
                                   ROW (orders.*) AS text), 0)), 0)::text), 12)
                        FROM %s.orders
                        """.formatted(schema), Map.of()).get(0);
        return new Facts(row.number(0), row.number(1), row.required(2), row.required(3));
    }

    private static String of(long some, long all) {
        return Figures.count(some) + " of " + Figures.count(all);
    }

    private long number(String sql) {
        return session.query(sql.formatted(schema), Map.of()).get(0).number(0);
    }
}
