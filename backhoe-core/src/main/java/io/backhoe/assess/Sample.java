package io.backhoe.assess;

import io.backhoe.database.ScopeSurvey;

/** How much of a table is read where not all of it can be. */
final class Sample {
    private static final double PAGE = 8192;

    /** 160 MB, spread over the table. */
    private static final double PAGES = 20_000;

    private Sample() {}

    /** The percentage of a table's pages to read; {@link ScopeSurvey#ALL} of a small one. */
    static double percent(long heapBytes) {
        return percent(heapBytes / PAGE, PAGES);
    }

    /** The percentage that gives about so many of all. */
    static double percent(double all, double wanted) {
        double percent = ScopeSurvey.ALL * wanted / Math.max(1, all);
        // Six digits, because it stands in a statement.
        return Math.min(ScopeSurvey.ALL, Math.max(0.000_001, Math.round(percent * 1e6) / 1e6));
    }
}
