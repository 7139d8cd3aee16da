package io.backhoe.database;

/**
 * How rows find what is joined to them.
 *
 * @param rows that were looked at
 * @param unmatched of these, have no match
 * @param several of these, have more than one
 */
public record MatchCount(long rows, long unmatched, long several) {}
