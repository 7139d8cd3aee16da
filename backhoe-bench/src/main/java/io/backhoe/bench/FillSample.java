package io.backhoe.bench;

/**
 * One fill of the whole table.
 *
 * @param seconds from the start of what fills it until it has ended
 * @param logMebibytes of write-ahead log that the server wrote meanwhile
 * @param peakMebibytes its process had in memory at most; 0 where it has none of its own
 */
record FillSample(double seconds, double logMebibytes, double peakMebibytes) {}
