package io.backhoe.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.backhoe.database.DatabaseException;
import io.backhoe.database.ErrorKind;
import io.backhoe.database.Row;
import io.backhoe.database.Session;
import io.backhoe.database.Session.Isolation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Boundary, capture and write. */
public interface BatchContract extends ContractDatabase {
    private static Scratch orders(Scratch scratch) {
        return scratch.execute(
                "CREATE TABLE customers (id bigint PRIMARY KEY, value integer, tier text)",
                "INSERT INTO customers SELECT g, g * 1000, 'c' FROM generate_series(1, 9) g",
                "CREATE TABLE orders (id bigint PRIMARY KEY, order_date date, customer_id bigint, tier text, note text)",
                "CREATE INDEX orders_date_id ON orders (order_date, id)",
                """
                INSERT INTO orders
                SELECT g, date '2023-01-01' + g % 31, 1 + g % 10, CASE WHEN g % 7 = 0 THEN 'live' END, 'n'
                FROM generate_series(1, 1000) g
                """,
                "INSERT INTO orders VALUES (2000, NULL, 1), (2001, '2023-02-01', 1), (2002, '2022-12-31', 1)");
    }

    private static ShapeDraft tiers(Scratch scratch) {
        return scratch.shape("orders")
                .chunks("order_date", "order_date", "id")
                .set("tier", "CASE WHEN c.value >= 5000 THEN 'gold' ELSE 'bronze' END -- as of 2023")
                .from("customers c", "c.id = orders.customer_id");
    }

    private static Walk january(Scratch scratch, ShapeDraft draft) {
        return new Walk(scratch.sql(draft), scratch.run()).chunk(1, "2023-01-01", "2023-02-01");
    }

    @Test
    default void fillsWhatIsMissingInTheRangeAndKeepsAnImageOfIt() {
        try (var scratch = orders(Scratch.in(database()))) {
            var walk = january(scratch, tiers(scratch)).makeImages(scratch.session());

            var result = walk.forward(scratch.session(), 64);

            assertThat(result.examined()).isEqualTo(1000);
            assertThat(result.batches()).startsWith(64L).endsWith(1000L % 64);
            assertThat(scratch.lines("SELECT tier, count(*) FROM orders WHERE id <= 1000 GROUP BY 1 ORDER BY 1"))
                    .containsExactly("bronze|344", "gold|428", "live|142", "-|86");
            assertThat(result.changed()).isEqualTo(344 + 428);
            assertThat(scratch.lines("SELECT tier FROM orders WHERE id >= 2000"))
                    .containsExactly("-", "-", "-");
            assertThat(scratch.lines("SELECT DISTINCT chunk, old_1, count(*) FROM backhoe.before_image_" + scratch.run()
                            + " GROUP BY 1, 2"))
                    .containsExactly("1|-|772");
            assertThat(scratch.lines("SELECT count(*) FROM orders o JOIN backhoe.before_image_" + scratch.run()
                            + " i ON i.key_1 = o.id AND i.new_1 = o.tier"))
                    .containsExactly("772");
        }
    }

    /** A row that is not in its slice waits for the end of the period, so that so many rows last so many periods. */
    @Test
    default void restsOutsideOfItsSlicesAndWritesEveryRowAllTheSame() {
        try (var scratch = orders(Scratch.in(database()))) {
            var shape = tiers(scratch).where("orders.id <= 6");
            var walk = january(scratch, shape).makeImages(scratch.session()).slices(10_000, 0);
            double begun = clockMillis(scratch);

            var result = walk.forward(scratch.session(), 1_000);

            assertThat(clockMillis(scratch) - begun).isGreaterThan(50);
            assertThat(result.changed()).isEqualTo(6);
            assertThat(walk.slices(10_000, 0).back(scratch.session(), 1_000).changed())
                    .isEqualTo(6);
            assertThat(clockMillis(scratch) - begun).isGreaterThan(100);
        }
    }

