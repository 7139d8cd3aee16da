package io.backhoe.backfill;

import java.util.List;

/** Each finding that a table, a spec or a database can give rise to, and what comes close to it but is none. */
final class Scenes {
    private static final String FROM = "from: \"customers c\"";
    private static final String ON = "on: \"c.id = orders.customer_id\"";
    private static final String TIER = "tier: \"CASE WHEN c.worth > 50 THEN 'gold' ELSE 'bronze' END\"";

    /** Joined by what a customer is worth, whoever is worth 50 has two. */
    private static final String FLOORS = "CREATE TABLE floors AS SELECT * FROM (VALUES (0), (50)) f (least)";

    private static final String DEFERRABLE_KEY =
            "ALTER TABLE orders DROP CONSTRAINT orders_pkey, ADD PRIMARY KEY (id) DEFERRABLE";

    private static final String PARTITIONED = """
                                ALTER TABLE orders RENAME TO old_orders;
                                CREATE TABLE orders (LIKE old_orders) PARTITION BY RANGE (order_date);
                                CREATE TABLE orders_1 PARTITION OF orders (PRIMARY KEY (id, order_date))
                                    FOR VALUES FROM ('2023-01-01') TO ('2023-07-01') WITH (fillfactor = 80);
                                CREATE TABLE orders_2 PARTITION OF orders
                                    FOR VALUES FROM ('2023-07-01') TO ('2025-01-01') WITH (fillfactor = 80);
                                ALTER TABLE orders_1 DROP CONSTRAINT orders_1_pkey;
                                ALTER TABLE orders ADD PRIMARY KEY (id, order_date);
                                INSERT INTO orders SELECT * FROM old_orders;
                                ANALYZE orders""";

    private Scenes() {}

    static List<Scene> ofKeysAndPaths() {
        return List.of(
                Scene.of("a shop in good order has no blocker and no warning"),
                Scene.of("a table without a key is a blocker")
                        .given("ALTER TABLE orders DROP CONSTRAINT orders_pkey")
                        .shows("no_key")
                        .not("reached_by_index"),
                Scene.of("a unique index stands in for the primary key")
                        .given("ALTER TABLE orders DROP CONSTRAINT orders_pkey; CREATE UNIQUE INDEX ON orders (id)")
                        .shows("key_stands_in"),
                Scene.of("a deferrable primary key is a key like any other").given(DEFERRABLE_KEY),
                Scene.of("an index on the date alone is told")
                        .given("DROP INDEX orders_by_date; CREATE INDEX ON orders (order_date)")
                        .shows("sorted_for_each_batch")
                        .not("reached_by_index"),
                Scene.of("without an index on the date each chunk reads everything")
                        .given("DROP INDEX orders_by_date")
                        .shows("chunks_read_everything")
                        .not("reached_by_index"),
                Scene.of("a BRIN index is no path for keys")
                        .given("DROP INDEX orders_by_date; CREATE INDEX ON orders USING brin (order_date)")
                        .shows("chunks_read_everything")
                        .not("reached_by_index"),
                Scene.of("an index whose NULLs are at the wrong end is passed over, and named")
                        .given("DROP INDEX orders_by_date; CREATE INDEX down ON orders (order_date DESC NULLS LAST)")
                        .shows("chunks_read_everything")
                        .not("reached_by_index"),
                Scene.of("more workers than processors are a warning")
                        .spec("  scope:", "  server: { cpus: 1 }\n  scope:")
                        .shows("more_workers_than_cpus"),
                Scene.of("free space that is said is compared")
                        .spec("  scope:", "  server: { disk_free: 100GB }\n  scope:")
                        .shows("disk_will_do")
                        .not("disk_not_watched"),
                Scene.of("free space that is too little is told")
                        .spec("  scope:", "  server: { disk_free: 10kB }\n  scope:")
                        .shows("disk_may_not_do")
                        .not("disk_not_watched"),
                Scene.of("stretches of the key read each row once")
                        .given("DROP INDEX orders_by_date")
                        .spec("chunk_by: month", "chunk_by: key")
                        .shows("reached_by_key")
                        .not("reached_by_index"),
                Scene.of("rows of all dates may be meant")
                        .spec(
                                "    date_range: { start: 2023-01-01, end: 2024-01-01 }\n",
                                "",
                                "chunk_by: month",
                                "chunk_by: auto")
                        .shows("reached_by_key")
                        .not("reached_by_index"),
                Scene.of("without any dates it does not show what the application does")
                        .given("ALTER TABLE orders DROP order_date")
                        .spec(
                                "    date_column: order_date\n",
                                "",
                                "    date_range: { start: 2023-01-01, end: 2024-01-01 }\n",
                                "",
                                "chunk_by: month",
                                "chunk_by: key")
                        .shows("reached_by_key", "could_not_tell")
                        .not("reached_by_index", "no_recent_rows"),
                Scene.of("what is chosen where it is left open is an index that begins with the date")
                        .spec("chunk_by: month", "chunk_by: auto"),
                Scene.of("hours of a date are refused")
                        .given("ALTER TABLE orders ALTER order_date TYPE date")
                        .spec("chunk_by: month", "chunk_by: hour")
                        .shows("hour_of_a_date")
                        .not("reached_by_index", "no_recent_rows"),
                Scene.of("a table without partitions has no chunks of them")
                        .spec("chunk_by: month", "chunk_by: partition")
                        .shows("not_partitioned")
                        .not("reached_by_index"),
                Scene.of("partitions by date bound what a chunk of dates reads")
                        .given(PARTITIONED)
                        .shows("chunks_read_everything")
                        .not("reached_by_index"),
                Scene.of("partitions may be the chunks")
                        .given(PARTITIONED)
                        .spec("chunk_by: month", "chunk_by: partition")
                        .shows("reached_by_partition")
                        .not("reached_by_index"));
    }

