package io.backhoe.postgres;

import io.backhoe.database.BatchSql;

/**
 * A condition that is always true, and sleeps before it says so while the statement is to rest. See {@code
 * docs/adr/0023-a-batch-works-in-slices-of-time.md}.
 */
final class Rest {
    private static final String PERIOD = bigint(BatchSql.SLICE_PERIOD);
    private static final String PHASE = "(CAST(date_part('epoch', clock_timestamp()) * 1000000 AS bigint) + "
            + bigint(BatchSql.SLICE_OFFSET) + ") % " + PERIOD;

    /**
     * Asked of each row that is to be written. Without rests the server finds at once that it is always true. It compares with
     * {@code IS DISTINCT FROM}, which the server takes for true of nearly all rows when it estimates.
     */
    static final String BETWEEN_SLICES = "CASE WHEN " + PERIOD + " > 0\n    AND " + PHASE + " >= "
            + bigint(BatchSql.SLICE_WORK) + "\n    THEN CAST(pg_sleep((" + PERIOD + " - " + PHASE
            + ") / 1000000.0) AS text) END IS DISTINCT FROM 'rested'";

    private Rest() {}

    private static String bigint(String parameter) {
        return "CAST(:" + parameter + " AS bigint)";
    }
}
