package io.backhoe.spec;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What goes with a query that yields whole rows, and what does not. */
public final class QueryRules {
    /** Asked before a run whose spec lists nothing. */
    public static final List<Check> DEFAULT_PRE = List.of(
            Check.of(CheckKind.TARGET_COLUMN_EXISTS),
            Check.of(CheckKind.PERMISSIONS),
            Check.of(CheckKind.NO_CONCURRENT_BACKFILLS),
            Check.of(CheckKind.CAPTURE_GAPS));

    /** Asked after it. */
    public static final List<Check> DEFAULT_POST =
            List.of(Check.of(CheckKind.ALL_CHUNKS_SUCCEEDED), Check.of(CheckKind.NO_GAPS));

    private static final Map<CheckKind, String> NOT_OF_ROWS = new EnumMap<>(Map.of(
            CheckKind.ROW_COUNT_UNCHANGED, "rows are inserted, so that their number does change",
            CheckKind.UNTOUCHED_COLUMNS, "rows are written whole, and none that is there is touched",
            CheckKind.VALUES_MATCH, "there is no expression: verify_no_gaps compares with the query",
            CheckKind.DISTRIBUTION, "whole rows have no column that it could compare; a query of your own can",
            CheckKind.NO_NULLS, "the query says what the columns hold; a query of your own can ask",
            CheckKind.CAPTURE_BASELINE, "capture_gap_map counts what is there, and what is missing"));

    private QueryRules() {}

    /**
     * Why a check cannot be asked of a backfill.
     *
     * @param query whether a query yields the rows
     * @return null when it can
     */
    public static @Nullable String whyNot(CheckKind kind, boolean query) {
        if (query) {
            return NOT_OF_ROWS.get(kind);
        }
        return kind == CheckKind.NO_GAPS || kind == CheckKind.CAPTURE_GAPS
                ? "no query says which rows there should be (transform.query)"
                : null;
    }

    /** Notes a problem at all that does not go with a query. */
    static void refuseOthers(
            Section in,
            Spec.Strategy strategy,
            Spec.Execution execution,
            Spec.@Nullable Rollback rollback,
            Spec.Scope scope,
            SourceQuery source) {
        if (!strategy.chunkBy().isCalendar()) {
            in.problem(
                    "strategy",
                    "chunk_by: " + strategy.chunkBy().word() + " does not go with transform.query: its chunks are"
                            + " periods; write hour, day, week, month, quarter or year");
        }
        if (strategy.chunkRows() != null) {
            in.problem(
                    "strategy",
                    "chunk_size does not go with transform.query: the rows to be are in no table that could be"
                            + " sampled; choose a shorter chunk_by");
        }
        if (!strategy.preserveExisting() && source.into() == null) {
            in.problem(
                    "strategy",
                    "preserve_existing: false does not go with gap_fill, which never touches a row that is there");
        }
        if (scope.where() != null) {
            in.problem("scope", "where does not go with transform.query: write the condition into the query");
        }
        if (rollback != null && rollback.export() != null) {
            in.problem(
                    "rollback",
                    "strategy: restore_from_backup does not go with transform.query: nothing is overwritten that a"
                            + " backup would have to hold; before_image keeps which rows were inserted");
        }
        if (rollback != null && !rollback.keepImages() && source.into() != null) {
            in.problem(
                    "rollback",
                    "strategy: none does not go with transform.into: what is deleted or overwritten is counted by what is"
                            + " kept of it; backhoe purge drops that afterwards");
        }
        refuseChecks(in, execution, true);
    }

    /** Notes a problem at checks that need a query, where there is none. */
    static void refuseItsChecks(Section in, Spec.Execution execution) {
        refuseChecks(in, execution, false);
    }

    private static void refuseChecks(Section in, Spec.Execution execution, boolean query) {
        refuse(in, "pre_checks", execution.preChecks(), query);
        refuse(in, "post_checks", execution.postChecks(), query);
    }

    private static void refuse(Section in, String where, List<Check> checks, boolean query) {
        for (Check check : checks) {
            String why = whyNot(check.kind(), query);
            if (why != null) {
                in.problem("execution", where + ": " + check.name() + " does not fit here: " + why);
            }
        }
    }
}
