package io.backhoe.database;

/**
 * How large a table is, with its partitions.
 *
 * @param rows from the statistics; -1 when never analyzed
 * @param heapBytes of the rows, without what is stored out of line
 * @param indexBytes of all its indexes
 * @param indexes how many there are, of one partition when it has partitions
 * @param maxWalBytes about how much write-ahead log the server keeps at most, when nothing holds it back
 */
public record Sizes(long rows, long heapBytes, long indexBytes, int indexes, long maxWalBytes) {}
