package io.backhoe.backfill;

import java.util.stream.Stream;

/** Keys of every kind. */
final class OddKeys {
    private OddKeys() {}

    private static Animal keyed(String sentence, String columns, String select) {
        return Animal.of(sentence)
                .made("CREATE TABLE t (" + columns + ", n integer NOT NULL DEFAULT 0); INSERT INTO t SELECT " + select
                        + " FROM generate_series(1, 200) i;");
    }

    static Stream<Animal> all() {
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
                Animal.of("a unique index in descending order, as a key").made("""
                        CREATE TABLE t (a integer NOT NULL, id integer NOT NULL, n integer NOT NULL DEFAULT 0);
                        CREATE UNIQUE INDEX ON t (a DESC, id DESC);
                        INSERT INTO t SELECT i % 3, i FROM generate_series(1, 200) i;"""),
                Animal.of("a nullable unique index beside a unique one over columns that are not null")
                        .made("""
                        CREATE TABLE t (a integer UNIQUE, b integer NOT NULL, c integer NOT NULL, n integer DEFAULT 0);
                        CREATE UNIQUE INDEX ON t (c, b);
                        INSERT INTO t SELECT NULL, i, i % 3 FROM generate_series(1, 200) i;"""));
    }
}
