package io.backhoe.notify;

/**
 * The run that a message is about.
 *
 * @param run its number; 0 where there is none
 * @param name of the backfill
 */
record Subject(long run, String name, String table) {
    @Override
    public String toString() {
        return name + (run == 0 ? "" : " (run " + run + ")");
    }
}