    private static double clockMillis(Scratch scratch) {
        return Double.parseDouble(scratch.lines("SELECT date_part('epoch', clock_timestamp()) * 1000")
                .get(0));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 31, 32, 33, 999, 1000, 1001, 100_000})
    default void countsAndStopsAtTheLimitAlsoWithinTies(int limit) {
        try (var scratch = orders(Scratch.in(database()))) {
            var walk = january(scratch, tiers(scratch)).between(List.of(), List.of());
            List<String> inOrder =
                    scratch.lines("SELECT order_date, id FROM orders WHERE id <= 1000 ORDER BY order_date, id");

            Row boundary = Objects.requireNonNull(walk.boundary(scratch.session(), limit));

            int expected = Math.min(limit, 1000);
            assertThat(boundary.number(2)).isEqualTo(expected);
            assertThat(boundary.required(0) + "|" + boundary.required(1)).isEqualTo(inOrder.get(expected - 1));
        }
    }

    @Test
    default void findsNoBoundaryWhereThereIsNoRow() {
        try (var scratch = orders(Scratch.in(database()))) {
            var walk = january(scratch, tiers(scratch));

            assertThat(walk.between(List.of("2023-01-31", "999999"), List.of()).boundary(scratch.session(), 10))
                    .isNull();
            assertThat(walk.chunk(2, "2024-01-01", "2024-02-01")
                            .between(List.of(), List.of())
                            .boundary(scratch.session(), 10))
                    .isNull();
        }
    }

    /** Some thirty orders share each date, whatever the statements take for granted. */
    @ParameterizedTest
    @CsvSource({
        "false, 2023-01-05, 500, 2023-01-07, 100",
        "true, 2023-01-05, 500, 2023-01-07, 100",
        "true, 2023-01-05, 200, 2023-01-05, 600",
        "true, 2023-01-05, 999999, 2023-01-07, 0",
        "true, 2023-01-04, 500, 2023-01-05, 500",
    })
    default void staysWithinBothEndsOfASegment(
            boolean spread, String after, String afterId, String upto, String uptoId) {
        try (var scratch = orders(Scratch.in(database()))) {
            var walk = january(scratch, tiers(scratch).spread(spread))
                    .makeImages(scratch.session())
                    .between(List.of(after, afterId), List.of(upto, uptoId));
            String inside = "(order_date, id) > ('" + after + "', " + afterId + ") AND (order_date, id) <= ('" + upto
                    + "', " + uptoId + ")";

            Row boundary = Objects.requireNonNull(walk.boundary(scratch.session(), 100_000));
            scratch.session().begin(Isolation.READ_COMMITTED);
            walk.write(scratch.session());
            scratch.session().commit();

            assertThat(boundary.required(2)).isEqualTo(scratch.one("SELECT count(*) FROM orders WHERE " + inside));
            assertThat(scratch.one("SELECT count(*) FROM orders WHERE tier <> 'live' AND NOT (" + inside + ")"))
                    .isEqualTo("0");
            assertThat(scratch.one("SELECT count(*) FROM orders WHERE tier <> 'live'"))
                    .isNotEqualTo("0")
                    .isEqualTo(scratch.one(
                            "SELECT count(*) FROM orders o JOIN customers c ON c.id = o.customer_id" + " WHERE "
                                    + inside.replace(" id", " o.id") + " AND (o.tier IS NULL OR o.tier <> 'live')"));
        }
    }

    /** The rows between every two keys of three columns, both ends open or not, are those that a comparison of rows finds. */
    @Test
    default void boundsBySpreadValuesAreThoseOfRows() {
        try (var scratch = Scratch.in(database())
                .execute(
                        "CREATE TABLE t (a date NOT NULL, b text NOT NULL, id integer PRIMARY KEY, v text)",
                        "INSERT INTO t SELECT date '2023-01-01' + a, 'b' || b, a * 9 + b * 3 + c"
                                + " FROM generate_series(0, 2) a, generate_series(0, 2) b, generate_series(0, 2) c")) {
            var draft = scratch.shape("t")
                    .chunks("a", "a", "b", "id")
                    .set("v", "'x'")
                    .overwriting()
                    .withoutImages()
                    .spread(true);
            var walk = new Walk(scratch.sql(draft), scratch.run()).chunk(1, "2023-01-01", "2023-02-01");
            var keys = scratch.lines("SELECT a, b, id FROM t ORDER BY a, b, id").stream()
                    .map(line -> List.of(line.split("\\|")))
                    .toList();
            var session = scratch.session();
            for (int after = -1; after < keys.size(); after++) {
                for (int upto = Math.max(0, after); upto <= keys.size(); upto++) {
                    session.begin(Isolation.READ_COMMITTED);
                    long written = walk.between(
                                    after < 0 ? List.of() : keys.get(after),
                                    upto == keys.size() ? List.of() : keys.get(upto))
                            .write(session);
                    session.rollback();

                    int last = Math.min(upto, keys.size() - 1);
                    assertThat(written).as(after + " to " + upto).isEqualTo(last - after);
                }
            }
        }
    }

    @Test
    default void keepsEachOfSeveralColumnsByItself() {
        try (var scratch = Scratch.in(database())
                .execute(
                        "CREATE TABLE t (id integer PRIMARY KEY, a bigint, b character(3), c text NOT NULL DEFAULT '')",
                        "INSERT INTO t VALUES (1, 9007199254740993, NULL, ''), (2, NULL, 'b', 'c'), (3, 1, 'x', 'y'),"
                                + " (4, NULL, NULL, '')")) {
            var draft = scratch.shape("t")
                    .set("a", "0.5::double precision + id")
                    .set("b", "'n' || id")
                    .set("c", "'filled'")
                    .missing("c", "c = '' -- empty");
            var walk = new Walk(scratch.sql(draft), scratch.run())
                    .makeImages(scratch.session())
                    .chunk(1, "0", "100");

            assertThat(walk.forward(scratch.session(), 10).changed()).isEqualTo(3);
            assertThat(scratch.lines("SELECT id, a, b, c FROM t ORDER BY id"))
                    .containsExactly("1|9007199254740993|n1 |filled", "2|2|b  |c", "3|1|x  |y", "4|4|n4 |filled");
            assertThat(walk.back(scratch.session(), 2).changed()).isEqualTo(3);
            assertThat(scratch.lines("SELECT id, a, b, c FROM t ORDER BY id"))
                    .containsExactly("1|9007199254740993|-|", "2|-|b  |c", "3|1|x  |y", "4|-|-|");
        }
    }

    @Test
    default void refusesAValueThatIsTooLongInsteadOfCuttingIt() {
        try (var scratch = Scratch.in(database())
                .execute(
                        "CREATE TABLE t (id integer PRIMARY KEY, a character(2), b varchar(2))",
                        "INSERT INTO t VALUES (1)")) {
            for (String column : List.of("a", "b")) {
                String other = column.equals("a") ? "b" : "a";
                var draft = scratch.shape("t")
                        .set(column, "'long'")
                        .set(other, "'s'")
                        .withoutImages();
                var walk = new Walk(scratch.sql(draft), scratch.run())
                        .chunk(1, "0", "9")
                        .between(List.of(), List.of());

                var error = catchThrowableOfType(DatabaseException.class, () -> walk.write(scratch.session()));
                assertThat(error.kind()).isEqualTo(ErrorKind.BAD_ROW);
            }
        }
    }

    @Test
    default void overwritesWhereItIsToldTo() {
        try (var scratch = orders(Scratch.in(database()))) {
            var draft = tiers(scratch).where("orders.id % 2 = 0").overwriting().set("note", "upper(note)");
            var walk = january(scratch, draft).makeImages(scratch.session());

            var result = walk.forward(scratch.session(), 300);

            assertThat(result.examined()).isEqualTo(1000);
            assertThat(result.changed()).isEqualTo(500);
            assertThat(scratch.one("SELECT count(*) FROM orders WHERE tier = 'live' AND id % 2 = 0"))
                    .isEqualTo("0");
            assertThat(scratch.one("SELECT count(*) FROM orders WHERE tier = 'live'"))
                    .isEqualTo("71");
            assertThat(walk.back(scratch.session(), 77).changed()).isEqualTo(500);
            assertThat(scratch.lines(
                            "SELECT note, tier, count(*) FROM orders WHERE id <= 1000 GROUP BY 1, 2 ORDER BY 2"))
                    .containsExactly("n|live|142", "n|-|858");
        }
    }

    @Test
    default void detectsALiveWriteBetweenCaptureAndWrite() {
        try (var scratch = orders(Scratch.in(database()))) {
            var draft = tiers(scratch).set("note", "'new'").overwriting();
            var sql = scratch.sql(draft);
            var walk = january(scratch, draft).makeImages(scratch.session()).between(List.of(), List.of());
            Session session = scratch.session();
            Session live = scratch.another(Map.of());
            session.begin(sql.repeatableRead() ? Isolation.REPEATABLE_READ : Isolation.READ_COMMITTED);
            walk.boundary(session, 100_000);
            if (sql.repeatableRead()) {
                walk.capture(session);
                live.update("UPDATE orders SET note = 'live' WHERE id = 5", Map.of());

                var error = catchThrowableOfType(DatabaseException.class, () -> walk.write(session));
                session.rollback();
                assertThat(error.kind()).isEqualTo(ErrorKind.TRANSIENT);
                assertThat(scratch.one("SELECT note FROM orders WHERE id = 5")).isEqualTo("live");
            } else {
                live.update("UPDATE orders SET note = 'live' WHERE id = 5", Map.of());
                walk.write(session);
                session.commit();

                assertThat(scratch.one("SELECT old_2 FROM backhoe.before_image_" + scratch.run() + " WHERE key_1 = 5"))
                        .isEqualTo("live");
            }
        }
    }

    @Test
    default void leavesAValueThatAppearsWhileTheWriteWaits() throws Exception {
        try (var scratch = orders(Scratch.in(database()))) {
            var walk = january(scratch, tiers(scratch))
                    .makeImages(scratch.session())
                    .between(List.of(), List.of());
            Session live = scratch.another(Map.of());
            Session batch = scratch.another(Map.of());
            live.begin(Isolation.READ_COMMITTED);
            live.update("UPDATE orders SET tier = 'live' WHERE id = 5", Map.of());
            var write = CompletableFuture.supplyAsync(() -> walk.write(batch));
            String waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted AND pid = " + batch.processId();
            while (scratch.one(waiting).equals("0")) {
                Thread.onSpinWait();
            }
            live.commit();

            assertThat(write.get()).isEqualTo(771);
            assertThat(scratch.one("SELECT tier FROM orders WHERE id = 5")).isEqualTo("live");
            assertThat(scratch.one("SELECT count(*) FROM backhoe.before_image_" + scratch.run() + " WHERE key_1 = 5"))
                    .isEqualTo("0");
        }
    }

    @Test
    default void needsOneStatementWhereTheOldValueIsKnown() {
        try (var scratch = orders(Scratch.in(database()))) {
            var forms = new ArrayList<ShapeDraft>();
            for (String predicate : List.of("tier IS NULL", "Orders.TIER is  null", "\"tier\" IS NULL ")) {
                forms.add(tiers(scratch).missing("tier", predicate));
            }
            forms.add(tiers(scratch));
            for (ShapeDraft form : forms) {
                assertThat(scratch.sql(form).capture()).isNull();
                assertThat(scratch.sql(form).repeatableRead()).isFalse();
            }
            boolean returnsOld = database().server(scratch.session()).major() >= 18;
            for (ShapeDraft form : List.of(
                    tiers(scratch).missing("tier", "orders.tier = ''"),
                    tiers(scratch).missing("tier", "c.tier IS NULL"),
                    tiers(scratch).set("note", "'x'"),
                    tiers(scratch).overwriting())) {
                assertThat(scratch.sql(form).repeatableRead()).isEqualTo(!returnsOld);
            }
            assertThat(scratch.sql(tiers(scratch).overwriting().withoutImages()).repeatableRead())
                    .isFalse();
        }
    }
}
