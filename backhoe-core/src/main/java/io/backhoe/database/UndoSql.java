package io.backhoe.database;

/**
 * Queries by which an undo looks at the rows that a run wrote; none writes. Parameters, and what stands for the run and for a
 * partition, as in {@link BatchSql}; {@value BatchSql#IMAGES} in them is the table of before-images.
 *
 * @param changed reads, in the columns of {@link BatchSql#undoConflicts}, the rows of the range that are gone, or are not what they were before the run
 * @param restored counts the rows of the range that are what they were before the run
 */
public record UndoSql(String changed, String restored) {}
