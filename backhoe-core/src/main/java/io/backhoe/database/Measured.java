package io.backhoe.database;

import java.time.Duration;

/**
 * What a statement that writes did, as the server measured it.
 *
 * @param written rows
 * @param hot of the rows of the table that were updated, those whose indexes needed no new entry
 * @param read rows of the table that were looked at, whether or not they were written
 * @param took to execute, without planning
 * @param walBytes of write-ahead log
 * @param pageImages full pages in it, each logged because it was the first change of the page since a checkpoint
 */
public record Measured(long written, long hot, long read, Duration took, long walBytes, long pageImages) {}
