package io.backhoe.postgres;

/** What we ask about the server. Whose state is hidden from us is there all the same, marked in the last column. */
final class ServerSurveySql {
    /** Name, user, prepared, idle, seconds, hidden. */
    static final String TRANSACTIONS = """
            SELECT *
            FROM (
                SELECT CAST(pid AS text) AS name,
                       COALESCE(usename, '') AS role,
                       false AS prepared,
                       COALESCE(state LIKE 'idle in transaction%', false) AS idle,
                       COALESCE(CAST(extract(epoch FROM clock_timestamp() - xact_start) AS bigint), 0) AS seconds,
                       query = '<insufficient privilege>' AS hidden
                FROM pg_stat_activity
                WHERE datname = current_database()
                  AND pid <> pg_backend_pid()
                  AND (xact_start IS NOT NULL OR query = '<insufficient privilege>')
                  AND (backend_type = 'client backend' OR backend_type IS NULL)
                UNION ALL
                SELECT gid, owner, true, false,
                       CAST(extract(epoch FROM clock_timestamp() - prepared) AS bigint), false
                FROM pg_prepared_xacts
                WHERE database = current_database()
            ) AS open_transactions
            ORDER BY seconds DESC, name
            """;

    /** Name, seconds behind, bytes behind, what COMMIT waits for, hidden; one row without a name when there are none. */
    static final String REPLICAS = """
            SELECT r.application_name,
                   extract(epoch FROM r.replay_lag) AS lag_seconds,
                   CAST(pg_wal_lsn_diff(
                       CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END,
                       r.replay_lsn) AS bigint) AS lag_bytes,
                   s.names AS synchronous_standby_names,
                   r.pid IS NOT NULL AND r.state IS NULL AS hidden
            FROM (SELECT current_setting('synchronous_standby_names') AS names) s
            LEFT JOIN pg_stat_replication r ON true
            ORDER BY lag_bytes DESC NULLS LAST, r.application_name
            """;

    /** Name, active, bytes kept, limit; one row without a name when there are none. */
    static final String SLOTS = """
            SELECT s.slot_name,
                   s.active,
                   CASE WHEN s.restart_lsn IS NULL OR s.wal_status = 'lost' THEN 0
                        ELSE CAST(pg_wal_lsn_diff(w.at, s.restart_lsn) AS bigint) END AS kept_bytes,
                   l.bytes AS limit_bytes
            FROM (SELECT CASE WHEN setting = '-1' THEN -1 ELSE CAST(setting AS bigint) * 1024 * 1024 END AS bytes
                  FROM pg_settings WHERE name = 'max_slot_wal_keep_size') l
            CROSS JOIN (SELECT CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn()
                                    ELSE pg_current_wal_lsn() END AS at) w
            LEFT JOIN pg_replication_slots s ON true
            ORDER BY kept_bytes DESC, s.slot_name
            """;

    /** Name, whether all functions of that name are volatile, whether any is. */
    static final String FUNCTIONS = """
            SELECT p.proname AS function,
                   bool_and(p.provolatile = 'v' OR p.proname = 'statement_timestamp') AS all_volatile,
                   bool_or(p.provolatile = 'v' OR p.proname = 'statement_timestamp') AS some_volatile
            FROM pg_proc p
            WHERE p.proname IN (SELECT json_array_elements_text(CAST(:names AS json)))
              AND p.prokind <> 'p'
            GROUP BY p.proname
            ORDER BY p.proname COLLATE "C"
            """;

    private ServerSurveySql() {}
}
