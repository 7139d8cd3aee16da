package io.backhoe.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import io.backhoe.database.ColumnFacts;
import io.backhoe.database.ColumnFacts.Kind;
import io.backhoe.database.IndexFacts;
import io.backhoe.database.Session;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ChunkExtent;
import io.backhoe.value.ChunkRange;
import io.backhoe.value.ExitCode;
import io.backhoe.value.TableName;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The facts of a table. */
public interface TableContract extends ContractDatabase {
    private static Scratch orders(Scratch scratch) {
        return scratch.execute(
                "CREATE DOMAIN money_amount AS numeric(10,2) NOT NULL CHECK (VALUE >= 0)",
                "CREATE TABLE customers (id bigint PRIMARY KEY)",
                """
                CREATE TABLE orders (
                    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                    order_date date NOT NULL,
                    placed_at timestamp(3) with time zone,
                    local_time timestamp,
                    amount money_amount,
                    twice numeric GENERATED ALWAYS AS (amount * 2) STORED,
                    customer_id bigint REFERENCES customers,
                    customer_tier character varying(20),
                    CONSTRAINT sane CHECK (customer_id > 0))
                """,
                "CREATE INDEX orders_date_id ON orders (order_date, id)",
                "CREATE INDEX partly ON orders (placed_at) WHERE amount > 10",
                "CREATE INDEX backwards ON orders (order_date DESC)",
                "CREATE INDEX both_ways ON orders (order_date, id DESC)",
                "CREATE INDEX nulls_last ON orders (order_date DESC NULLS LAST)",
                "CREATE INDEX computed ON orders (lower(customer_tier))",
                "CREATE INDEX hashed ON orders USING hash (customer_id)",
                "CREATE INDEX covering ON orders (local_time) INCLUDE (amount)");
    }

    @Test
    default void readsColumnsKeyAndIndexes() {
        try (var scratch = orders(Scratch.in(database()))) {
            var facts = scratch.facts("orders");

            assertThat(facts.name()).isEqualTo(new TableName(scratch.schema(), "orders"));
            assertThat(facts.key()).containsExactly("id");
            assertThat(facts.columns())
                    .extracting(ColumnFacts::name, ColumnFacts::type, ColumnFacts::kind)
                    .contains(
                            tuple("id", "bigint", Kind.OTHER),
                            tuple("order_date", "date", Kind.DATE),
                            tuple("placed_at", "timestamp(3) with time zone", Kind.TIMESTAMPTZ),
                            tuple("local_time", "timestamp without time zone", Kind.TIMESTAMP),
                            tuple("amount", "numeric(10,2)", Kind.OTHER),
                            tuple("customer_tier", "character varying(20)", Kind.OTHER));
            assertThat(facts.columns().stream().filter(ColumnFacts::generated).map(ColumnFacts::name))
                    .containsExactly("id", "twice");
            assertThat(facts.columns().stream().filter(ColumnFacts::notNull).map(ColumnFacts::name))
                    .containsExactly("id", "order_date");
            assertThat(facts.indexes())
                    .containsExactly(
                            new IndexFacts("backwards", List.of("order_date"), false, false),
                            new IndexFacts("covering", List.of("local_time"), false, false),
                            new IndexFacts("orders_date_id", List.of("order_date", "id"), false, false),
                            new IndexFacts("orders_pkey", List.of("id"), true, true));
            assertThat(facts.triggers()).isEmpty();
        }
    }

    @Test
    default void takesAUniqueIndexForKeyOnlyWhereItIdentifiesRowsAtEveryMoment() {
        try (var scratch = Scratch.in(database())
                .execute(
                        "CREATE TABLE t (a integer NOT NULL, b integer NOT NULL, c integer, d integer NOT NULL)",
                        "CREATE UNIQUE INDEX nullable ON t (c)",
                        "CREATE UNIQUE INDEX partial ON t (a) WHERE a > 0",
                        "ALTER TABLE t ADD CONSTRAINT later UNIQUE (d) DEFERRABLE")) {
            assertThat(scratch.facts("t").key()).isEmpty();
            scratch.execute("CREATE UNIQUE INDEX pair ON t (b, a)");
            assertThat(scratch.facts("t").key()).containsExactly("b", "a");
        }
    }

