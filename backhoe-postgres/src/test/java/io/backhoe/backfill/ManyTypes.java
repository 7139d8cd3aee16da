package io.backhoe.backfill;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;

/** A table {@code t} of random columns with random values, and a table {@code pool} that new values come from. */
final class ManyTypes {
    static final int ROWS = 400;

    /** Values of each type that read alike, compare alike, or are at an end of what there is. */
    private static final Map<String, String[]> TYPES = types();

    private static final String NEW = "pool";

    private final TestDatabase db;
    private final Map<String, String> columns = new LinkedHashMap<>();
    private final Random random;

    private ManyTypes(TestDatabase db, Random random, int count) {
        this.db = db;
        this.random = random;
        var types = new ArrayList<>(TYPES.keySet());
        Collections.shuffle(types, random);
        types.subList(0, Math.min(count, types.size())).forEach(t -> columns.put("c" + columns.size(), t));
    }

    /** @param count how many columns at most, all of other types */
    static ManyTypes in(TestDatabase db, Random random, int count) throws SQLException {
        var many = new ManyTypes(db, random, count);
        many.build();
        return many;
    }

    private static Map<String, String[]> types() {
        var types = new LinkedHashMap<String, String[]>();
        types.put("numeric", values("1.0|1.00|0|-0.000|NaN|Infinity|-Infinity|12345678901234567890.1230"));
        types.put("double precision", values("NaN|-0|0|Infinity|-Infinity|1e-300|0.1|0.30000000000000004"));
        types.put("real", values("NaN|-0|0|1e-40|16777216"));
        types.put("jsonb", values("{\"a\": 1.0}|{\"a\": 1.00}|null|\"\"|[]"));
        types.put("json", values("{\"a\":1,\"a\":2}|{\"a\":  1}|null"));
        types.put("integer[]", values("{}|{1,NULL}|{{1,2},{3,4}}|[0:1]={1,2}"));
        types.put("text[]", values("{\"\",NULL,\"NULL\"}|{\"a,b\",\"\\\"\"}|{}"));
        types.put("numrange", values("empty|[1.0,5)|[1.00,5)|(,)|[3,3]"));
        types.put("tstzrange", values("empty|[-infinity,infinity]|[2023-01-01Z,)"));
        types.put("bytea", values("\\x|\\x00|\\x5c27|\\xff0d0a"));
        types.put("mood", values("a|A|ä b|NULL"));
        types.put(
                "timestamptz",
                values("infinity|-infinity|2023-03-26 01:30Z|4714-11-24 00:00Z BC|2023-01-01 00:00:00.000001Z"));
        types.put("text", new String[] {
            "",
            " ",
            "NULL",
            "null",
            "'",
            "''",
            "\"",
            "\\",
            "\\N",
            "\n",
            "\r\n",
            "\t",
            "a ",
            "a",
            "\u00e4",
            "a\u0308",
            "\ufeff",
            "\u200b",
            "\ud83d\ude00",
            "{run}",
            ":chunk",
            "$1",
            "?",
            "%s",
            "$$",
            "--",
            "/*",
            ";",
            "\u0001",
            "\u202e"
        });
        types.put("character(4)", values("a|b   |'|"));
        types.put("character varying(9)", values("|a|a |A"));
        types.put("interval", values("24:00:00|1 day|-1 mon|00:00"));
        types.put("boolean", values("t|f"));
        types.put("date", values("infinity|-infinity|2024-02-29"));
        types.put("inet", values("::1|10.0.0.1|10.0.0.0/8"));
        types.put("bit varying", values("|0|00|1"));
        types.put("point", values("(1,2)|(1.0000001,2)|(-0,0)"));
        types.put("xml", values("<a/>|<b> </b>"));
        types.put("tsvector", values("|'a'|'a' 'b'"));
        return types;
    }

    private static String[] values(String list) {
        return list.split("[|]", -1);
    }

    private void build() throws SQLException {
        db.sql("CREATE TYPE mood AS ENUM ('a', 'A', 'ä b', 'NULL')");
        String list = columns.entrySet().stream()
                .map(c -> ", " + c.getKey() + " " + c.getValue())
                .collect(Collectors.joining());
        db.sql("CREATE TABLE t (id bigint PRIMARY KEY, at timestamptz NOT NULL" + list + ")");
        db.sql("CREATE TABLE " + NEW + " (k bigint PRIMARY KEY" + list + ")");
        fill("t", "i, timestamptz '2023-01-01Z' + i * interval '21 hours'", ROWS);
        fill(NEW, "i - 1", 7);
        db.sql("CREATE INDEX ON t (at, id)");
        db.sql("ANALYZE t, " + NEW);
    }

    private void fill(String table, String key, int rows) throws SQLException {
        String insert = "INSERT INTO " + table + " SELECT " + key
                + columns.values().stream().map(t -> ", CAST(? AS " + t + ")").collect(Collectors.joining())
                + " FROM (SELECT CAST(? AS bigint)) AS n (i)";
        try (var connection = db.connect();
                var statement = connection.prepareStatement(insert)) {
            for (int i = 1; i <= rows; i++) {
                int at = 1;
                for (String type : columns.values()) {
                    String[] values = TYPES.get(type);
                    statement.setString(at++, random.nextInt(5) == 0 ? null : values[random.nextInt(values.length)]);
                }
                statement.setLong(at, i);
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }

    String spec() {
        String set = columns.keySet().stream()
                .map(c -> c + ": \"" + NEW + "." + c + "\"")
                .collect(Collectors.joining(", "));
        return """
                backfill:
                  name: many_types
                  scope:
                    table: t
                    date_column: at
                    date_range: { start: 2023-01-01, end: 2024-01-01 }
                  transform:
                    set: { %s }
                    from: "%s"
                    on: "%s.k = t.id %% 7"
                  strategy: { chunk_by: month, parallelism: %d, preserve_existing: %s }
                """.formatted(set, NEW, NEW, 1 + random.nextInt(3), columns.size() == 1 && random.nextBoolean());
    }

    /** Each value in its text and in its binary form. */
    String digest() throws SQLException {
        List<String> exact = new ArrayList<>(Arrays.asList("id::text", "at::text"));
        columns.forEach((c, t) -> exact.add("coalesce('<' || " + c + "::text || '>', 'null')"
                + (t.equals("double precision") ? ", encode(float8send(" + c + "), 'hex')" : "")
                + (t.equals("numeric") ? ", encode(numeric_send(" + c + "), 'hex')" : "")));
        return db.one(
                "SELECT md5(string_agg(concat_ws('|', " + String.join(", ", exact) + "), E'\\n' ORDER BY id)) FROM t");
    }

    @Override
    public String toString() {
        return columns.toString();
    }
}
