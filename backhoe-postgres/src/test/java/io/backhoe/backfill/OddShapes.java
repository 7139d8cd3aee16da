package io.backhoe.backfill;

import static io.backhoe.backfill.OddTable.plain;

import java.util.stream.Stream;

/** Partitions, inheritance, triggers, generated columns, and tables with nearly nothing in them. */
final class OddShapes {
    private OddShapes() {}

    private static String partitioned(String by) {
        return """
                CREATE TABLE t (id bigint, at timestamptz, region text, n integer NOT NULL DEFAULT 0) PARTITION BY %s;
                """.formatted(by);
    }

    private static final String REGIONS = """
            INSERT INTO t SELECT i, timestamptz '2022-12-20 00:00Z' + i * interval '2 days',
                                 CASE i % 4 WHEN 0 THEN 'north' WHEN 1 THEN 'south' WHEN 2 THEN 'else' END
            FROM generate_series(1, 200) i;
            """;

    static Stream<Animal> all() {
        String dates = partitioned("RANGE (at)") + """
                ALTER TABLE t ADD PRIMARY KEY (at, id);
                CREATE TABLE t22 PARTITION OF t FOR VALUES FROM (MINVALUE) TO ('2023-01-01Z');
                CREATE TABLE t23a PARTITION OF t FOR VALUES FROM ('2023-01-01Z') TO ('2023-07-01Z');
                CREATE TABLE t_rest PARTITION OF t DEFAULT;
                """ + REGIONS;
        String lists = "CREATE TABLE t (id bigint, at timestamptz, region text NOT NULL, n integer NOT NULL DEFAULT 0,"
                + " PRIMARY KEY (region, id)) PARTITION BY LIST (region);"
                + "CREATE TABLE t_n PARTITION OF t FOR VALUES IN ('north', 'south') PARTITION BY HASH (id);"
                + "CREATE TABLE t_n0 PARTITION OF t_n FOR VALUES WITH (MODULUS 2, REMAINDER 0);"
                + "CREATE TABLE t_n1 PARTITION OF t_n FOR VALUES WITH (MODULUS 2, REMAINDER 1);"
                + "CREATE TABLE t_d PARTITION OF t DEFAULT;"
                + "INSERT INTO t SELECT i, timestamptz '2022-12-20 00:00Z' + i * interval '2 days',"
                + " CASE i % 3 WHEN 0 THEN 'north' WHEN 1 THEN 'south' ELSE 'else' END FROM generate_series(1, 200) i;";
        return Stream.of(
                Animal.of("partitions by date and a default, by month")
                        .made(dates)
                        .year("at")
                        .strategy("chunk_by: month"),
                Animal.of("partitions by date and a default, each a chunk")
                        .made(dates)
                        .year("at")
                        .strategy("chunk_by: partition"),
                Animal.of("partitions by date and a default, by key").made(dates),
                Animal.of("partitions by date and a default, as it comes")
                        .made(dates)
                        .year("at")
                        .strategy("chunk_by: auto"),
                Animal.of("partitions of two levels and a default, each a chunk")
                        .made(lists)
                        .strategy("chunk_by: partition"),
                Animal.of("partitions of two levels and a default, in pieces")
                        .made(lists)
                        .year("at")
                        .strategy("chunk_by: partition, chunk_size: 30"),
                Animal.of("partitions of two levels and a default, by month")
                        .made(lists)
                        .year("at")
                        .strategy("chunk_by: month"),
                Animal.of("partitions of two levels and a default, by key")
                        .made(lists)
                        .year("at"),
                Animal.of("columns in another order in a partition")
                        .made(partitioned("RANGE (id)") + """
                        ALTER TABLE t ADD PRIMARY KEY (id);
                        CREATE TABLE p (gone integer, n integer NOT NULL DEFAULT 0, region text, id bigint NOT NULL, at timestamptz);
                        ALTER TABLE p DROP COLUMN gone;
                        ALTER TABLE t ATTACH PARTITION p FOR VALUES FROM (1) TO (100);
                        CREATE TABLE q PARTITION OF t DEFAULT;
                        """ + REGIONS)
                        .strategy("chunk_by: partition"),
                Animal.of("no index on the date").made(plain("")).year("at").strategy("chunk_by: month"),
                Animal.of("a date that is NULL in places")
                        .made(plain("") + "UPDATE t SET at = NULL WHERE id % 3 = 0;" + "CREATE INDEX ON t (at, id);")
                        .year("at")
                        .strategy("chunk_by: quarter"),
                Animal.of("a date that is infinite or before Christ in places")
                        .made(plain("")
                                + "UPDATE t SET at = CASE id % 3 WHEN 0 THEN timestamptz 'infinity' WHEN 1 THEN '-infinity' ELSE '0044-03-15 BC' END"
                                + " WHERE id % 4 = 0; CREATE INDEX ON t (at, id);")
                        .year("at")
                        .strategy("chunk_by: month"),
                Animal.of("a date that is infinite, and chunks as they come")
                        .made(plain("") + "UPDATE t SET at = 'infinity' WHERE id % 2 = 0; CREATE INDEX ON t (at, id);")
                        .year("at")
                        .strategy("chunk_by: auto"),
                Animal.of("the date is the key").made("""
                        CREATE TABLE t (at timestamptz PRIMARY KEY, n integer NOT NULL DEFAULT 0);
                        INSERT INTO t SELECT timestamptz '2022-12-20 00:00Z' + i * interval '2 days' FROM generate_series(1, 200) i""").year("at").strategy("chunk_by: month"),
                Animal.of("the date is a part of the key, and not its first")
                        .made("""
                        CREATE TABLE t (id integer, at timestamptz, n integer NOT NULL DEFAULT 0, PRIMARY KEY (id, at));
                        INSERT INTO t SELECT i % 5, timestamptz '2022-12-20 00:00Z' + i * interval '2 days' FROM generate_series(1, 200) i""")
                        .year("at")
                        .strategy("chunk_by: auto"),
                Animal.of("the date is computed").made("""
                        CREATE TABLE t (id integer PRIMARY KEY, "at" timestamptz NOT NULL, n integer NOT NULL DEFAULT 0,
                                        day date GENERATED ALWAYS AS (CAST("at" AT TIME ZONE 'UTC' AS date)) STORED);
                        CREATE INDEX ON t (day, id);
                        INSERT INTO t SELECT i, timestamptz '2022-12-20 00:00Z' + i * interval '2 days' FROM generate_series(1, 200) i""").year("day").strategy("chunk_by: month"),
                Animal.of("a descending index on the date, which is walked backwards")
                        .made(plain("") + "CREATE INDEX ON t (at DESC, id DESC);")
                        .year("at")
                        .strategy("chunk_by: month"),
                Animal.of("empty").made(plain("") + "TRUNCATE t;"),
                Animal.of("empty, by month")
                        .made(plain("") + "TRUNCATE t;")
                        .year("at")
                        .strategy("chunk_by: auto"),
                Animal.of("one row")
                        .made(plain("") + "DELETE FROM t WHERE id > 1;")
                        .year("at")
                        .strategy("chunk_by: month")
                        .scope("date_column: at\n    date_range: { start: 2022-12-01, end: 2023-02-01 }", "true"),
                Animal.of("nothing in scope")
                        .made(plain("") + "DELETE FROM t WHERE id < 20;")
                        .scope("date_column: at\n    date_range: { start: 2001-01-01, end: 2001-03-01 }", "false")
                        .strategy("chunk_by: month"),
                Animal.of("unlogged").made(plain("").replace("CREATE TABLE", "CREATE UNLOGGED TABLE")),
                Animal.of("1,600 columns").made("""
                        DO $$ BEGIN EXECUTE 'CREATE TABLE t (id integer PRIMARY KEY, n smallint NOT NULL DEFAULT 0, '
                            || (SELECT string_agg('c' || i || ' boolean', ', ') FROM generate_series(3, 1600) i) || ')'; END $$;
                        INSERT INTO t (id, c1600) SELECT i, true FROM generate_series(1, 60) i""").strategy("chunk_by: key, chunk_size: 20"),
                Animal.of("rows of a megabyte")
                        .made("""
                        CREATE TABLE t (id integer PRIMARY KEY, n integer NOT NULL DEFAULT 0, body text);
                        ALTER TABLE t ALTER body SET STORAGE EXTERNAL;
                        INSERT INTO t SELECT i, 0, repeat(md5(CAST(i AS text)), 32768) FROM generate_series(1, 40) i""")
                        .set("body", "body || n")
                        .strategy("chunk_by: key, chunk_size: 10"),
                Animal.of("a trigger that counts changes").made(plain(", version integer NOT NULL DEFAULT 0") + """
                        CREATE FUNCTION counts() RETURNS trigger LANGUAGE plpgsql AS
                        'BEGIN NEW.n := NEW.n * 10; RETURN NEW; END';
                        CREATE TRIGGER counts BEFORE UPDATE ON t FOR EACH ROW WHEN (NEW.n > OLD.n) EXECUTE FUNCTION counts();"""),
                Animal.of("a trigger that is switched off").made(plain("") + """
                        CREATE FUNCTION fails() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE ''no''; END';
                        CREATE TRIGGER fails BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION fails();
                        ALTER TABLE t DISABLE TRIGGER fails;"""),
                Animal.of("row-level security, of the owner")
                        .made(plain("")
                                + "ALTER TABLE t ENABLE ROW LEVEL SECURITY; CREATE POLICY none ON t USING (false);"),
                Animal.of("a table that is typed").made("""
                        CREATE TYPE thing AS (id integer, n integer);
                        CREATE TABLE t OF thing (PRIMARY KEY (id), n NOT NULL DEFAULT 0);
                        INSERT INTO t SELECT i FROM generate_series(1, 200) i"""),
                Animal.of("a child of another table").made("""
                        CREATE TABLE parent (id integer, n integer NOT NULL DEFAULT 0);
                        CREATE TABLE t (PRIMARY KEY (id)) INHERITS (parent);
                        INSERT INTO t SELECT i FROM generate_series(1, 200) i"""),
                Animal.of("a column that was dropped").made(plain(", gone text") + "ALTER TABLE t DROP COLUMN gone;"),
                Animal.of("foreign keys to and from")
                        .made(plain("")
                                + "CREATE TABLE c (t_id bigint REFERENCES t, n integer); INSERT INTO c SELECT id FROM t;"
                                + "ALTER TABLE t ADD parent bigint REFERENCES t;")
                        .set("parent", "id"),
                Animal.of("an exclusion constraint that can be deferred").made("""
                        CREATE TABLE t (id integer PRIMARY KEY, n integer NOT NULL, EXCLUDE USING btree (n WITH =) DEFERRABLE INITIALLY DEFERRED);
                        INSERT INTO t SELECT i, -1000 * i FROM generate_series(1, 200) i"""));
    }
}
