package io.backhoe.check;

/**
 * How far a column of what was written is from another sample of it.
 *
 * @param statistic its name: {@code PSI} or {@code KS}
 * @param value of the statistic; 0 when nothing was written but nulls
 * @param nulls their share of what was written
 * @param otherNulls their share of the other
 * @param looked how much was looked at, for people
 */
record Difference(String statistic, double value, double nulls, double otherNulls, String looked) {
    static Difference of(ColumnSample other, ColumnSample written, boolean numeric) {
        return new Difference(
                numeric ? "KS" : "PSI",
                written.values().isEmpty() ? 0 : statistic(other, written, numeric),
                written.nullRate(),
                other.nullRate(),
                "distinct values " + written.distinct() + " beside " + other.distinct() + ", "
                        + Said.count(written.rows(), "row") + " beside " + Said.count(other.rows(), "row"));
    }

    private static double statistic(ColumnSample other, ColumnSample written, boolean numeric) {
        return numeric
                ? KolmogorovSmirnov.of(other.numbers(), written.numbers())
                : Psi.of(other.counts(), written.counts());
    }

    /** The larger of the statistic and of the difference in nulls. */
    double score() {
        return Math.max(value, Math.abs(otherNulls - nulls));
    }

    @Override
    public String toString() {
        return statistic + " " + Said.number(value) + ", nulls " + Said.share(nulls) + " beside "
                + Said.share(otherNulls) + " (" + looked + ")";
    }
}
