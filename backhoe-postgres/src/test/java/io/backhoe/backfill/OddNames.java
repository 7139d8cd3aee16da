package io.backhoe.backfill;

import static io.backhoe.backfill.OddTable.plain;
import static io.backhoe.backfill.OddTable.renamed;

import java.util.stream.Stream;

/** Tables and columns with names that have to be quoted, or that statements of ours use themselves. */
final class OddNames {
    private OddNames() {}

    private static Animal named(String sentence, String table, String id, String at, String n) {
        return Animal.of(sentence)
                .made(renamed(table, id, at, n))
                .called(table)
                .year(at)
                .settingOnly()
                .set(n, table + "." + n + " + 1")
                .strategy("chunk_by: month");
    }

    static Stream<Animal> all() {
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
}
