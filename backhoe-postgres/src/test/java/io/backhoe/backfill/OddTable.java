package io.backhoe.backfill;

/** What the odd tables have in common. */
final class OddTable {
    private OddTable() {}

    /** 200 rows from before 2023 to after it, beside {@code id} and {@code n}. */
    private static final String ROWS = """
            INSERT INTO t (id, at) SELECT i, timestamptz '2022-12-20 00:00Z' + i * interval '2 days'
            FROM generate_series(1, 200) i;
            """;

    private static final String PLAIN =
            "CREATE TABLE t (id bigint PRIMARY KEY, at timestamptz, n integer NOT NULL DEFAULT 0%s);\n" + ROWS;

    static String plain(String columns) {
        return PLAIN.formatted(columns);
    }

    static String renamed(String table, String id, String at, String n) {
        return plain("") + "CREATE INDEX ON t (at, id); ALTER TABLE t RENAME id TO " + id
                + "; ALTER TABLE t RENAME at TO " + at + "; ALTER TABLE t RENAME n TO " + n
                + "; ALTER TABLE t RENAME TO " + table + ";";
    }
}
