package io.backhoe.postgres;

/** What we ask the catalogs about the table {@code :oid}. */
final class CatalogSql {
    /** Name, type beneath domains, not null, generated, line of the fingerprint, expression it is made of. */
    static final String COLUMNS = """
            WITH RECURSIVE stored AS (
                SELECT attnum, atttypid AS type, atttypmod AS modifier
                FROM pg_attribute
                WHERE attrelid = CAST(:oid AS oid) AND attnum > 0 AND NOT attisdropped
                UNION ALL
                SELECT s.attnum, t.typbasetype, t.typtypmod
                FROM stored s
                JOIN pg_type t ON t.oid = s.type
                WHERE t.typtype = 'd'
            ), generated AS (
                SELECT a.attnum,
                       CASE WHEN a.attgenerated <> ''
                            THEN ' generated always as (' || pg_get_expr(d.adbin, d.adrelid) || ')'
                            WHEN a.attidentity = 'a' THEN ' generated always as identity' END AS how,
                       CASE WHEN a.attgenerated <> '' THEN pg_get_expr(d.adbin, d.adrelid) END AS made_of
                FROM pg_attribute a
                LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
                WHERE a.attrelid = CAST(:oid AS oid)
            )
            SELECT a.attname,
                   format_type(s.type, s.modifier),
                   a.attnotnull,
                   g.how IS NOT NULL,
                   'column ' || quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod)
                       || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END
                       || COALESCE(g.how, ''),
                   g.made_of
            FROM pg_attribute a
            JOIN stored s ON s.attnum = a.attnum
            JOIN pg_type t ON t.oid = s.type AND t.typtype <> 'd'
            JOIN generated g ON g.attnum = a.attnum
            WHERE a.attrelid = CAST(:oid AS oid)
            ORDER BY a.attnum
            """;

    /** Column, average bytes. */
    static final String WIDTHS = """
            SELECT a.attname,
                   COALESCE(
                       (SELECT p.avg_width FROM pg_stats p
                        WHERE p.schemaname = n.nspname AND p.tablename = c.relname AND p.attname = a.attname
                        ORDER BY p.inherited DESC LIMIT 1),
                       CASE WHEN a.attlen > 0 THEN a.attlen ELSE 32 END)
            FROM pg_attribute a
            JOIN pg_class c ON c.oid = a.attrelid
            JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE a.attrelid = CAST(:oid AS oid) AND a.attnum > 0 AND NOT a.attisdropped
            """;

    /**
     * The share of rows that hold the most frequent value of a column, of what was sampled; where no value was found to be
     * more frequent than others, an even share. No row where there are no statistics.
     */
    static final String MOST_FREQUENT = """
            SELECT greatest(
                       coalesce((p.most_common_freqs)[1], 0),
                       CASE WHEN p.n_distinct > 0 THEN 1 / p.n_distinct
                            WHEN p.n_distinct < 0 THEN 1 / greatest(1, -p.n_distinct * c.reltuples)
                            ELSE 1 END)
            FROM pg_class c
            JOIN pg_namespace n ON n.oid = c.relnamespace
            JOIN pg_stats p ON p.schemaname = n.nspname AND p.tablename = c.relname AND p.attname = :column
            WHERE c.oid = CAST(:oid AS oid)
            ORDER BY p.inherited DESC
            LIMIT 1
            """;

    /** A row for each column of each index that keys can be walked along: name, unique, primary, immediate, column, not null. */
    static final String INDEX_COLUMNS = """
            SELECT i.relname, x.indisunique, x.indisprimary, x.indimmediate, a.attname, a.attnotnull
            FROM pg_index x
            JOIN pg_class i ON i.oid = x.indexrelid
            JOIN pg_am m ON m.oid = i.relam
            CROSS JOIN generate_series(0, x.indnkeyatts - 1) AS k (place)
            JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = x.indkey[(k.place)]
            WHERE x.indrelid = CAST(:oid AS oid)
              AND m.amname = 'btree'
              AND x.indisvalid AND x.indisready AND x.indislive
              AND x.indpred IS NULL AND x.indexprs IS NULL
              AND NOT EXISTS (
                  SELECT
                  FROM generate_series(0, x.indnkeyatts - 1) AS o (place)
                  JOIN pg_opclass c ON c.oid = x.indclass[(o.place)]
                  JOIN pg_attribute b ON b.attrelid = x.indrelid AND b.attnum = x.indkey[(o.place)]
                  -- In one direction, which is walked from either end: all ascending, or all DESC NULLS FIRST.
                  WHERE x.indoption[0] NOT IN (0, 3)
                     OR x.indoption[(o.place)] <> x.indoption[0]
                     OR NOT c.opcdefault
                     OR x.indcollation[(o.place)] <> b.attcollation)
            ORDER BY i.relname COLLATE "C", k.place
            """;

