package io.backhoe.backfill;

import java.util.stream.Stream;

/** The odd tables that a backfill gets along with. */
final class Cages {
    /** 200 rows from before 2023 to after it, beside {@code id} and {@code n}. */
    private static final String ROWS = """
            INSERT INTO t (id, at) SELECT i, timestamptz '2022-12-20 00:00Z' + i * interval '2 days'
            FROM generate_series(1, 200) i;
            """;

    private static final String PLAIN =
            "CREATE TABLE t (id bigint PRIMARY KEY, at timestamptz, n integer NOT NULL DEFAULT 0%s);\n" + ROWS;

    private Cages() {}

    private static String plain(String columns) {
        return PLAIN.formatted(columns);
    }

    private static String renamed(String table, String id, String at, String n) {
        return plain("") + "CREATE INDEX ON t (at, id); ALTER TABLE t RENAME id TO " + id
                + "; ALTER TABLE t RENAME at TO " + at + "; ALTER TABLE t RENAME n TO " + n
                + "; ALTER TABLE t RENAME TO " + table + ";";
    }

    private static Animal named(String sentence, String table, String id, String at, String n) {
        return Animal.of(sentence)
                .made(renamed(table, id, at, n))
                .called(table)
                .year(at)
                .settingOnly()
                .set(n, table + "." + n + " + 1")
                .strategy("chunk_by: month");
    }

    static Stream<Animal> names() {
        return Stream.of(
                named("mixed case", "\"Orders\"", "\"Id\"", "\"createdAt\"", "\"N\""),
                named("reserved words", "\"order\"", "\"select\"", "\"user\"", "\"case\""),
                named("letters beyond ASCII", "\"Größe\"", "\"ключ\"", "\"日付\"", "\"año\""),
                named("not quoted and beyond ASCII", "größe", "ключ", "日付", "año"),
                named("spaces and quotes", "\"my \"\"best\"\" 'orders'\"", "\"the id\"", "\"a.b\"", "\"n\"\"n\""),
                named("braces and colons", "\"{r} {}\"", "\"{0}\"", "\"a:at\"", "\":chunk\""),
                named("dollars and question marks", "\"$1 $$ ?\"", "\"i$d\"", "\"at?\"", "\"%s\""),
                named("dashes and comments", "\"a--b\"", "\"/* id */\"", "\"at;\"", "\"n\\\\n\""),
                named("a table called like ours", "image", "chunk", "old_1", "new_1"),
                named("columns called like ours", "batch", "key_1", "place", "extent"),
                named("called old and new", "new", "old", "\"new\"", "backhoe_new"),
                named("called like an intermediate result", "backhoe_written", "key_2", "key_1", "old_2"),
                named("called like what was", "backhoe_was", "key_2", "key_1", "old_2"),
                named(
                        "a name of 63 bytes",
                        "t" + "x".repeat(62),
                        "i" + "x".repeat(62),
                        "a" + "x".repeat(62),
                        "n" + "x".repeat(62)),
                Animal.of("key chunks of a table called sample")
                        .made(renamed("sample", "extent", "ranked", "parts"))
                        .called("sample")
                        .settingOnly()
                        .set("parts", "parts + 1"),
                Animal.of("another schema, with quotes")
                        .made(plain("")
                                + "CREATE SCHEMA \"My \"\"S\"\".x\"; ALTER TABLE t SET SCHEMA \"My \"\"S\"\".x\";")
                        .called("\"My \"\"S\"\".x\".t"),
                Animal.of("two tables of one name, and a search_path that takes the second")
                        .made(plain("")
                                + "CREATE SCHEMA s; ALTER TABLE t SET SCHEMA s; CREATE TABLE public.t (a integer);"
                                + " DO $$ BEGIN EXECUTE 'ALTER DATABASE ' || current_database()"
                                + " || ' SET search_path = s, public'; END $$; SET search_path = s, public;"),
                Animal.of("a partition with an odd name").made("""
                                CREATE SCHEMA "P, {run}";
                                CREATE TABLE t (id bigint PRIMARY KEY, n integer NOT NULL DEFAULT 0) PARTITION BY HASH (id);
                                CREATE TABLE "P, {run}"."a ""{partition}"" :chunk" PARTITION OF t
                                    FOR VALUES WITH (MODULUS 2, REMAINDER 0);
                                CREATE TABLE "P, {run}".t PARTITION OF t FOR VALUES WITH (MODULUS 2, REMAINDER 1);
                                INSERT INTO t SELECT i FROM generate_series(1, 100) i""").strategy("chunk_by: partition"));
    }

    private static Animal type(String sentence, String before, String column, String first, String then) {
        return Animal.of(sentence)
                .made(before + plain(", x " + column) + "UPDATE t SET x = (" + first + ") WHERE id % 7 <> 0;")
                .set("x", then);
    }

