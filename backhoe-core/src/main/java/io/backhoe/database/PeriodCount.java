package io.backhoe.database;

/**
 * Rows of a period.
 *
 * @param place of the period, counted from 0; periods without rows are left out
 */
public record PeriodCount(int place, long total, long missing) {}