    /** The table and its partitions, and the enabled user triggers of them. */
    private static final String ENABLED_TRIGGERS = """
            FROM pg_trigger t
            WHERE t.tgrelid IN (
                  SELECT CAST(:oid AS oid) UNION SELECT relid FROM pg_partition_tree(CAST(:oid AS regclass)))
              AND NOT t.tgisinternal
              AND t.tgenabled IN ('O', 'A')
              AND (t.tgparentid = 0 OR t.tgrelid = CAST(:oid AS oid))
            """;

    /** Of these those that fire on UPDATE. */
    private static final String UPDATE_TRIGGERS = ENABLED_TRIGGERS + """
              AND (CAST(t.tgtype AS integer) & 16) <> 0
            """;

    static final String TRIGGERS = """
            SELECT DISTINCT t.tgname COLLATE "C"
            """ + UPDATE_TRIGGERS + "ORDER BY 1";

    /** The other lines of the fingerprint. */
    static final String DEFINITIONS = """
            SELECT regexp_replace(line, '\\n\\s*', ' ', 'g')
            FROM (
                SELECT 1 AS place, 'partitioned by ' || pg_get_partkeydef(c.oid) AS line
                FROM pg_class c
                WHERE c.oid = CAST(:oid AS oid) AND c.relkind = 'p'
                UNION ALL
                SELECT 2, 'constraint ' || quote_ident(n.conname) || ' ' || pg_get_constraintdef(n.oid, true)
                FROM pg_constraint n
                WHERE n.conrelid = CAST(:oid AS oid) AND n.contype IN ('c', 'f', 'p', 'u', 'x')
                  -- A foreign key to a partitioned table has further entries, one a partition.
                  AND NOT EXISTS (
                      SELECT FROM pg_constraint p WHERE p.oid = n.conparentid AND p.conrelid = n.conrelid)
                UNION ALL
                SELECT 3, 'trigger ' || pg_get_triggerdef(t.oid, true)
            """ + UPDATE_TRIGGERS.indent(4) + """
                UNION ALL
                SELECT 3, e.event || ' trigger ' || pg_get_triggerdef(t.oid, true)
            """
            + ENABLED_TRIGGERS
                    .replace("WHERE", "CROSS JOIN (VALUES ('insert', 4), ('delete', 8)) AS e (event, bit)\nWHERE")
                    .indent(4)
            + """
                  AND (CAST(t.tgtype AS integer) & e.bit) <> 0
                UNION ALL
                SELECT 4, 'row level security ' || CASE WHEN c.relforcerowsecurity THEN 'forced' ELSE 'on' END
                FROM pg_class c
                WHERE c.oid = CAST(:oid AS oid) AND c.relrowsecurity
                UNION ALL
                SELECT 5, 'policy ' || quote_ident(p.polname)
                       || CASE WHEN p.polpermissive THEN '' ELSE ' as restrictive' END
                       || ' for ' || CASE p.polcmd WHEN 'r' THEN 'select' WHEN 'a' THEN 'insert' WHEN 'w' THEN 'update'
                                                   WHEN 'd' THEN 'delete' ELSE 'all' END
                       || ' to ' || (SELECT string_agg(
                                         CASE WHEN r.id = 0 THEN 'public' ELSE quote_ident(pg_get_userbyid(r.id)) END,
                                         ', ' ORDER BY pg_get_userbyid(r.id))
                                     FROM unnest(p.polroles) AS r (id))
                       || COALESCE(' using (' || pg_get_expr(p.polqual, p.polrelid) || ')', '')
                       || COALESCE(' with check (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')', '')
                FROM pg_policy p
                WHERE p.polrelid = CAST(:oid AS oid)
                UNION ALL
                SELECT 7, 'partition ' || quote_ident(n.nspname) || '.' || quote_ident(c.relname) || ' '
                       || pg_get_expr(c.relpartbound, c.oid)
                FROM pg_partition_tree(CAST(:oid AS regclass)) AS t
                JOIN pg_class c ON c.oid = t.relid
                JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE t.isleaf AND c.relispartition
                UNION ALL
                SELECT 6, 'rule ' || pg_get_ruledef(r.oid, true)
                FROM pg_rewrite r
                WHERE r.ev_class = CAST(:oid AS oid)
            ) AS lines
            ORDER BY place, line COLLATE "C"
            """;

    static final String ESTIMATED_ROWS = """
            SELECT CAST(COALESCE(CASE WHEN bool_and(c.reltuples < 0) THEN -1
                                      ELSE sum(greatest(c.reltuples, 0)) END, 0) AS bigint)
            FROM pg_class c
            WHERE c.relkind <> 'p'
              AND c.oid IN (SELECT CAST(:oid AS oid) UNION SELECT relid FROM pg_partition_tree(CAST(:oid AS regclass)))
            """;

    private CatalogSql() {}
}
