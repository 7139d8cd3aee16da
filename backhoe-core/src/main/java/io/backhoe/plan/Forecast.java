package io.backhoe.plan;

import org.jspecify.annotations.Nullable;

/**
 * What a plan is expected to take, as one sees it before it runs. No part of what is run, and of no hash.
 *
 * @param rehearsedRows how many rows were written and rolled back to measure it; 0 when it was not rehearsed
 * @param notRehearsed why it was not, or null
 * @param rowsExamined by all batches, from the server's statistics
 * @param rowsChanged of those
 * @param durationMillis from the start of the run to its end, when nothing holds it back
 * @param walBytes of write-ahead log
 * @param tableGrowthBytes by new versions of rows; the old ones are free for others after a vacuum
 * @param indexGrowthBytes likewise
 * @param imageBytes of the table of before-images
 * @param diskBytes what should be free when it starts: half as much again as all of these, the log as far as the server
 *     keeps it
 */
public record Forecast(
        long rehearsedRows,
        @Nullable String notRehearsed,
        long rowsExamined,
        Band rowsChanged,
        Band durationMillis,
        long walBytes,
        long tableGrowthBytes,
        long indexGrowthBytes,
        long imageBytes,
        long diskBytes) {

    /** Eight of ten runs are expected to end between the two, both included. */
    public record Band(long low, long high) {
        public Band {
            if (low > high) {
                throw new IllegalArgumentException("low is not above high: " + low + ", " + high);
            }
        }

        public boolean holds(long actual) {
            return low <= actual && actual <= high;
        }
    }

    public boolean rehearsed() {
        return rehearsedRows > 0;
    }
}
