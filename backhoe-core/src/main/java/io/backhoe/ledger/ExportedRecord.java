package io.backhoe.ledger;

/**
 * The before-images of one batch, in an object outside of the database.
 *
 * @param object its name, below the place of the run's backup
 * @param chunk the chunk's number
 * @param rows how many before-images it holds
 * @param bytes its size as it is stored
 * @param sha256 of what is stored, 64 hex digits
 */
public record ExportedRecord(String object, int chunk, long rows, long bytes, String sha256) {}
