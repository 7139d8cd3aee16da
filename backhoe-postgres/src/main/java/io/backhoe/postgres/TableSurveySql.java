package io.backhoe.postgres;

/** What we ask about {@code :table}, a name as SQL writes it, in a form that a person can paste and read. */
final class TableSurveySql {
    /** The table and its partitions, of which those of kind r hold rows. */
    private static final String FAMILY = """
            WITH family AS (
                SELECT c.oid, c.relname, c.relkind, c.relnamespace, c.reloptions, c.reltuples, c.relfrozenxid,
                       c.relreplident, c.relhasindex
                FROM pg_class c
                WHERE c.oid IN (
                    SELECT to_regclass(:table)
                    UNION ALL
                    SELECT relid FROM pg_partition_tree(to_regclass(:table)))
            )
            """;

    /** Heap bytes, index bytes, rows, fillfactor, columns of the partition key, partitions. */
    static final String STORAGE = FAMILY + """
            SELECT CAST(COALESCE(sum(pg_relation_size(f.oid)), 0) AS bigint) AS heap_bytes,
                   CAST(COALESCE(sum(pg_indexes_size(f.oid)), 0) AS bigint) AS index_bytes,
                   CAST(COALESCE(CASE WHEN bool_and(f.reltuples < 0) THEN -1
                                      ELSE sum(greatest(f.reltuples, 0)) END, 0) AS bigint) AS estimated_rows,
                   COALESCE(min((SELECT CAST(o.option_value AS integer)
                                 FROM pg_options_to_table(f.reloptions) o
                                 WHERE o.option_name = 'fillfactor')), 100) AS fillfactor,
                   (SELECT to_json(ARRAY(
                        SELECT a.attname
                        FROM generate_series(0, p.partnatts - 1) AS k (place)
                        JOIN pg_attribute a ON a.attrelid = p.partrelid AND a.attnum = p.partattrs[(k.place)]
                        ORDER BY k.place))
                    FROM (SELECT to_regclass(:table) AS oid) t
                    LEFT JOIN pg_partitioned_table p ON p.partrelid = t.oid) AS partition_columns,
                   count(*) FILTER (WHERE f.oid <> to_regclass(:table)) AS partitions
            FROM family f
            WHERE f.relkind = 'r'
            """;

    /** Name, method, columns of its key, columns that it depends on, bytes. */
    static final String INDEXES = """
            SELECT i.relname AS index,
                   m.amname AS method,
                   to_json(ARRAY(
                       SELECT a.attname
                       FROM generate_series(0, x.indnkeyatts - 1) AS k (place)
                       JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = x.indkey[(k.place)]
                       ORDER BY k.place)) AS key_columns,
                   to_json(ARRAY(
                       SELECT a.attname
                       FROM pg_attribute a
                       WHERE a.attrelid = x.indrelid AND a.attnum > 0
                         AND (a.attnum = ANY (CAST(x.indkey AS smallint[]))
                              OR EXISTS (
                                  SELECT FROM pg_depend d
                                  WHERE d.classid = CAST('pg_class' AS regclass) AND d.objid = i.oid
                                    AND d.refclassid = CAST('pg_class' AS regclass)
                                    AND d.refobjid = x.indrelid AND d.refobjsubid = a.attnum))
                       ORDER BY a.attnum)) AS depends_on,
                   COALESCE(
                       (SELECT CAST(sum(pg_relation_size(t.relid)) AS bigint) FROM pg_partition_tree(i.oid) t),
                       pg_relation_size(i.oid)) AS bytes
            FROM pg_index x
            JOIN pg_class i ON i.oid = x.indexrelid
            JOIN pg_am m ON m.oid = i.relam
            WHERE x.indrelid = to_regclass(:table) AND x.indislive
            ORDER BY i.relname COLLATE "C"
            """;

