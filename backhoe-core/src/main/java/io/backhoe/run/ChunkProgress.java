package io.backhoe.run;

/**
 * A chunk that is being worked on.
 *
 * @param estimatedRows from the plan
 * @param examined rows that batches have looked at, or have restored where a run is taken back
 * @param workers how many work on it
 */
public record ChunkProgress(String id, long estimatedRows, long examined, int workers) {}
