package io.backhoe.postgres;

/** What we ask again and again while a run goes on. */
final class ServerLoadSql {
    /**
     * Whether all is shown to us, the grant that cures it, others at work, the log, replicas as JSON, hidden replicas, waits as
     * JSON. Who waits for a lock everybody may see; for how long, too. Only waits of a tenth of a second are looked into:
     * to find out who has the lock stops the server's lock table for a moment.
     */
    static final String LOAD = """
            SELECT pg_has_role(current_user, 'pg_read_all_stats', 'USAGE') AS sees,
                   'GRANT pg_monitor TO ' || quote_ident(current_user) || ';' AS cure,
                   (SELECT count(*) FROM pg_stat_activity
                    WHERE backend_type = 'client backend' AND state = 'active' AND pid <> pg_backend_pid()
                      AND application_name NOT LIKE 'backhoe/%') AS active,
                   CAST(pg_wal_lsn_diff(CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn()
                                             ELSE pg_current_wal_lsn() END, '0/0') AS bigint) AS written,
                   (SELECT coalesce(json_agg(json_build_array(r.name, CAST(r.replayed AS text))), '[]')
                    FROM (SELECT application_name AS name,
                                 CAST(min(pg_wal_lsn_diff(replay_lsn, '0/0')) AS bigint) AS replayed
                          FROM pg_stat_replication
                          WHERE state IN ('streaming', 'catchup') AND replay_lsn IS NOT NULL
                            AND pid NOT IN (SELECT active_pid FROM pg_replication_slots
                                            WHERE slot_type = 'logical' AND active_pid IS NOT NULL)
                          GROUP BY application_name) r) AS replicas,
                   (SELECT count(*) FROM pg_stat_replication WHERE state IS NULL) AS hidden,
                   (SELECT coalesce(json_agg(json_build_array(w.pid, b.pid, w.millis)), '[]')
                    FROM (SELECT l.pid,
                                 CAST(1000 * extract(epoch FROM max(clock_timestamp() - l.waitstart)) AS bigint) AS millis
                          FROM pg_locks l
                          WHERE NOT l.granted AND l.waitstart < clock_timestamp() - interval '100 milliseconds'
                            AND l.pid NOT IN (SELECT pid FROM pg_stat_activity
                                              WHERE application_name LIKE 'backhoe/%')
                          GROUP BY l.pid) w
                    CROSS JOIN LATERAL unnest(pg_blocking_pids(w.pid)) AS b (pid)) AS waits
            """;

    /** Whether anything is archived, whether the queue is shown to us, the grant that cures it. */
    static final String ARCHIVE_RIGHT = """
            SELECT current_setting('archive_mode') AS archive_mode,
                   has_function_privilege('pg_catalog.pg_ls_archive_statusdir()', 'EXECUTE') AS may_see,
                   'GRANT pg_monitor TO ' || quote_ident(current_user) || ';' AS cure
            """;

    static final String ARCHIVE = "SELECT count(*) AS waiting FROM pg_ls_archive_statusdir() WHERE name LIKE '%.ready'";

    private ServerLoadSql() {}
}
