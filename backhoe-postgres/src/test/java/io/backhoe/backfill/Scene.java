package io.backhoe.backfill;

import io.backhoe.assess.AssessOptions;
import io.backhoe.assess.Assessment;
import io.backhoe.spec.SpecFile;
import io.backhoe.spec.SpecOverrides;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * A shop in good order with one thing different, and what assessing it shows then.
 *
 * @param sentence what holds
 * @param sql what is different in the database
 * @param change what is different in the spec: pairs of what stands there and what stands in its place
 * @param more the codes that are found beside those of a shop in good order
 * @param less the codes of a shop in good order that are not found
 */
record Scene(String sentence, String sql, List<String> change, Set<String> more, Set<String> less) {
    /** What there is to say of a shop in good order, whose orders are years old. */
    static final Set<String> IN_GOOD_ORDER = Set.of("reached_by_index", "disk_not_watched", "no_recent_rows");

    static final String SPEC = """
            backfill:
              name: tiers
              scope:
                table: orders
                date_column: order_date
                date_range: { start: 2023-01-01, end: 2024-01-01 }
              transform:
                set: { tier: "CASE WHEN c.worth > 50 THEN 'gold' ELSE 'bronze' END" }
                from: "customers c"
                on: "c.id = orders.customer_id"
              strategy: { chunk_by: month }
            """;

    /** 600 orders over 2023, of which 12 have a tier, and 100 customers. */
    static final String SHOP = """
            CREATE TABLE customers (id bigint PRIMARY KEY, worth integer NOT NULL);
            INSERT INTO customers SELECT i, i FROM generate_series(1, 100) i;
            CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint NOT NULL,
                                 order_date timestamptz NOT NULL, n integer NOT NULL, tier text)
                WITH (fillfactor = 80);
            INSERT INTO orders
            SELECT i, 1 + i % 100, timestamptz '2023-01-01 00:00+00' + i * interval '1 year' / 601, i % 100,
                   CASE WHEN i % 50 = 0 THEN 'kept' END
            FROM generate_series(1, 600) i;
            CREATE INDEX orders_by_date ON orders (order_date, id);
            ANALYZE customers, orders""";

    static Scene of(String sentence) {
        return new Scene(sentence, "", List.of(), Set.of(), Set.of());
    }

    Scene given(String statements) {
        return new Scene(sentence, statements, change, more, less);
    }

    Scene spec(String... pairs) {
        return new Scene(sentence, sql, List.of(pairs), more, less);
    }

    Scene shows(String... codes) {
        return new Scene(sentence, sql, change, Set.of(codes), less);
    }

    Scene not(String... codes) {
        return new Scene(sentence, sql, change, more, Set.of(codes));
    }

    Set<String> codes() {
        var codes = new TreeSet<>(IN_GOOD_ORDER);
        codes.removeAll(less);
        codes.addAll(more);
        return codes;
    }

    void build(TestDatabase db) throws SQLException {
        db.sql(SHOP);
        if (!sql.isEmpty()) {
            db.sql(sql);
        }
    }

    Assessment assess(TestDatabase db, AssessOptions options) {
        return look(db, options, change.toArray(String[]::new));
    }

    static Assessment look(TestDatabase db, AssessOptions options, String... change) {
        return db.backhoe()
                .assess(
                        SpecFile.read(text(change), "test.yaml", SpecOverrides.NONE)
                                .spec(),
                        options);
    }

    static String text(String... change) {
        String text = SPEC;
        for (int i = 0; i < change.length; i += 2) {
            if (!text.contains(change[i])) {
                throw new IllegalArgumentException(
                        change[i] + " does not stand in the spec; " + Arrays.toString(change));
            }
            text = text.replace(change[i], change[i + 1]);
        }
        return text;
    }

    @Override
    public String toString() {
        return sentence;
    }
}
