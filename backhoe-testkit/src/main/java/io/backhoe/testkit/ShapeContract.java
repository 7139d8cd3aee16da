package io.backhoe.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.backhoe.database.Session;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said about a person's SQL before it runs. */
public interface ShapeContract extends ContractDatabase {
    private static Scratch tables(Scratch scratch) {
        return scratch.execute("CREATE TABLE customers (id bigint PRIMARY KEY, value numeric, tier text)", """
                CREATE TABLE orders (
                    id bigint PRIMARY KEY, order_date date, customer_id bigint, data jsonb,
                    tier text, score integer, twice integer GENERATED ALWAYS AS (score * 2) STORED)
                """);
    }

    private static ShapeDraft orders(Scratch scratch) {
        return scratch.shape("orders")
                .chunks("order_date", "order_date", "id")
                .from("customers c", "c.id = orders.customer_id");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '\u0001',
            value = {
                "upper(c.tier)",
                "CASE WHEN c.value >= 8000 THEN 'platinum' ELSE 'bronze' END -- as of 2023",
                "(SELECT max(x.tier) FROM customers x WHERE x.id = orders.customer_id)",
                "CASE WHEN orders.data ? 'tier' THEN orders.data ->> 'tier' END",
                "orders.data::text || ':chunk'",
                "NULL",
            })
    default void acceptsAnExpressionThatTheServerCanPlan(String expression) {
        try (var scratch = tables(Scratch.in(database()))) {
            var draft = orders(scratch).set("tier", expression).where("orders.score IS NULL /* yet */");

            database().verify(scratch.session(), draft.table(), draft.shape());

            assertThat(scratch.one("SELECT count(*) FROM orders")).isEqualTo("0");
        }
    }

    @Test
    default void saysThatRowSecurityHidesRowsAndFromWhom() {
        try (var scratch = tables(Scratch.in(database()))) {
            String role = scratch.schema() + "_role";
            scratch.execute(
                    "CREATE ROLE " + role,
                    "GRANT USAGE ON SCHEMA " + scratch.schema() + " TO " + role,
                    "GRANT ALL ON orders, customers TO " + role,
                    "ALTER TABLE orders ENABLE ROW LEVEL SECURITY");
            try (Session stranger = scratch.another(Map.of("role", role))) {
                var draft = orders(scratch).set("tier", "c.tier");

                var refusal = catchThrowableOfType(
                        BackhoeException.class, () -> database().verify(stranger, draft.table(), draft.shape()));

                assertThat(refusal.code()).isEqualTo("row_security");
                assertThat(refusal)
                        .hasMessageContaining(
                                "Row-level security applies to this role on " + scratch.schema() + ".orders");
                assertThat(refusal.hint()).contains("BYPASSRLS");
            } finally {
                scratch.execute("DROP OWNED BY " + role, "DROP ROLE " + role);
            }
        }
    }

    private static BackhoeException refusal(Scratch scratch, UnaryOperator<ShapeDraft> change) {
        var draft = change.apply(orders(scratch));
        return catchThrowableOfType(
                BackhoeException.class,
                () -> scratch.database().verify(scratch.session(), draft.table(), draft.shape()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '\u0001',
            value = {
                "lifetime_valu * 2~ set tier~ does not exist",
                "tier~ set tier~ ambiguous",
                "c.tier~ set score~ is of type integer",
                "uper(c.tier)~ set tier~ does not exist",
                "'a' 'b'); DROP TABLE orders --~ set tier~ semicolon",
                "(c.tier~ set tier~ lacks a ')'",
                "count(*)~ set tier~ aggregate",
                "$1~ set tier~ parameter",
                ":chunk~ set tier~ parameter",
                "CASE WHEN~ set tier~ syntax error",
            })
    default void saysWhichExpressionIsWrongInTheServersWords(String expression, String piece, String words) {
        try (var scratch = tables(Scratch.in(database()))) {
            String column = piece.substring("set ".length());
            var refusal = refusal(
                    scratch,
                    draft -> draft.set("data", "NULL").set(column, expression).missing("data", "orders.data IS NULL"));

            assertThat(refusal.exit()).isEqualTo(ExitCode.USAGE);
            assertThat(refusal.code()).isEqualTo("expression_invalid");
            assertThat(refusal).hasMessageContaining("'" + piece + "'").hasMessageContaining(words);
        }
    }

    @Test
    default void saysWhichConditionIsWrong() {
        try (var scratch = tables(Scratch.in(database()))) {
            assertThat(refusal(scratch, d -> d.set("tier", "'a'").where("scor > 1")))
                    .hasMessageContaining("'where'");
            assertThat(refusal(scratch, d -> d.set("tier", "'a'").from("customers c", "c.idd = orders.id")))
                    .hasMessageContaining("'on'");
            assertThat(refusal(scratch, d -> d.set("tier", "'a'").from("custmers c", "c.id = orders.id")))
                    .hasMessageContaining("'from'");
            assertThat(refusal(scratch, d -> d.set("tier", "'a'").missing("tier", "orders.tier = 0")))
                    .hasMessageContaining("'missing_when of tier'");
            assertThat(refusal(scratch, d -> d.set("tier", "'a'").where("true) OR (true")))
                    .hasMessageContaining("'where'");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "id, column_not_settable",
        "order_date, column_not_settable",
        "twice, column_not_settable",
        "teir, column_not_found",
    })
    default void refusesToSetAColumnThatMustNotChange(String column, String code) {
        try (var scratch = tables(Scratch.in(database()))) {
            var draft = orders(scratch).set(column, "NULL");

            var refusal = catchThrowableOfType(BackhoeException.class, () -> scratch.sql(draft));

            assertThat(refusal.code()).isEqualTo(code);
            if (column.equals("teir")) {
                assertThat(refusal.hint()).contains("tier");
            }
        }
    }

    @Test
    default void namesTheVolatileFunctionsThatAreCalled() {
        try (var scratch = tables(Scratch.in(database()))) {
            scratch.execute(
                    "CREATE FUNCTION mine() RETURNS text LANGUAGE sql AS $$ SELECT 'x' $$",
                    "CREATE FUNCTION calm() RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT 'x' $$");
            var restless = orders(scratch)
                    .set("tier", "mine() || calm() || c.tier || random()")
                    .set("score", "(SELECT CAST(extract(second FROM clock_timestamp()) AS integer))")
                    .where("now() > current_date");
            var quiet = orders(scratch).set("tier", "upper(c.tier) || calm()");

            assertThat(database().volatileFunctions(scratch.session(), restless.shape()))
                    .containsExactly("clock_timestamp()", scratch.schema() + ".mine()", "random()");
            assertThat(database().volatileFunctions(scratch.session(), quiet.shape()))
                    .isEmpty();
            assertThat(scratch.lines("SELECT relname FROM pg_class WHERE relname = 'backhoe_expressions'"))
                    .isEmpty();
        }
    }
}