    static List<Scene> ofTheSpec() {
        return List.of(
                Scene.of("SQL that does not work is a blocker")
                        .spec(TIER, "tier: \"nosuch(1)\"")
                        .shows("expression_invalid"),
                Scene.of("a column of the key cannot be set")
                        .spec(TIER, "id: \"1\"")
                        .shows("column_not_settable", "index_on_set_column", "never_missing")
                        .not("no_recent_rows"),
                Scene.of("an expression that differs each time is told")
                        .spec(TIER, "tier: \"CAST(random() AS text)\"")
                        .shows("expression_volatile"),
                Scene.of("an expression that stays the same in a transaction is not")
                        .spec(TIER, "tier: \"CAST(now() AS text)\""),
                Scene.of("a date column that is to be guessed among two is a blocker")
                        .given("ALTER TABLE orders ADD paid date; DROP INDEX orders_by_date")
                        .spec("    date_column: order_date\n", "")
                        .shows("date_column_missing")
                        .not("reached_by_index", "no_recent_rows"),
                Scene.of("a date column that is none is a blocker")
                        .spec("date_column: order_date", "date_column: n")
                        .shows("not_a_date_column")
                        .not("reached_by_index", "no_recent_rows"),
                Scene.of("a date column that is not there is a blocker")
                        .spec("date_column: order_date", "date_column: ordered")
                        .shows("column_not_found")
                        .not("reached_by_index", "no_recent_rows"),
                Scene.of("the only date column need not be named").spec("    date_column: order_date\n", ""),
                Scene.of("a column of dates takes whole days")
                        .given("ALTER TABLE orders ALTER order_date TYPE date")
                        .spec("start: 2023-01-01", "start: 2023-01-01T06:00:00")
                        .shows("range_needs_dates")
                        .not("reached_by_index", "no_recent_rows"),
                Scene.of("a run that cannot be undone is a warning")
                        .spec("  strategy:", "  rollback: { strategy: none }\n  strategy:")
                        .shows("no_undo"));
    }

