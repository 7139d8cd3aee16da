package io.backhoe.database;

/**
 * Queries by which the rows that a query yields are compared with those of the table; none writes. Parameters as in {@link
 * BatchSql}.
 *
 * @param counts reads one row of a chunk: how many rows there are to be, how many of them the table lacks, and how many
 *     have no key, because a column of it is NULL, so that nobody could tell them apart; and how many rows are there that are to go
 * @param map reads the same for each of the periods {@code :starts} to {@code :ends}, arrays, a row each, in their order
 * @param source reads at most {@code :batch_rows} of the rows of a chunk that there are to be
 * @param empty reads which of these periods have no row in the table: the place of each, from 1
 */
public record GapSql(String counts, String map, String source, String empty) {}
