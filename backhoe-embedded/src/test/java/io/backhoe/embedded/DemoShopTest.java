package io.backhoe.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DemoShopTest {
    private static final DemoShop SHOP = new DemoShop("a \"shop\"", 20_000);
    private static final String ORDERS = "\"a \"\"shop\"\"\".orders";
    private static final String CUSTOMERS = "\"a \"\"shop\"\"\".customers";

    private final PostgresServer server = PostgresServer.start(Version.CURRENT);
    private final Sql sql = new Sql(server);

    @BeforeAll
    void openShop() {
        sql.run(SHOP.createStatements());
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @Test
    void hasTheOrdersAndCustomersThatWereAskedFor() {
        assertThat(sql.value("SELECT count(*) || ', ' || min(id) || ' to ' || max(id) FROM " + ORDERS))
                .isEqualTo("20000, 1 to 20000");
        assertThat(sql.value("SELECT count(*) FROM " + CUSTOMERS)).isEqualTo("1000");
    }

    @Test
    void sellsThroughoutTheYearAndMostBeforeChristmas() {
        assertThat(sql.value("""
                        SELECT string_agg(orders::text, ' ' ORDER BY month)
                        FROM (SELECT extract(month FROM order_date AT TIME ZONE 'UTC') AS month, count(*) AS orders
                              FROM %s
                              WHERE order_date >= '2023-01-01 00:00:00+00' AND order_date < '2024-01-01 00:00:00+00'
                              GROUP BY 1) AS months
                        """.formatted(ORDERS)))
                .isEqualTo("1300 1200 1500 1400 1500 1500 1400 1400 1600 1800 2600 2800");
    }

    @Test
    void twoOrdersInAHundredHaveATierOfTheirOwn() {
        assertThat(sql.value("SELECT count(*) FROM " + ORDERS + " WHERE customer_tier IS NOT NULL"))
                .isEqualTo("400");
        assertThat(sql.value("SELECT count(*) FROM " + ORDERS + " WHERE customer_tier = 'legacy'"))
                .isEqualTo("400");
    }

    @Test
    void eachTierHasAPlausibleShareOfTheOrders() {
        for (String range : List.of("[0,1000)", "[1000,3000)", "[3000,8000)", "[8000,1000000)")) {
            String share = """
                    SELECT round(100.0 * count(*) FILTER (WHERE c.lifetime_value <@ '%s'::numrange) / count(*))
                    FROM %s AS o JOIN %s AS c ON c.id = o.customer_id
                    """.formatted(range, ORDERS, CUSTOMERS);
            assertThat(Integer.parseInt(sql.value(share))).as(range).isBetween(5, 65);
        }
    }

    @Test
    void isTheSameDataOnTheOldestServerAndInAnotherTimeZone() {
        String digest = """
                SELECT md5(string_agg(concat_ws('|', id, customer_id, extract(epoch FROM order_date),
                                                amount, status, note, customer_tier), ';' ORDER BY id))
                FROM %s
                """;
        try (var other = PostgresServer.start(Version.OLDEST)) {
            var there = new Sql(other);
            there.run(Stream.concat(Stream.of("SET timezone = 'America/St_Johns'"), SHOP.createStatements().stream())
                    .toList());

            assertThat(there.value(digest.formatted(ORDERS))).isEqualTo(sql.value(digest.formatted(ORDERS)));
        }
    }

    @Test
    void opensInPublicAndLeavesPublicWhenDropped() {
        var small = new DemoShop("public", 1);

        sql.run(small.createStatements());
        assertThat(sql.value("SELECT customer_id FROM orders")).isEqualTo("1");
        sql.run(List.of(small.dropStatement()));

        assertThat(sql.value("SELECT to_regclass('public.orders') IS NULL")).isEqualTo("t");
        assertThat(sql.value("SELECT to_regnamespace('public')")).isEqualTo("public");
    }

    @Test
    void goesWithItsSchemaAndRefusesOneThatIsThere() {
        var other = new DemoShop("other", 100);
        sql.run(other.createStatements());
        assertThatThrownBy(() -> sql.run(other.createStatements())).hasStackTraceContaining("already exists");

        sql.run(List.of(other.dropStatement()));

        assertThat(sql.value("SELECT to_regnamespace('other') IS NULL")).isEqualTo("t");
    }

    @Test
    void refusesNumbersThatItCannotKeepDistinct() {
        assertThatThrownBy(() -> new DemoShop("shop", 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new DemoShop("shop", 1_000_000_001)).isInstanceOf(IllegalArgumentException.class);
    }
}
