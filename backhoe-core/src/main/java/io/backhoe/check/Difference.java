package io.backhoe.check;

/**
 * How far a column of what was written is from another sample of it.
 *
 * @param statistic its name: {@code PSI} or {@code KS}
 * @param value of the statistic; 0 when nothing was written but nulls
 */
record Difference(String statistic, double value, ColumnSample other, ColumnSample written) {
    static Difference of(ColumnSample other, ColumnSample written, boolean numeric) {
        if (written.values().isEmpty()) {
            return new Difference(numeric ? "KS" : "PSI", 0, other, written);
        }
        return numeric
                ? new Difference("KS", KolmogorovSmirnov.of(other.numbers(), written.numbers()), other, written)
                : new Difference("PSI", Psi.of(other.counts(), written.counts()), other, written);
    }

    /** The larger of the statistic and of the difference in nulls. */
    double score() {
        return Math.max(value, Math.abs(other.nullRate() - written.nullRate()));
    }

    @Override
    public String toString() {
        return statistic + " " + Said.number(value) + ", nulls " + Said.share(written.nullRate()) + " beside "
                + Said.share(other.nullRate()) + ", distinct values " + written.distinct() + " beside "
                + other.distinct() + " (" + Said.count(written.rows(), "row") + " beside "
                + Said.count(other.rows(), "row") + ")";
    }
}
