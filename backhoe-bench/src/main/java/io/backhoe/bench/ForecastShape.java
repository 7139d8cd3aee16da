package io.backhoe.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A table {@code bench.t} and what is done to it.
 *
 * @param rows of a year, with ids in the order of their dates
 * @param width bytes of a text that is only carried along
 * @param indexed whether the column that is set has an index
 * @param skewed whether the last month has as many rows as all others together
 * @param join whether the value comes from another table
 * @param missing of a hundred rows so many lack a value; 0 for a table that is overwritten
 */
record ForecastShape(String name, long rows, int width, boolean indexed, boolean skewed, boolean join, int missing) {
    private static final List<ForecastShape> KINDS = List.of(
            new ForecastShape("narrow, filled", 1, 0, false, false, false, 98),
            new ForecastShape("wide, overwritten", 1, 900, false, false, false, 0),
            new ForecastShape("indexed column, filled", 1, 60, true, false, false, 100),
            new ForecastShape("skewed months, half filled", 1, 60, false, true, false, 50),
            new ForecastShape("by join", 1, 60, false, false, true, 90));

    /** Each kind in four sizes. */
    static final List<ForecastShape> ALL =
            KINDS.stream().flatMap(ForecastShape::sizes).toList();

    private Stream<ForecastShape> sizes() {
        return Stream.of(50_000L, 120_000L, 250_000L, 500_000L)
                .map(size -> new ForecastShape(name, size, width, indexed, skewed, join, missing));
    }

    List<String> statements() {
        String when = skewed
                ? "CASE WHEN i % 2 = 0 THEN timestamptz '2023-12-01 00:00Z' + interval '31 days' * i / " + (rows + 1)
                        + " ELSE timestamptz '2023-01-01 00:00Z' + interval '334 days' * i / " + (rows + 1) + " END"
                : "timestamptz '2023-01-01 00:00Z' + interval '365 days' * i / " + (rows + 1);
        String value = missing == 0 ? "i % 100" : "CASE WHEN i * 7919 % 100 >= " + missing + " THEN i % 100 END";
        var statements = new ArrayList<String>();
        statements.add("CREATE SCHEMA bench");
        statements.add("CREATE TABLE bench.t (id bigint NOT NULL, d timestamptz NOT NULL, other bigint NOT NULL,"
                + " carried text, v integer)");
        statements.add(
                "INSERT INTO bench.t SELECT row_number() OVER (ORDER BY d), d, other, carried, v FROM (SELECT " + when
                        + " AS d, 1 + i * 7919 % 20000 AS other, repeat('x', " + width + ") AS carried, " + value
                        + " AS v FROM generate_series(1, CAST(" + rows + " AS bigint)) AS i) AS made ORDER BY d");
        statements.add("ALTER TABLE bench.t ADD PRIMARY KEY (id)");
        statements.add("CREATE INDEX ON bench.t (d, id)");
        if (indexed) {
            statements.add("CREATE INDEX ON bench.t (v)");
        }
        if (join) {
            statements.add("CREATE TABLE bench.other (id bigint PRIMARY KEY, v integer)");
            statements.add("INSERT INTO bench.other SELECT i, i % 1000 FROM generate_series(1, 20000) AS i");
            statements.add("VACUUM ANALYZE bench.other");
        }
        return statements;
    }

    /** @param policy as a spec has it */
    String spec(String policy) {
        String how = join
                ? "set: { v: \"o.v\" }\n    from: \"bench.other o\"\n    \"on\": \"o.id = t.other\""
                : "set: { v: \"" + (missing == 0 ? "v + 1" : "CAST(id % 1000 AS integer)") + "\" }";
        return """
                backfill:
                  name: accuracy
                  policy: %s
                  scope:
                    table: bench.t
                    date_column: d
                    date_range: { start: 2023-01-01, end: 2024-01-01 }
                  transform:
                    %s
                  strategy: { chunk_by: month, parallelism: 2, preserve_existing: %s }
                """.formatted(policy, how, missing != 0);
    }
}
