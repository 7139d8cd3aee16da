package io.backhoe.backfill;

import static io.backhoe.backfill.OddTable.plain;

import java.util.stream.Stream;

/** Columns to set of every kind of type. */
final class OddTypes {
    private OddTypes() {}

    private static Animal type(String sentence, String before, String column, String first, String then) {
        return Animal.of(sentence)
                .made(before + plain(", x " + column) + "UPDATE t SET x = (" + first + ") WHERE id % 7 <> 0;")
                .set("x", then);
    }

    static Stream<Animal> all() {
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
}
