package io.backhoe.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.backhoe.database.Lineage;
import io.backhoe.database.Reads;
import io.backhoe.value.TableName;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What columns are made of, and under which names others know them. */
public interface LineageContract extends ContractDatabase {
    private static Scratch tables(Scratch scratch) {
        return scratch.execute(
                "CREATE TABLE regions (id bigint PRIMARY KEY, \"Name\" text)",
                "CREATE TABLE customers (id bigint PRIMARY KEY, region_id bigint, value numeric, tier text, spare text)",
                "CREATE VIEW rich AS SELECT id, tier AS rank FROM customers WHERE value > 8000",
                """
                CREATE TABLE orders (
                    id bigint PRIMARY KEY, order_date date, customer_id bigint, note text, tier text, score integer)
                """,
                "CREATE FUNCTION calm(text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT $1'",
                "CREATE FUNCTION looks() RETURNS text LANGUAGE sql STABLE AS 'SELECT max(tier) FROM customers'");
    }

    private static Lineage lineage(Scratch scratch, UnaryOperator<ShapeDraft> change) {
        var draft = change.apply(scratch.shape("orders").chunks("order_date", "order_date", "id"));
        return scratch.database().lineage(scratch.session(), draft.shape());
    }

    private static String said(Scratch scratch, Reads reads) {
        return reads.columns().toString().replace(scratch.schema() + ".", "");
    }

    @Test
    default void tellsWhatEachExpressionReadsAndWhatOnlyDecides() {
        try (var scratch = tables(Scratch.in(database()))) {
            var lineage = lineage(
                    scratch,
                    draft -> draft.from("customers c", "c.id = orders.customer_id")
                            .where("orders.note <> 'test' -- ours")
                            .set("tier", "CASE WHEN c.value >= 8000 THEN 'gold' ELSE coalesce(note, c.tier) END")
                            .set("score", "1")
                            .missing("score", "score < 0"));

            assertThat(lineage.values()).containsOnlyKeys("tier", "score");
            assertThat(said(scratch, Objects.requireNonNull(lineage.values().get("tier"))))
                    .isEqualTo("{customers=[value, tier], orders=[note]}");
            assertThat(lineage.values().get("score")).isEqualTo(Reads.NOTHING);
            assertThat(said(scratch, lineage.join())).isEqualTo("{customers=[id], orders=[customer_id]}");
            assertThat(said(scratch, lineage.filter())).isEqualTo("{orders=[note, tier, score, order_date]}");
            assertThat(scratch.lines("SELECT relname FROM pg_class WHERE relname LIKE 'backhoe_reads%'"))
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '\u0001',
            value = {
                "(SELECT max(x.tier) FROM customers x WHERE x.id = orders.customer_id);"
                        + " {customers=[id, tier], orders=[customer_id]}",
                "(WITH r AS (SELECT \"Name\" AS n FROM regions WHERE id = 7) SELECT n FROM r); {regions=[id, Name]}",
                "(SELECT rank FROM rich WHERE rich.id = customer_id); {orders=[customer_id], rich=[id, rank]}",
                "(SELECT CAST(count(*) AS text) FROM regions); {regions=[]}",
                "calm(upper(orders.note)); {orders=[note]}",
                "CAST(orders.id AS text) || orders.note; {orders=[id, note]}",
                "CAST(random() AS text); {}",
                "NULL; {}",
            })
    default void readsAnExpressionAsTheServerDoes(String expression, String reads) {
        try (var scratch = tables(Scratch.in(database()))) {
            var lineage = lineage(scratch, draft -> draft.set("tier", expression));

            assertThat(said(scratch, Objects.requireNonNull(lineage.values().get("tier"))))
                    .isEqualTo(reads);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '\u0001',
            value = {
                "md5(CAST(orders AS text))",
                "(SELECT CAST(x.c AS text) FROM (SELECT customers AS c FROM customers) x LIMIT 1)",
                "looks()"
            })
    default void saysNothingOfAnExpressionThatMayReadMoreThanItNames(String expression) {
        try (var scratch = tables(Scratch.in(database()))) {
            var lineage =
                    lineage(scratch, draft -> draft.set("tier", expression).set("score", "length(note)"));

            assertThat(lineage.values()).containsOnlyKeys("score");
        }
    }

    @Test
    default void saysOfASubqueryThatIsJoinedWhatItReadsAsAWhole() {
        try (var scratch = tables(Scratch.in(database()))) {
            var lineage = lineage(
                    scratch,
                    draft -> draft.from(
                                    "(SELECT DISTINCT ON (region_id) region_id, tier FROM customers ORDER BY region_id, value) s",
                                    "s.region_id = orders.customer_id")
                            .set("tier", "s.tier"));

            assertThat(lineage.values()).isEmpty();
            assertThat(said(scratch, lineage.join()))
                    .isEqualTo("{customers=[region_id, value, tier], orders=[customer_id]}");
        }
    }

    @Test
    default void namesTheServerAndTheColumnsOfTables() {
        try (var scratch = tables(Scratch.in(database()))) {
            var regions = new TableName(scratch.schema(), "regions");
            var schemas =
                    database().schemas(scratch.session(), List.of(regions, new TableName(scratch.schema(), "gone")));

            assertThat(schemas.server()).matches("[a-z]+://[^/@]+:[0-9]+");
            assertThat(schemas.database()).isEqualTo(scratch.one("SELECT current_database()"));
            assertThat(schemas.columns()).isEqualTo(Map.of(regions, Map.of("id", "bigint", "Name", "text")));
        }
    }
}
