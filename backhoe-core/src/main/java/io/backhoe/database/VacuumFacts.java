package io.backhoe.database;

/**
 * How the server cleans up a table.
 *
 * @param enabled whether autovacuum runs at the server and on every part of the table
 * @param known whether the server has counted rows here; a standby has not
 * @param vacuumed whether any vacuum of it has ever ended
 * @param analyzed whether statistics have ever been made
 * @param running whether a vacuum of it runs now
 * @param age of the oldest transaction number in the table, in transactions
 * @param freezeAge at which a vacuum is forced
 */
public record VacuumFacts(
        boolean enabled,
        boolean known,
        long liveRows,
        long deadRows,
        boolean vacuumed,
        boolean analyzed,
        boolean running,
        long age,
        long freezeAge) {}