    /** Name, before, each row, columns that fire it, function, columns that the function's source assigns to. */
    static final String TRIGGERS = FAMILY + """
            SELECT DISTINCT ON (t.tgname COLLATE "C")
                   t.tgname AS trigger,
                   (CAST(t.tgtype AS integer) & 2) <> 0 AS before,
                   (CAST(t.tgtype AS integer) & 1) <> 0 AS each_row,
                   to_json(ARRAY(
                       SELECT a.attname
                       FROM pg_attribute a
                       WHERE a.attrelid = t.tgrelid AND a.attnum = ANY (CAST(t.tgattr AS smallint[])))) AS columns,
                   CAST(CAST(t.tgfoid AS regproc) AS text) AS function,
                   to_json(ARRAY(
                       SELECT DISTINCT lower(m[1])
                       FROM regexp_matches(
                           p.prosrc, '(?:^|;|\\mbegin\\M|\\mthen\\M|\\melse\\M)\\s*new\\.(\\w+)\\s*:?=', 'gi') m
                       ORDER BY 1)) AS assigns
            FROM pg_trigger t
            JOIN family f ON f.oid = t.tgrelid
            JOIN pg_proc p ON p.oid = t.tgfoid
            WHERE NOT t.tgisinternal
              AND t.tgenabled IN ('O', 'A')
              AND (CAST(t.tgtype AS integer) & 16) <> 0
            ORDER BY t.tgname COLLATE "C", t.tgrelid
            """;

    /** Name, kind, columns of the table, validated, definition, the other table. */
    static final String CONSTRAINTS = """
            SELECT n.conname AS constraint,
                   CASE WHEN n.contype = 'c' THEN 'CHECK'
                        WHEN n.conrelid = to_regclass(:table) THEN 'FOREIGN_KEY'
                        ELSE 'REFERENCED_BY' END AS kind,
                   to_json(ARRAY(
                       SELECT a.attname
                       FROM pg_attribute a
                       WHERE a.attrelid = to_regclass(:table)
                         AND a.attnum = ANY (
                             CASE WHEN n.conrelid = to_regclass(:table) THEN n.conkey ELSE n.confkey END)
                       ORDER BY a.attnum)) AS columns,
                   n.convalidated AS validated,
                   pg_get_constraintdef(n.oid, true) AS definition,
                   CASE WHEN n.contype = 'c' THEN ''
                        WHEN n.conrelid = to_regclass(:table) THEN CAST(CAST(n.confrelid AS regclass) AS text)
                        ELSE CAST(CAST(n.conrelid AS regclass) AS text) END AS other_table
            FROM pg_constraint n
            WHERE n.contype IN ('c', 'f')
              AND to_regclass(:table) IN (n.conrelid, n.confrelid)
              -- A foreign key of or to a partitioned table has further entries, one a partition.
              AND NOT EXISTS (
                  SELECT FROM pg_constraint p
                  WHERE p.oid = n.conparentid AND (p.conrelid = n.conrelid OR p.confrelid = n.confrelid)
                    AND to_regclass(:table) IN (p.conrelid, p.confrelid))
            ORDER BY n.conname COLLATE "C"
            """;

    /** Name, domain, columns that it is computed from (where it is stored). */
    static final String COLUMNS = """
            SELECT a.attname AS column,
                   CASE WHEN t.typtype = 'd' THEN format_type(a.atttypid, a.atttypmod) END AS domain,
                   to_json(ARRAY(
                       SELECT DISTINCT ON (u.attnum) u.attname
                       FROM pg_attribute u
                       JOIN pg_depend d ON d.refclassid = CAST('pg_class' AS regclass) AND d.refobjid = u.attrelid
                                       AND d.refobjsubid = u.attnum
                       LEFT JOIN pg_attrdef e ON e.oid = d.objid AND d.classid = CAST('pg_attrdef' AS regclass)
                       WHERE u.attrelid = a.attrelid AND u.attnum <> a.attnum AND a.attgenerated = 's'
                         -- Up to version 14 it is the column that depends, later its expression.
                         AND (e.adrelid = a.attrelid AND e.adnum = a.attnum
                              OR d.classid = CAST('pg_class' AS regclass) AND d.objid = a.attrelid
                                 AND d.objsubid = a.attnum)
                       ORDER BY u.attnum)) AS computed_from
            FROM pg_attribute a
            JOIN pg_type t ON t.oid = a.atttypid
            WHERE a.attrelid = to_regclass(:table) AND a.attnum > 0 AND NOT a.attisdropped
            ORDER BY a.attnum
            """;