    static List<Scene> ofTheRows() {
        return List.of(
                Scene.of("a scope without rows is a warning")
                        .spec("start: 2023", "start: 1990", "end: 2024", "end: 1991")
                        .shows("scope_empty"),
                Scene.of("a gap that is closed is told")
                        .given("UPDATE orders SET tier = 'x'")
                        .shows("nothing_missing")
                        .not("no_recent_rows"),
                Scene.of("a column that is never NULL needs another rule of what is missing")
                        .given("UPDATE orders SET tier = ''; ALTER TABLE orders ALTER tier SET NOT NULL")
                        .shows("never_missing")
                        .not("no_recent_rows"),
                Scene.of("with that rule it has a gap again")
                        .given("UPDATE orders SET tier = ''; ALTER TABLE orders ALTER tier SET NOT NULL")
                        .spec("    from:", "    missing_when: \"tier = ''\"\n    from:"),
                Scene.of("values that are overwritten are a warning")
                        .spec("chunk_by: month", "chunk_by: month, preserve_existing: false")
                        .shows("existing_values_overwritten"),
                Scene.of("rows without a date are in no chunk")
                        .given("ALTER TABLE orders ALTER order_date DROP NOT NULL;"
                                + " INSERT INTO orders VALUES (1001, 1, NULL, 1, NULL)")
                        .shows("rows_without_date"),
                Scene.of("a date that may be NULL and never is, is nothing to mention")
                        .given("ALTER TABLE orders ALTER order_date DROP NOT NULL"),
                Scene.of("new rows without a value are a warning")
                        .given("INSERT INTO orders SELECT i, 1, now() - i * interval '1 minute', 1, NULL"
                                + " FROM generate_series(1001, 2500) i")
                        .shows("still_arriving_empty")
                        .not("no_recent_rows"),
                Scene.of("a few new rows without a value are told")
                        .given("INSERT INTO orders SELECT i, 1, now() - i * interval '1 minute', 1,"
                                + " CASE WHEN i % 9 > 0 THEN 'x' END FROM generate_series(1001, 2500) i")
                        .shows("some_arrive_empty")
                        .not("no_recent_rows"),
                Scene.of("dates in the future do not count as new")
                        .given("INSERT INTO orders SELECT i, 1, now() + i * interval '1 day', 1, NULL"
                                + " FROM generate_series(1001, 2500) i"));
    }

    static List<Scene> ofTheJoin() {
        return List.of(
                Scene.of("a key that occurs twice in what is joined is a blocker")
                        .given(
                                "ALTER TABLE customers DROP CONSTRAINT customers_pkey; INSERT INTO customers VALUES (7, 1)")
                        .shows("match_not_unique"),
                Scene.of("a key that nothing keeps unique is a warning")
                        .given("ALTER TABLE customers DROP CONSTRAINT customers_pkey")
                        .shows("match_not_guaranteed"),
                Scene.of("several matches are found in whatever is joined")
                        .given(FLOORS)
                        .spec(
                                FROM,
                                "from: \"customers c, floors f\"",
                                ON,
                                "on: \"c.id = orders.customer_id AND f.least <= c.worth\"")
                        .shows("match_not_unique"),
                Scene.of("several matches of rows that have a value forbid it where these are overwritten")
                        .given(FLOORS + "; UPDATE orders SET tier = 'x' WHERE customer_id >= 50")
                        .spec(
                                FROM,
                                "from: \"customers c, floors f\"",
                                ON,
                                "on: \"c.id = orders.customer_id AND f.least <= c.worth\"",
                                "chunk_by: month",
                                "chunk_by: month, preserve_existing: false")
                        .shows("match_not_unique", "existing_values_overwritten"),
                Scene.of("and not where they keep their value")
                        .given(FLOORS + "; UPDATE orders SET tier = 'x' WHERE customer_id >= 50")
                        .spec(
                                FROM,
                                "from: \"customers c, floors f\"",
                                ON,
                                "on: \"c.id = orders.customer_id AND f.least <= c.worth\"")
                        .shows("match_not_guaranteed"),
                Scene.of("what is joined may be unique by its own making")
                        .given(
                                "ALTER TABLE customers DROP CONSTRAINT customers_pkey; INSERT INTO customers VALUES (7, 1)")
                        .spec(FROM, "from: \"(SELECT id, max(worth) AS worth FROM customers GROUP BY id) c\""),
                Scene.of("rows without a match are counted")
                        .given("DELETE FROM customers WHERE id > 90")
                        .shows("rows_without_match"),
                Scene.of("conditions may speak of what is joined")
                        .spec("    date_range:", "    where: \"c.worth < 60\"\n    date_range:"));
    }