    @Test
    default void fingerprintsWhatARunHangsOnAndNothingElse() {
        try (var scratch = orders(Scratch.in(database()))) {
            scratch.execute(
                    "CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
                    "CREATE TRIGGER touched BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION touch()",
                    "CREATE TRIGGER sleeping BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION touch()",
                    "ALTER TABLE orders DISABLE TRIGGER sleeping",
                    "CREATE TRIGGER born BEFORE INSERT ON orders FOR EACH ROW EXECUTE FUNCTION touch()",
                    "ALTER TABLE orders ENABLE ROW LEVEL SECURITY",
                    "CREATE POLICY mine ON orders FOR SELECT USING (customer_id = 1)");
            String schema = scratch.schema();
            var facts = scratch.facts("orders");

            assertThat(facts.triggers()).containsExactly("touched");
            assertThat(facts.fingerprint())
                    .containsExactly(
                            "column id bigint not null generated always as identity",
                            "column order_date date not null",
                            "column placed_at timestamp(3) with time zone",
                            "column local_time timestamp without time zone",
                            "column amount " + schema + ".money_amount",
                            "column twice numeric generated always as (((amount)::numeric * (2)::numeric))",
                            "column customer_id bigint",
                            "column customer_tier character varying(20)",
                            "key (id)",
                            "index backwards (order_date)",
                            "index covering (local_time)",
                            "index orders_date_id (order_date, id)",
                            "unique index orders_pkey (id)",
                            "constraint orders_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES " + schema
                                    + ".customers(id)",
                            "constraint orders_pkey PRIMARY KEY (id)",
                            "constraint sane CHECK (customer_id > 0)",
                            "insert trigger CREATE TRIGGER born BEFORE INSERT ON " + schema
                                    + ".orders FOR EACH ROW EXECUTE FUNCTION " + schema + ".touch()",
                            "trigger CREATE TRIGGER touched BEFORE UPDATE ON " + schema
                                    + ".orders FOR EACH ROW EXECUTE FUNCTION " + schema + ".touch()",
                            "row level security on",
                            "policy mine for select to public using ((customer_id = 1))");

            scratch.execute(
                    "INSERT INTO customers VALUES (1)",
                    "INSERT INTO orders (order_date, amount, customer_id) SELECT '2023-01-01', 1, 1",
                    "ANALYZE orders");
            Session elsewhere = scratch.another(Map.of("search_path", "pg_catalog", "TimeZone", "Asia/Tokyo"));
            var again = database().table(elsewhere, TableName.parse(schema + ".orders"));
            assertThat(again.fingerprint()).isEqualTo(facts.fingerprint());
            assertThat(again.estimatedRows()).isEqualTo(1);
            assertThat(facts.estimatedRows()).isEqualTo(-1);
        }
    }

    @Test
    default void leavesTheSessionAsItWas() {
        try (var scratch = orders(Scratch.in(database()))) {
            Session session = scratch.session();
            scratch.facts("orders");
            assertThat(scratch.one("SELECT current_setting('search_path')")).isEqualTo(scratch.schema());

            session.begin(Session.Isolation.READ_COMMITTED);
            session.execute("ALTER TABLE orders ADD COLUMN added integer");
            assertThat(scratch.facts("orders").column("added")).isPresent();
            assertThat(scratch.one("SELECT current_setting('search_path')")).isEqualTo(scratch.schema());
            session.rollback();
            assertThat(scratch.facts("orders").column("added")).isEmpty();
        }
    }

    @Test
    default void knowsAPartitionedTableAsOne() {
        try (var scratch = Scratch.in(database())
                .execute(
                        "CREATE TABLE m (id bigint, at date, v text, PRIMARY KEY (at, id)) PARTITION BY RANGE (at)",
                        "CREATE TABLE m1 PARTITION OF m FOR VALUES FROM ('2023-01-01') TO ('2023-02-01')",
                        "CREATE TABLE m2 PARTITION OF m FOR VALUES FROM ('2023-02-01') TO ('2023-03-01')",
                        "CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
                        "CREATE TRIGGER one BEFORE UPDATE ON m2 FOR EACH ROW EXECUTE FUNCTION touch()",
                        "INSERT INTO m SELECT g, date '2023-01-01' + g % 59, 'x' FROM generate_series(1, 590) g",
                        "ANALYZE m")) {
            var facts = scratch.facts("m");

            assertThat(facts.key()).containsExactly("at", "id");
            assertThat(facts.estimatedRows()).isEqualTo(590);
            assertThat(facts.triggers()).containsExactly("one");
            assertThat(facts.fingerprint()).contains("partitioned by RANGE (at)");
            assertThat(scratch.facts("m1").key()).containsExactly("at", "id");
        }
    }