    /** On, applies to us, policies. */
    static final String ROW_SECURITY = """
            SELECT c.relrowsecurity AS is_on,
                   row_security_active(c.oid) AS applies,
                   to_json(ARRAY(
                       SELECT p.polname FROM pg_policy p WHERE p.polrelid = c.oid ORDER BY 1)) AS policies
            FROM pg_class c
            WHERE c.oid = to_regclass(:table)
            """;

    /**
     * Publications of updates, whether rows are identified, whether a primary key is deferrable (the server takes it for
     * none then), whether whole old rows are written.
     */
    static final String PUBLICATIONS = FAMILY + """
            SELECT to_json(ARRAY(
                       SELECT DISTINCT p.pubname
                       FROM pg_publication p
                       JOIN pg_publication_tables t ON t.pubname = p.pubname
                       JOIN family f ON f.relname = t.tablename
                       JOIN pg_namespace n ON n.oid = f.relnamespace AND n.nspname = t.schemaname
                       WHERE p.pubupdate
                       ORDER BY 1)) AS publications,
                   COALESCE(bool_and(
                       f.relreplident = 'f'
                       OR EXISTS (
                           SELECT FROM pg_index x
                           WHERE x.indrelid = f.oid
                             AND CASE f.relreplident WHEN 'd' THEN x.indisprimary AND x.indimmediate
                                                     WHEN 'i' THEN x.indisreplident END)), true) AS identified,
                   COALESCE(bool_or(EXISTS (
                       SELECT FROM pg_index x
                       WHERE x.indrelid = f.oid AND x.indisprimary AND NOT x.indimmediate)), false) AS deferrable_key,
                   COALESCE(bool_or(f.relreplident = 'f'), false) AS whole_rows
            FROM family f
            WHERE f.relkind = 'r'
            """;

    /** Enabled, counted here, live and dead rows, ever vacuumed, ever analyzed, running, age, age of a forced vacuum. */
    static final String VACUUM = FAMILY + """
            SELECT current_setting('autovacuum') = 'on' AND current_setting('track_counts') = 'on'
                       AND COALESCE(bool_and(
                           (SELECT CAST(o.option_value AS boolean)
                            FROM pg_options_to_table(f.reloptions) o
                            WHERE o.option_name = 'autovacuum_enabled')),
                           true) AS enabled,
                   NOT pg_is_in_recovery() AS counted_here,
                   CAST(COALESCE(sum(s.n_live_tup), 0) AS bigint) AS live_rows,
                   CAST(COALESCE(sum(s.n_dead_tup), 0) AS bigint) AS dead_rows,
                   COALESCE(bool_or(s.last_vacuum IS NOT NULL OR s.last_autovacuum IS NOT NULL), true) AS vacuumed,
                   COALESCE(bool_and(f.reltuples >= 0), true) AS analyzed,
                   EXISTS (
                       SELECT FROM pg_stat_progress_vacuum v
                       WHERE v.datname = current_database() AND v.relid IN (SELECT oid FROM family)) AS running,
                   CAST(COALESCE(max(age(f.relfrozenxid)), 0) AS bigint) AS age,
                   least(
                       min((SELECT CAST(o.option_value AS bigint)
                            FROM pg_options_to_table(f.reloptions) o
                            WHERE o.option_name = 'autovacuum_freeze_max_age')),
                       CAST(current_setting('autovacuum_freeze_max_age') AS bigint)) AS freeze_age
            FROM family f
            LEFT JOIN pg_stat_all_tables s ON s.relid = f.oid
            WHERE f.relkind = 'r'
            """;

    private TableSurveySql() {}
}