    static List<Scene> ofTheTable() {
        return List.of(
                Scene.of("a trigger that changes the row is named with what it sets")
                        .given(trigger("NEW.n := NEW.n + 1; RETURN NEW;", "BEFORE UPDATE", "ROW"))
                        .shows("trigger_changes_rows"),
                Scene.of("a trigger that only compares does not change the row")
                        .given(trigger("IF NEW.n = 1 THEN PERFORM 1; END IF; RETURN NEW;", "BEFORE UPDATE", "ROW"))
                        .shows("trigger_fires"),
                Scene.of("a trigger that changes the date may have a row come up twice")
                        .given(trigger("NEW.order_date := now(); RETURN NEW;", "BEFORE UPDATE", "ROW"))
                        .shows("trigger_changes_rows", "trigger_may_move_rows"),
                Scene.of("also where that date is the only one, and not named")
                        .given(trigger("NEW.order_date := now(); RETURN NEW;", "BEFORE UPDATE", "ROW"))
                        .spec("    date_column: order_date\n", "")
                        .shows("trigger_changes_rows", "trigger_may_move_rows"),
                Scene.of("and not where chunks are stretches of the key")
                        .given(trigger("NEW.order_date := now(); RETURN NEW;", "BEFORE UPDATE", "ROW"))
                        .spec("chunk_by: month", "chunk_by: key")
                        .shows("trigger_changes_rows", "reached_by_key")
                        .not("reached_by_index"),
                Scene.of("chunks by a date that is computed from what is set are a blocker")
                        .given("ALTER TABLE orders ADD day date NOT NULL GENERATED ALWAYS AS"
                                + " (CASE WHEN tier = 'gold' THEN date '2023-06-01' ELSE date '2023-02-01' END) STORED;"
                                + " CREATE INDEX ON orders (day, id)")
                        .spec("date_column: order_date", "date_column: day")
                        .shows("rows_move", "computed_column", "index_on_set_column"),
                Scene.of("a trigger for each statement fires once a batch")
                        .given(trigger("RETURN NULL;", "AFTER UPDATE", "STATEMENT"))
                        .shows("trigger_fires_once_a_batch"),
                Scene.of("a trigger of another column does not fire")
                        .given(trigger("RETURN NEW;", "BEFORE UPDATE OF n", "ROW")),
                Scene.of("a disabled trigger does not fire")
                        .given(trigger("RETURN NEW;", "BEFORE UPDATE", "ROW")
                                + "; ALTER TABLE orders DISABLE TRIGGER t"),
                Scene.of("a foreign key of the column is looked up for each row")
                        .given("CREATE TABLE tiers (name text PRIMARY KEY);"
                                + " INSERT INTO tiers VALUES ('kept'), ('gold'), ('bronze');"
                                + " ALTER TABLE orders ADD FOREIGN KEY (tier) REFERENCES tiers")
                        .shows("foreign_key_checked"),
                Scene.of("a foreign key of another column is nothing to mention")
                        .given("ALTER TABLE orders ADD FOREIGN KEY (customer_id) REFERENCES customers"),
                Scene.of("who refers to the column is named")
                        .given("UPDATE orders SET tier = NULL; ALTER TABLE orders ADD UNIQUE (tier);"
                                + " CREATE TABLE notes (tier text REFERENCES orders (tier))")
                        .shows("referenced_by", "index_on_set_column"),
                Scene.of("a check of the column is told")
                        .given("ALTER TABLE orders ADD CHECK (length(tier) < 10)")
                        .shows("check_constraint"),
                Scene.of("a check that old rows may break is a warning, of whichever column")
                        .given("ALTER TABLE orders ADD CHECK (n > 5) NOT VALID")
                        .shows("check_not_valid"),
                Scene.of("a column that is computed from it changes along")
                        .given("ALTER TABLE orders ADD shout text GENERATED ALWAYS AS (upper(tier)) STORED")
                        .shows("computed_column"),
                Scene.of("a domain has rules of its own")
                        .given("CREATE DOMAIN tier_name AS text CHECK (VALUE <> '');"
                                + " ALTER TABLE orders ALTER tier TYPE tier_name")
                        .shows("domain_checked"),
                Scene.of("an index of the column makes every change dear")
                        .given("CREATE INDEX ON orders (tier)")
                        .shows("index_on_set_column"),
                Scene.of("so does one whose expression speaks of it")
                        .given("CREATE INDEX ON orders (lower(tier))")
                        .shows("index_on_set_column"),
                Scene.of("so does one whose condition speaks of it")
                        .given("CREATE INDEX ON orders (n) WHERE tier IS NULL")
                        .shows("index_on_set_column"),
                Scene.of("full pages are told")
                        .given("ALTER TABLE orders RESET (fillfactor)")
                        .shows("pages_are_full"),
                Scene.of("row-level security that does not apply to us is told")
                        .given("ALTER TABLE orders ENABLE ROW LEVEL SECURITY")
                        .shows("row_security_bypassed"),
                Scene.of("a publication of the table is a warning")
                        .given("CREATE PUBLICATION everybody FOR TABLE orders")
                        .shows("published"),
                Scene.of("a publication of its inserts alone is nothing to mention")
                        .given("CREATE PUBLICATION everybody FOR TABLE orders WITH (publish = 'insert')"),
                Scene.of("a published table without an identity cannot be updated at all")
                        .given(
                                "CREATE PUBLICATION everybody FOR ALL TABLES; ALTER TABLE orders REPLICA IDENTITY NOTHING")
                        .shows("no_replica_identity"),
                Scene.of("a deferrable primary key is no identity of what is published")
                        .given(DEFERRABLE_KEY + "; CREATE PUBLICATION everybody FOR TABLE orders")
                        .shows("no_replica_identity"),
                Scene.of("whole rows in the log are a warning")
                        .given("ALTER TABLE orders REPLICA IDENTITY FULL")
                        .shows("replica_identity_full"),
                Scene.of("a table that is never vacuumed by itself is a warning")
                        .given("ALTER TABLE orders SET (autovacuum_enabled = off)")
                        .shows("autovacuum_off"),
                Scene.of("a table without statistics is a warning")
                        .given(
                                "ALTER TABLE orders RENAME TO old_orders; CREATE TABLE orders (LIKE old_orders INCLUDING ALL)"
                                        + " WITH (fillfactor = 80, autovacuum_enabled = on); INSERT INTO orders SELECT * FROM old_orders")
                        .shows("never_analyzed"),
                Scene.of("a rule that rewrites UPDATE is a blocker")
                        .given("CREATE RULE r AS ON UPDATE TO orders DO ALSO NOTHING")
                        .shows("has_update_rules")
                        .not("reached_by_index", "disk_not_watched", "no_recent_rows"),
                Scene.of("tables that inherit from it are a blocker")
                        .given("CREATE TABLE more () INHERITS (orders)")
                        .shows("has_inheritance_children")
                        .not("reached_by_index", "disk_not_watched", "no_recent_rows"),
                Scene.of("a role whose transactions are read only is a blocker")
                        .given("DO 'BEGIN EXECUTE format(''ALTER DATABASE %I SET default_transaction_read_only = on'',"
                                + " current_database()); END'")
                        .shows("server_read_only"));
    }

    private static String trigger(String body, String when, String each) {
        return "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN " + body + " END';"
                + " CREATE TRIGGER t " + when + " ON orders FOR EACH " + each + " EXECUTE FUNCTION f()";
    }
}