    static Stream<Animal> types() {
        return Stream.of(
                type("a domain", "CREATE DOMAIN tier AS text CHECK (VALUE <> '');", "tier", "'t' || id", "'u' || id"),
                type(
                        "a domain that is never null over one of a length",
                        "CREATE DOMAIN code AS varchar(8); CREATE DOMAIN sure AS code NOT NULL DEFAULT 'none';",
                        "sure NOT NULL DEFAULT 'none'",
                        "'t' || id",
                        "'u' || id"),
                type(
                        "an array of a domain",
                        "CREATE DOMAIN small AS integer CHECK (VALUE < 1000);",
                        "small[]",
                        "ARRAY[id, NULL]",
                        "x || CAST(id AS integer)"),
                type(
                        "an enum",
                        "CREATE TYPE mood AS ENUM ('sad', 'O''K', 'very happy');",
                        "mood",
                        "CASE id % 2 WHEN 0 THEN CAST('sad' AS mood) END",
                        "'O''K'"),
                type(
                        "an array",
                        "",
                        "text[]",
                        "ARRAY['a b', NULL, '{', 'n' || id]",
                        "x[1:2] || x[3:] || ARRAY['\"' || n]"),
                type(
                        "arrays of two dimensions with other bounds",
                        "",
                        "integer[]",
                        "'[0:1][-2:-1]={{1,2},{3,4}}'",
                        "'[5:5][-1:0]={{7,8}}'"),
                type(
                        "jsonb",
                        "",
                        "jsonb",
                        "jsonb_build_object('a', id, 'b', ARRAY[1, 2])",
                        "CASE WHEN x ? 'a' AND x ?| ARRAY['b'] AND x @? '$.b[*] ? (@ > 1)' THEN x || '{\"c\": \"it''s :n\"}' END"),
                type("json", "", "json", "'{\"a\":  1, \"a\": 2}'", "CAST('{ \"b\" : ' || n || '}' AS json)"),
                type("a range", "", "int4range", "int4range(1, CAST(id AS integer) + 5)", "x + int4range(1, 9)"),
                type(
                        "a multirange",
                        "",
                        "tstzmultirange",
                        "tstzmultirange(tstzrange(at, NULL))",
                        "x - tstzmultirange(tstzrange(at, at + interval '1 h'))"),
                type("bytes", "", "bytea", "decode(md5(CAST(id AS text)), 'hex')", "x || '\\x00ff'"),
                type(
                        "numbers of a scale",
                        "",
                        "numeric(10,2)",
                        "id / 3.0",
                        "CASE id % 5 WHEN 0 THEN 'NaN' ELSE x * 1.1 END"),
                type("numbers without a scale, where 1.0 is not 1.00", "", "numeric", "1.0", "1.00"),
                type(
                        "floating point, with its minus zero",
                        "",
                        "double precision",
                        "CASE id % 2 WHEN 0 THEN 0.1 ELSE 0 END",
                        "-x"),
                type(
                        "timestamps with a zone, and without end",
                        "",
                        "timestamptz",
                        "at + interval '0.000001 s'",
                        "CASE id % 3 WHEN 0 THEN 'infinity' WHEN 1 THEN '0044-03-15 BC' ELSE x + interval '1 month' END"),
                type(
                        "intervals",
                        "",
                        "interval",
                        "'1 day'",
                        "CASE id % 2 WHEN 0 THEN interval '24 hours' ELSE '-1 year 2 mons' END"),
                type(
                        "a composite type",
                        "CREATE TYPE address AS (street text, \"no\" integer);",
                        "address",
                        "ROW('a, \"b\"', id)",
                        "ROW('(' || (x).street, NULL)"),
                type(
                        "an array of a composite type",
                        "CREATE TYPE pair AS (a text, b jsonb);",
                        "pair[]",
                        "ARRAY[CAST(ROW('x', '{\"y\": 1}') AS pair)]",
                        "x || CAST(ROW(NULL, NULL) AS pair)"),
                type(
                        "a domain that does not tell upper from lower case",
                        "CREATE COLLATION nocase (provider = icu, locale = 'und-u-ks-level2', deterministic = false);"
                                + "CREATE DOMAIN ci AS text COLLATE nocase;",
                        "ci",
                        "'Abc'",
                        "'aBC'"),
                type("text of a fixed length", "", "character(5)", "'a'", "CASE WHEN x = 'a' THEN 'ab' END"),
                type("bits", "", "bit(3)", "'101'", "~x"),
                type("bits of a varying length, and a char", "", "bit varying(9)", "'101'", "x || B'1'")
                        .set("y", "'b'")
                        .made(plain(", x bit varying(9), y \"char\"") + "UPDATE t SET x = '11', y = 'a';"),
                type("network addresses", "", "inet", "'10.0.0.1/24'", "x + 1"),
                type(
                        "text search",
                        "",
                        "tsvector",
                        "to_tsvector('simple', 'a b ' || id)",
                        "x || to_tsvector('simple', 'c')"),
                type("points, which have no equality", "", "point", "point(id, 1)", "x + point(1, 1)"),
                type("money, time and object names", "", "regclass", "'pg_class'", "'t'"),
                Animal.of("a type of another schema")
                        .made("CREATE SCHEMA types; CREATE TYPE types.\"Tier\" AS ENUM ('a', 'B');"
                                + plain(", x types.\"Tier\"") + "UPDATE t SET x = 'a' WHERE id % 2 = 0;")
                        .set("x", "'B'"),
                type("a uuid, with null for all", "", "uuid", "NULL", "CAST(md5(CAST(id AS text)) AS uuid)"));
    }

