package io.backhoe.spec;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a check asks; see {@code docs/checks.md}. */
public enum CheckKind {
    SOURCE_DATA_EXISTS("verify_source_data_exists", When.PRE),
    TARGET_COLUMN_EXISTS("verify_target_column_exists", When.PRE),
    BACKUP_EXISTS("verify_backup_exists", When.PRE),
    NO_CONCURRENT_BACKFILLS("verify_no_concurrent_backfills", When.PRE),
    PERMISSIONS("verify_permissions", When.PRE),
    DISK_SPACE("verify_disk_space", When.PRE),
    CAPTURE_BASELINE("capture_baseline_metrics", When.PRE),
    EXPECTED_ROWS("verify_expected_rows", When.PRE),
    ALL_CHUNKS_SUCCEEDED("verify_all_chunks_succeeded", When.POST),
    RECORDS_FOUND("verify_records_found", When.POST),
    ROW_COUNT_UNCHANGED("verify_row_count_unchanged", When.POST),
    /** Followed by the name of a column. */
    NO_NULLS("verify_no_nulls_in_", When.POST),
    UNTOUCHED_COLUMNS("verify_untouched_columns_unchanged", When.POST, "full", "except"),
    VALUES_MATCH("verify_values_match_expression", When.POST, "sample"),
    DISTRIBUTION("compare_distribution_to_recent", When.POST, "against", "warn_at", "fail_at"),
    /** Where a query yields the rows: that none of them is missing any more. */
    NO_GAPS("verify_no_gaps", When.POST),
    /** Where a query yields the rows: how many of them are missing before the run. */
    CAPTURE_GAPS("capture_gap_map", When.PRE),
    /** A question of the user's own, under a name of its own. */
    SQL("sql", When.EITHER, "query", "expect", "timeout");

    private enum When {
        PRE,
        POST,
        EITHER
    }

    /** Names that files in use have for the same question. */
    private static final Map<String, CheckKind> ALSO = Map.of(
            "verify_row_counts", ROW_COUNT_UNCHANGED,
            "verify_row_count", ROW_COUNT_UNCHANGED,
            "verify_target_columns_exist", TARGET_COLUMN_EXISTS,
            "verify_columns_exist", TARGET_COLUMN_EXISTS,
            "verify_no_concurrent_runs", NO_CONCURRENT_BACKFILLS,
            "verify_chunks_succeeded", ALL_CHUNKS_SUCCEEDED,
            "compare_distribution", DISTRIBUTION);

    private final String word;
    private final When when;
    private final Set<String> parameters;

    CheckKind(String word, When when, String... parameters) {
        this.word = word;
        this.when = when;
        this.parameters = Set.of(parameters);
    }

    /** As it is written in a file; of {@link #NO_NULLS} and {@link #SQL} only its beginning, or what it is called. */
    public String word() {
        return word;
    }

    /** The keys that an entry may have besides its name. */
    Set<String> parameters() {
        return parameters;
    }

    boolean fits(boolean pre) {
        return when == When.EITHER || (when == When.PRE) == pre;
    }

    /** The kind of this name, with or without {@code verify_} before it; no kind that needs more than a name. */
    static Optional<CheckKind> named(String name) {
        return Arrays.stream(values())
                .filter(k -> k != NO_NULLS && k != SQL)
                .filter(k -> k.word.equals(name) || k.word.equals("verify_" + name))
                .findFirst()
                .or(() -> Optional.ofNullable(also(name)));
    }

    private static @Nullable CheckKind also(String name) {
        return ALSO.getOrDefault(name, ALSO.get("verify_" + name));
    }

    /** The names that may be listed before a run, or after it. */
    static List<String> known(boolean pre) {
        return Arrays.stream(values())
                .filter(k -> k != SQL && k.fits(pre))
                .map(k -> k == NO_NULLS ? k.word + "COLUMN" : k.word)
                .collect(Collectors.toList());
    }
}
