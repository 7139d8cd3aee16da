package io.backhoe.spec;

import io.backhoe.value.RowsInto;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A spec written in code: the same keys as in a file, read by the same reader, so that both mean the same.
 *
 * <pre>{@code
 * Spec spec = BackfillSpec.named("orders_tier")
 *         .table("shop.orders")
 *         .dates("order_date", LocalDate.of(2023, 1, 1), LocalDate.of(2024, 1, 1))
 *         .set("customer_tier", "CASE WHEN amount >= 100 THEN 'large' ELSE 'small' END")
 *         .chunkBy(ChunkBy.MONTH)
 *         .build();
 * }</pre>
 *
 * Names of tables and columns are SQL identifiers as in files: {@code "Tier"} in double quotes keeps its case. What is not
 * said has the default of the file's key (see {@code docs/spec.md}); what is said twice is said for good the last time.
 * Nothing is judged before {@link #build()}. Not thread-safe.
 */
public final class BackfillSpec {
    private final Map<String, @Nullable Object> root = new LinkedHashMap<>();
    private final Map<String, @Nullable Object> scope = new LinkedHashMap<>();
    private final Map<String, @Nullable Object> transform = new LinkedHashMap<>();
    private final Map<String, @Nullable Object> set = new LinkedHashMap<>();
    private final Map<String, @Nullable Object> missingWhen = new LinkedHashMap<>();
    private final Map<String, @Nullable Object> strategy = new LinkedHashMap<>();
    private final Map<String, @Nullable Object> correction = new LinkedHashMap<>();

    private BackfillSpec(String name) {
        root.put("name", name);
    }

    /** @param name what people call the backfill; one line of at most 100 characters */
    public static BackfillSpec named(String name) {
        return new BackfillSpec(name);
    }

    /** For people. */
    public BackfillSpec description(String text) {
        root.put("description", text);
        return this;
    }

    /** @param table {@code orders} or {@code shop.orders} */
    public BackfillSpec table(String table) {
        scope.put("table", table);
        return this;
    }

    /**
     * Which rows are meant, and what chunks are ranges of.
     *
     * @param column a date or timestamp
     * @param end the first day that is not meant
     */
    public BackfillSpec dates(String column, LocalDate start, LocalDate end) {
        return dates(column, start.atStartOfDay(), end.atStartOfDay());
    }

    /** As {@link #dates(String, LocalDate, LocalDate)}, to the microsecond, local to the time zone. */
    public BackfillSpec dates(String column, LocalDateTime start, LocalDateTime end) {
        scope.put("date_column", column);
        var range = new LinkedHashMap<String, @Nullable Object>();
        range.put("start", Moment.text(start));
        range.put("end", Moment.text(end));
        scope.put("date_range", range);
        return this;
    }

    /** Whose calendar days map to a {@code timestamptz} column; UTC by default. */
    public BackfillSpec timezone(ZoneId zone) {
        scope.put("timezone", zone.getId());
        return this;
    }

    /** @param condition an SQL condition: only these rows are meant */
    public BackfillSpec where(String condition) {
        scope.put("where", condition);
        return this;
    }

    /** Sets a column to an SQL expression; may be said of several columns. */
    public BackfillSpec set(String column, String expression) {
        set.put(column, expression);
        return this;
    }

    /**
     * Further tables that the expressions use.
     *
     * @param tables {@code customers c}
     * @param on how they are joined: {@code c.id = orders.customer_id}
     */
    public BackfillSpec from(String tables, String on) {
        transform.put("from", tables);
        transform.put("on", on);
        return this;
    }

    /**
     * Leaves the work to a function of this program, which is called in the transaction of each batch: exactly once. The
     * program gives it to {@code Backhoe.withBatchFunction} under the same name.
     *
     * @param columns what it writes; these are kept for undo
     */
    public BackfillSpec batchFunction(String name, String... columns) {
        return function(name, Spec.Function.Per.BATCH, columns);
    }

    /**
     * Leaves the work to a function of this program, which is called once for each chunk and outside of any transaction: at
     * least once, and it cannot be undone. The program gives it to {@code Backhoe.withChunkFunction} under the same name.
     *
     * @param columns what it writes; runs that write the same are kept apart
     */
    public BackfillSpec chunkFunction(String name, String... columns) {
        return function(name, Spec.Function.Per.CHUNK, columns);
    }

    /**
     * Leaves the work to a program, which is started once for each chunk: at least once, and it cannot be undone.
     *
     * @param words of its command line; <code>{{chunk_start}}</code>, <code>{{chunk_end}}</code>, <code>{{chunk}}</code> and
     *     <code>{{run_id}}</code> stand for what is known of the chunk. No shell reads them
     * @param columns what it writes; runs that write the same are kept apart
     */
    public BackfillSpec command(List<String> words, String... columns) {
        transform.put("command", words);
        transform.put("columns", Arrays.asList(columns));
        return this;
    }

    /**
     * Leaves the work to a row function ({@code io.backhoe.transform.RowTransform}), which the program gives to {@code
     * Backhoe.withRowTransform}, or to {@code withPlugin} where it is in a jar: exactly once.
     *
     * @param reads what it is given of each row, besides the key
     * @param columns what it sets; these are kept for undo
     */
    public BackfillSpec rowTransform(String name, List<String> reads, String... columns) {
        transform.put("java", name);
        transform.put("reads", reads);
        transform.put("columns", Arrays.asList(columns));
        return this;
    }

    /**
     * Leaves the work to a program that is given rows in lines of JSON and answers in such: exactly once.
     *
     * @param words of its command line; <code>{{run_id}}</code> stands for the run's number. No shell reads them
     * @param reads what it is given of each row, besides the key
     * @param columns what it sets; these are kept for undo
     */
    public BackfillSpec stream(List<String> words, List<String> reads, String... columns) {
        transform.put("command", words);
        transform.put("stream", "true");
        transform.put("reads", reads);
        transform.put("columns", Arrays.asList(columns));
        return this;
    }

    /**
     * Leaves the work to a statement of SQL: exactly once, and what it does to these columns of the table is kept for undo.
     *
     * @param statement INSERT, UPDATE, DELETE or MERGE. For whole chunks it names {@code :chunk_start} and {@code :chunk_end},
     *     or <code>{{rows}}</code>, the condition of the rows, which it has to name otherwise
     * @param wholeChunks whether it does all of a chunk in one transaction
     * @param columns what it writes
     */
    public BackfillSpec sql(String statement, boolean wholeChunks, String... columns) {
        transform.put("sql", statement);
        transform.put("per", wholeChunks ? "chunk" : "batch");
        transform.put("columns", Arrays.asList(columns));
        return this;
    }

    /**
     * Inserts the rows of a query that the table lacks, and touches nothing that is there.
     *
     * @param query yields the rows, by the names of the table's columns
     * @param key the columns that tell them apart; none for the table's key
     */
    public BackfillSpec fillGaps(String query, String... key) {
        strategy.put("type", QueryReader.GAP_FILL);
        return query(query, key);
    }

    /**
     * Makes each stretch of the table what a query yields for it.
     *
     * @param query and {@code key} as of {@link #fillGaps}
     */
    public BackfillSpec derive(String query, RowsInto into, String... key) {
        transform.put("into", into.word());
        return query(query, key);
    }

    private BackfillSpec query(String query, String... key) {
        transform.put("query", query);
        if (key.length > 0) {
            transform.put("key", Arrays.asList(key));
        }
        return this;
    }

    private BackfillSpec function(String name, Spec.Function.Per per, String... columns) {
        transform.put("function", name);
        transform.put("per", per.word());
        transform.put("columns", Arrays.asList(columns));
        return this;
    }

    /** @param condition when a value of the column counts as missing; by default when it IS NULL */
    public BackfillSpec missingWhen(String column, String condition) {
        missingWhen.put(column, condition);
        return this;
    }

    public BackfillSpec chunkBy(ChunkBy unit) {
        strategy.put("chunk_by", unit.word());
        return this;
    }

    /** The wished size of a chunk in rows; what is larger by more than a quarter is split. */
    public BackfillSpec chunkRows(long rows) {
        strategy.put("chunk_size", Long.toString(rows));
        return this;
    }

    /** @param workers 1 to 64; each is a connection, and there is one more */
    public BackfillSpec parallelism(int workers) {
        strategy.put("parallelism", Integer.toString(workers));
        return this;
    }

    /** @param yes whether a value that is there stays, which is the default */
    public BackfillSpec preserveExisting(boolean yes) {
        strategy.put("preserve_existing", Boolean.toString(yes));
        return this;
    }

    /** @param retries per batch, 0 to 100 */
    public BackfillSpec maxRetries(int retries) {
        strategy.put("max_retries", Integer.toString(retries));
        return this;
    }

    /** Chunks wait until these backfills have done the same range; see {@code docs/after.md}. */
    public BackfillSpec after(String... backfills) {
        root.put("after", Arrays.asList(backfills));
        return this;
    }

    /**
     * Mends rows that {@link #where} or {@link #keys} choose, whatever they hold.
     *
     * @param reason why, for whoever asks later
     */
    public BackfillSpec correcting(String reason) {
        root.put("reason", reason);
        strategy.put("type", Correction.TYPE);
        return this;
    }

    /** @param file a CSV file with a record for each row that is to be corrected; see {@code docs/correction.md} */
    public BackfillSpec keys(String file) {
        correction.put("keys", file);
        return this;
    }

    /** How many rows a correction means; any other number is refused. */
    public BackfillSpec expectRows(long least, long most) {
        correction.put("expect_rows", Map.of("min", Long.toString(least), "max", Long.toString(most)));
        return this;
    }

    /** Keeps no before-images: faster, and the run cannot be rolled back. */
    public BackfillSpec withoutUndo() {
        root.put("rollback", Map.of("strategy", "none"));
        return this;
    }

    /**
     * Sends what is overwritten to a place outside of the database, before the batch that overwrites it commits.
     *
     * @param location {@code file:///backups/} or {@code s3://BUCKET/PREFIX/}, for which the module backhoe-s3 has to be there
     * @param keepInDatabase whether before-images are kept in the database as well
     */
    public BackfillSpec backupTo(String location, boolean keepInDatabase) {
        root.put(
                "rollback",
                Map.of(
                        "strategy",
                        "restore_from_backup",
                        "backup_location",
                        location,
                        "keep_in_database",
                        keepInDatabase));
        return this;
    }

    /** @throws InvalidSpec naming every problem at once, each by the key that a file would have it at */
    public Spec build() {
        var problems = new Problems("");
        var whole = new LinkedHashMap<String, @Nullable Object>(root);
        var work = new LinkedHashMap<String, @Nullable Object>(transform);
        put(work, "set", set);
        put(work, "missing_when", missingWhen);
        put(whole, "scope", scope);
        put(whole, "transform", work);
        put(whole, "strategy", strategy);
        put(whole, "correction", correction);
        Section section = Nodes.section(whole, problems);
        var reader = new SpecReader(section, SpecOverrides.NONE, problems);
        Spec spec = reader.spec();
        section.close();
        if (spec.transform() == null && spec.records() == null) {
            problems.addFlag("transform", "is required: set(column, expression), or a function", null);
        }
        reader.warnings().forEach(warning -> problems.addFlag("", warning, null));
        problems.throwIfAny();
        return spec;
    }

    private static void put(Map<String, @Nullable Object> into, String key, Map<String, @Nullable Object> section) {
        if (!section.isEmpty()) {
            into.put(key, section);
        }
    }
}