    @Test
    default void findsNamesInQuotesAndInAnyScript() {
        try (var scratch = Scratch.in(database())
                .execute(
                        "CREATE TABLE \"Bestell Köpfe\" (\"Größe\" integer PRIMARY KEY, \"order\" text, \"a\"\"b\" int)")) {
            var facts = scratch.facts("\"Bestell Köpfe\"");

            assertThat(facts.key()).containsExactly("Größe");
            assertThat(facts.columns()).extracting(ColumnFacts::name).containsExactly("Größe", "order", "a\"b");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "v, not_a_table, view",
        "mv, not_a_table, materialized view",
        "parent, has_inheritance_children, inherit",
        "ruled, has_update_rules, rule",
        "tmp, temporary_table, temporary",
        "pg_catalog.pg_class, system_catalog, system catalog",
        "ordesr, table_not_found, no table",
        "nowhere.orders, table_not_found, no table",
    })
    default void refusesWhatCannotBeFilledAndSaysWhy(String name, String code, String words) {
        try (var scratch = orders(Scratch.in(database()))) {
            scratch.execute(
                    "CREATE VIEW v AS SELECT 1 AS a",
                    "CREATE MATERIALIZED VIEW mv AS SELECT 1 AS a",
                    "CREATE TABLE parent (a integer)",
                    "CREATE TABLE child () INHERITS (parent)",
                    "CREATE TABLE ruled (a integer)",
                    "CREATE RULE r AS ON UPDATE TO ruled DO INSTEAD NOTHING",
                    "CREATE TEMPORARY TABLE tmp (a integer)");

            var refusal = catchThrowableOfType(BackhoeException.class, () -> scratch.facts(name));

            assertThat(refusal.exit()).isEqualTo(ExitCode.REFUSED);
            assertThat(refusal.code()).isEqualTo(code);
            assertThat(refusal).hasMessageContaining(words);
            assertThat(refusal.hint()).isNotBlank();
            if (code.equals("table_not_found")) {
                assertThat(refusal.hint()).contains(scratch.schema() + ".orders");
            }
        }
    }

    @Test
    default void namesTheRightsThatAreMissing() {
        try (var scratch = orders(Scratch.in(database()))) {
            var facts = scratch.facts("orders");
            String role = scratch.schema() + "_role";
            Set<String> columns = Set.of("customer_tier", "amount", "no_such_column");
            assertThat(database().missingRights(scratch.session(), facts, columns))
                    .isEmpty();
            scratch.execute("CREATE ROLE " + role, "GRANT USAGE ON SCHEMA " + scratch.schema() + " TO " + role);
            try (Session stranger = scratch.another(Map.of("role", role))) {
                List<String> missing = database().missingRights(stranger, facts, columns);
                assertThat(missing)
                        .containsExactly(
                                "GRANT SELECT ON " + scratch.schema() + ".orders TO " + role + ";",
                                "GRANT UPDATE (amount) ON " + scratch.schema() + ".orders TO " + role + ";",
                                "GRANT UPDATE (customer_tier) ON " + scratch.schema() + ".orders TO " + role + ";",
                                "GRANT USAGE, CREATE ON SCHEMA backhoe TO " + role + ";");

                missing.forEach(scratch.session()::execute);
                assertThat(database().missingRights(stranger, facts, columns)).isEmpty();
            } finally {
                scratch.execute("DROP OWNED BY " + role, "DROP ROLE " + role);
            }
        }
    }

    @Test
    default void estimatesManyRangesAtOnce() {
        try (var scratch = orders(Scratch.in(database()))) {
            scratch.execute("""
                    INSERT INTO orders (order_date, amount)
                    SELECT date '2023-01-01' + g % 100, 1 FROM generate_series(1, 10000) g
                    """, "ANALYZE orders");
            var shape = scratch.shape("orders")
                    .chunks("order_date", "order_date", "id")
                    .shape();

            List<Long> rows = database()
                    .estimateRows(
                            scratch.session(),
                            shape.table(),
                            shape.chunkColumn(),
                            Stream.of(
                                            new ChunkRange("2023-01-01", "2023-01-11"),
                                            new ChunkRange("2023-01-11", "2023-01-11"),
                                            new ChunkRange("2023-01-11", "2023-03-01"))
                                    .map(ChunkExtent::of)
                                    .toList());

            assertThat(rows).hasSize(3);
            assertThat(rows.get(0)).isBetween(500L, 2_000L);
            assertThat(rows.get(1)).isLessThan(200L);
            assertThat(rows.get(2)).isBetween(3_500L, 6_500L);
        }
    }
}
