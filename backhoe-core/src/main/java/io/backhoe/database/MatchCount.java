package io.backhoe.database;

/**
 * How rows find what is joined to them.
 *
 * @param rows that were looked at
 * @param unmatched of these, have no match; 0 where the conditions speak of what is joined, because a row that they leave
 *     out does not differ then from one without a match
 * @param several of these, have more than one
 */
public record MatchCount(long rows, long unmatched, long several) {}