    private static Animal keyed(String sentence, String columns, String select) {
        return Animal.of(sentence)
                .made("CREATE TABLE t (" + columns + ", n integer NOT NULL DEFAULT 0); INSERT INTO t SELECT " + select
                        + " FROM generate_series(1, 200) i;");
    }

    static Stream<Animal> keys() {
        return Stream.of(
                keyed("uuid", "id uuid PRIMARY KEY", "CAST(md5(CAST(i AS text)) AS uuid)"),
                keyed("text", "id text PRIMARY KEY", "chr(32 + i % 90) || ' ''\" ' || i"),
                keyed("text of a fixed length", "id character(10) PRIMARY KEY", "'k ' || i"),
                keyed(
                        "an enum and bytes",
                        "kind integer, id bytea, PRIMARY KEY (kind, id)",
                        "i % 3, decode(md5(CAST(i AS text)), 'hex')"),
                keyed("an array", "id integer[] PRIMARY KEY", "ARRAY[i % 3, NULL, i]"),
                keyed("a range", "id int4range PRIMARY KEY", "int4range(i, i + 5)"),
                keyed("network addresses", "id inet PRIMARY KEY", "inet '10.0.0.0' + i"),
                keyed(
                        "floating point with NaN and infinity",
                        "id double precision PRIMARY KEY",
                        "CASE i WHEN 1 THEN 'NaN' WHEN 2 THEN '-Infinity' ELSE 1 / CAST(i AS double precision) END"),
                keyed(
                        "dates without end and before Christ",
                        "id date PRIMARY KEY",
                        "CASE i WHEN 1 THEN 'infinity' WHEN 2 THEN '-infinity' WHEN 3 THEN '0044-03-15 BC' ELSE date '2023-01-01' + i END"),
                keyed("a domain", "id sku PRIMARY KEY", "'s' || i").made("""
                        CREATE DOMAIN sku AS text CHECK (VALUE LIKE 's%');
                        CREATE TABLE t (id sku PRIMARY KEY, n integer NOT NULL DEFAULT 0);
                        INSERT INTO t SELECT 's' || i FROM generate_series(1, 200) i;"""),
                keyed("text in an ICU collation that does not tell case apart", "", "")
                        .made("""
                        CREATE COLLATION nocase (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
                        CREATE TABLE t (id text COLLATE nocase PRIMARY KEY, n integer NOT NULL DEFAULT 0);
                        INSERT INTO t SELECT CASE i % 2 WHEN 0 THEN 'Ab' ELSE 'aB' END || i FROM generate_series(1, 200) i;"""),
                keyed("deferrable", "id integer PRIMARY KEY DEFERRABLE INITIALLY DEFERRED", "i"),
                keyed(
                                "identity, and a generated column beside",
                                "id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, was integer",
                                "i")
                        .made("""
                        CREATE TABLE t (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, n integer DEFAULT 0,
                                        double integer GENERATED ALWAYS AS (2 * n) STORED);
                        INSERT INTO t (n) SELECT i FROM generate_series(1, 200) i;"""),
                Animal.of("a unique index that includes another column, as a key")
                        .made("""
                        CREATE TABLE t (id integer NOT NULL, n integer NOT NULL DEFAULT 0, more text);
                        CREATE UNIQUE INDEX ON t (id) INCLUDE (more);
                        INSERT INTO t SELECT i FROM generate_series(1, 200) i;"""),
                Animal.of("a nullable unique index beside a unique one over columns that are not null")
                        .made("""
                        CREATE TABLE t (a integer UNIQUE, b integer NOT NULL, c integer NOT NULL, n integer DEFAULT 0);
                        CREATE UNIQUE INDEX ON t (c, b);
                        INSERT INTO t SELECT NULL, i, i % 3 FROM generate_series(1, 200) i;"""));
    }

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

    static Stream<Animal> shapes() {
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
                Animal.of("a descending index on the date")
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
