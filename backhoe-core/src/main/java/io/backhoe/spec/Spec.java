package io.backhoe.spec;

import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import io.backhoe.value.SqlName;
import io.backhoe.value.TableName;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a person wants done, as read from a file and completed from the command line; see {@code docs/spec.md}. */
public record Spec(
        About about,
        @Nullable Target target,
        Scope scope,
        @Nullable Transform transform,
        Strategy strategy,
        Execution execution,
        Rollback rollback,
        Server server,
        Monitoring monitoring,
        Pacing pacing,
        @Nullable Correction correction,
        List<String> after) {
    public Spec {
        after = List.copyOf(after);
    }

    /** Where nothing is said that only a correction says, and no other backfill is waited for. */
    public Spec(
            About about,
            @Nullable Target target,
            Scope scope,
            @Nullable Transform transform,
            Strategy strategy,
            Execution execution,
            Rollback rollback,
            Server server,
            Monitoring monitoring,
            Pacing pacing) {
        this(
                about,
                target,
                scope,
                transform,
                strategy,
                execution,
                rollback,
                server,
                monitoring,
                pacing,
                null,
                List.of());
    }

    /** Where nothing is said of the server, of how to give way, and of whom to tell. */
    public Spec(
            About about,
            @Nullable Target target,
            Scope scope,
            @Nullable Transform transform,
            Strategy strategy,
            Execution execution,
            Rollback rollback) {
        this(
                about,
                target,
                scope,
                transform,
                strategy,
                execution,
                rollback,
                Server.UNKNOWN,
                Monitoring.NONE,
                Pacing.USUAL);
    }

    /** @throws BackhoeException USAGE {@code transform_missing}, when nothing is to be set */
    public Transform requiredTransform() {
        if (transform == null || (transform.set().isEmpty() && transform.source() == null)) {
            throw new BackhoeException(
                    ExitCode.USAGE,
                    "transform_missing",
                    "The spec of '" + about.name() + "' does not say which column is to be filled, and with what.",
                    "Add transform.set to the file, or --set column=expression (with --from-clause and --on for a join).");
        }
        return transform;
    }

    /** The same without the chunks that the file lists, for a plan, which lists all of them itself. */
    public Spec withoutListedChunks() {
        var bare = new Execution(execution.preChecks(), List.of(), execution.postChecks());
        return with(target, transform, bare, correction);
    }

    /** The same for another place, where the command line says so. */
    public Spec withTarget(@Nullable Target elsewhere) {
        return with(elsewhere, transform, execution, correction);
    }

    /** The same with another function doing the work. */
    public Spec calling(Function function) {
        Transform now = requiredTransform();
        var other = new Transform(now.set(), now.from(), now.on(), now.missingWhen(), function);
        return with(target, other, execution, correction);
    }

    /** The same with what is known of the records of its file, and what is set from them. */
    public Spec withRecords(Correction.Records records, Transform work) {
        var known = Objects.requireNonNull(correction).with(records);
        return with(target, work, execution.knowing(work.columns()), known);
    }

    private Spec with(
            @Nullable Target where, @Nullable Transform work, Execution done, @Nullable Correction corrected) {
        return new Spec(
                about, where, scope, work, strategy, done, rollback, server, monitoring, pacing, corrected, after);
    }

    /** Whether it mends rows that somebody has chosen, and so writes over what is there. */
    public boolean corrects() {
        return strategy.type().equals(Correction.TYPE);
    }

    /** The file that names the rows to be corrected; null where {@code scope.where} alone does. */
    public Correction.@Nullable Records records() {
        return correction == null ? null : correction.records();
    }

    /**
     * The name is what verbs on a run take in place of an id.
     *
     * @param reason why it is done; kept for whoever asks later
     */
    public record About(
            String name,
            @Nullable String description,
            @Nullable String created,
            @Nullable String requestedBy,
            @Nullable String reason) {
        /** Without a reason. */
        public About(
                String name, @Nullable String description, @Nullable String created, @Nullable String requestedBy) {
            this(name, description, created, requestedBy, null);
        }
    }

    /**
     * Where the table is: by name, or by a URL and who logs in. The texts still hold {@code ${env:NAME}} and {@code
     * ${file:PATH}} as written; they are resolved when connecting and never stored resolved.
     *
     * @param name of a target in a {@code targets.yaml}; the others are null then
     */
    public record Target(
            @Nullable String name,
            @Nullable String url,
            @Nullable String user,
            @Nullable String password) {
        static final Target NONE = new Target(null, null, null);

        public Target(@Nullable String url, @Nullable String user, @Nullable String password) {
            this(null, url, user, password);
        }

        public static Target named(String name) {
            return new Target(name, null, null, null);
        }

        /** The same, with every password left out that is written out and not a reference. */
        public Target withoutLiteralSecrets() {
            String kept = password != null && LiteralSecret.isReference(password) ? password : null;
            return new Target(name, url == null ? null : LiteralSecret.strip(url), user, kept);
        }

        /** The same without any password or reference to one: what tells one target from another. */
        public Target withoutSecrets() {
            return new Target(name, url == null ? null : LiteralSecret.stripAll(url), user, null);
        }

        /** Safe to log. */
        @Override
        public String toString() {
            if (name != null) {
                return "Target[" + name + "]";
            }
            Target safe = withoutLiteralSecrets();
            return "Target[url=" + safe.url + ", user=" + user + ", password="
                    + (password == null || safe.password != null ? safe.password : "...") + "]";
        }
    }

    /**
     * Which rows are meant.
     *
     * @param dateColumn the chunk column; null leaves the choice to the plan
     * @param start inclusive, local to the time zone; null, and so is {@code end}, when rows of all dates are meant
     * @param end exclusive
     * @param timezone how calendar days map to a timestamptz column
     * @param estimatedRows and {@code estimatedDuration}: what the writer of the file believed; kept, never relied on
     */
    public record Scope(
            TableName table,
            @Nullable String dateColumn,
            @Nullable LocalDateTime start,
            @Nullable LocalDateTime end,
            ZoneId timezone,
            @Nullable String where,
            @Nullable Long estimatedRows,
            @Nullable String estimatedDuration) {
        /** The start of a scope that has dates. */
        public LocalDateTime from() {
            return Objects.requireNonNull(start, "the scope has no dates");
        }

        /** The end of a scope that has dates. */
        public LocalDateTime to() {
            return Objects.requireNonNull(end, "the scope has no dates");
        }
    }

    /**
     * What to do with a row.
     *
     * @param set column to SQL expression, in the order written; where a function does the work, each of its columns to
     *     itself: the shape of the work without the work
     * @param missingWhen column to SQL predicate; a column without an entry is missing when it IS NULL
     * @param function what does the work in place of SQL; null where {@code set} does
     * @param source where rows are written whole: the query that yields them. In a plan {@code set} then has each column
     *     whose value is kept for undo, set to itself; in a spec nothing. Null where rows that are there are changed
     */
    public record Transform(
            Map<String, String> set,
            @Nullable String from,
            @Nullable String on,
            Map<String, String> missingWhen,
            @Nullable Function function,
            @Nullable SourceQuery source) {
        public Transform {
            set = Collections.unmodifiableMap(new LinkedHashMap<>(set));
            missingWhen = Collections.unmodifiableMap(new LinkedHashMap<>(missingWhen));
        }

        /** Of rows that are there. */
        public Transform(
                Map<String, String> set,
                @Nullable String from,
                @Nullable String on,
                Map<String, String> missingWhen,
                @Nullable Function function) {
            this(set, from, on, missingWhen, function, null);
        }

        /** By SQL. */
        public Transform(
                Map<String, String> set, @Nullable String from, @Nullable String on, Map<String, String> missingWhen) {
            this(set, from, on, missingWhen, null);
        }

        /** By a function of the program that runs the plan, which writes these columns. */
        public static Transform calling(Function function, List<String> columns, Map<String, String> missingWhen) {
            return new Transform(toThemselves(columns), null, null, missingWhen, function);
        }

        /** By a query that yields the rows; of these columns values are kept for undo. */
        public static Transform of(SourceQuery source, List<String> kept) {
            return new Transform(toThemselves(kept), null, null, Map.of(), null, source);
        }

        private static Map<String, String> toThemselves(List<String> columns) {
            var set = new LinkedHashMap<String, String>();
            columns.forEach(column -> set.put(column, SqlName.quote(column)));
            return set;
        }

        /** What does the work of whole chunks, outside of our transactions; null where batches do it. */
        public @Nullable Function perChunk() {
            return function != null && function.per() == Function.Per.CHUNK ? function : null;
        }

        /** The columns that are written. */
        public List<String> columns() {
            return List.copyOf(set.keySet());
        }
    }

    /**
     * What does the work in place of SQL: a Java function, of which a plan holds the name, and the program that runs the plan
     * has the function; or a command.
     *
     * @param per how often it is called
     * @param command what it is when it is no Java function; for each chunk, or given rows
     * @param rows where it is given rows, and says what becomes of them; always for each batch
     * @param statement where it is a statement of SQL, in the transaction of each batch
     */
    public record Function(
            String name,
            Per per,
            @Nullable Command command,
            @Nullable Rows rows,
            @Nullable Statement statement) {
        private Function(String name, Per per, @Nullable Command command, @Nullable Rows rows) {
            this(name, per, command, rows, null);
        }

        /** A statement of SQL. */
        public static Function of(Statement statement) {
            return new Function("sql", Per.BATCH, null, null, statement);
        }

        /** In Java. */
        public Function(String name, Per per) {
            this(name, per, null, null);
        }

        /** In Java, given rows. */
        public static Function of(String name, Rows rows) {
            return new Function(name, Per.BATCH, null, rows);
        }

        /** The same, of that jar. */
        public Function from(@Nullable String jar) {
            return new Function(name, per, command, rows == null ? null : new Rows(rows.reads(), jar));
        }

        /** Any program. */
        public static Function of(Command command) {
            return new Function("command", Per.CHUNK, command, null);
        }

        /** Any program, given rows. */
        public static Function of(Command command, Rows rows) {
            return new Function("command", Per.BATCH, command, rows);
        }

        /** For people, within a sentence. */
        public String who() {
            if (command != null) {
                return "the command " + command;
            } else if (statement != null) {
                return "the statement of transform.sql";
            }
            return (rows == null ? "the Java function '" : "the row function '") + name + "'";
        }

        /** How often a function is called, and with it what is promised. */
        public enum Per {
            /** Once for each batch, in the batch's transaction: exactly once. */
            BATCH,
            /** Once for each chunk, outside of any transaction: at least once, and nothing is kept for undo. */
            CHUNK;

            /** As a file has it. */
            public String word() {
                return name().toLowerCase(Locale.ROOT);
            }
        }
    }

    /**
     * A statement that does the work.
     *
     * @param sql INSERT, UPDATE, DELETE or MERGE, with {@code :chunk_start} and {@code :chunk_end}, or with what stands for the rows
     *     of a batch
     * @param wholeChunks whether a batch is a chunk, however many rows it has
     */
    public record Statement(String sql, boolean wholeChunks) {}

    /**
     * What a function is given of each row, besides its key.
     *
     * @param reads the columns, at least one
     * @param jar the SHA-256 of the plugin that has the function, as a plan knows it: {@code sha256:} and 64 digits; null where
     *     it is from no jar, or not planned yet
     */
    public record Rows(List<String> reads, @Nullable String jar) {
        public Rows {
            reads = List.copyOf(reads);
        }
    }

    /**
     * A program that does the work of a chunk, whatever it is written in.
     *
     * @param words of its command line, not empty; <code>{{chunk_start}}</code> and the other {@link #PLACEHOLDERS} stand for
     *     what is known of the chunk. No shell reads them
     * @param timeout after which it is killed and its chunk fails; null for none
     */
    public record Command(List<String> words, @Nullable Duration timeout) {
        private static final int MOST_SHOWN = 100;

        /** Their values are in the program's environment, too: {@code BACKHOE_CHUNK_START}. */
        public static final List<String> PLACEHOLDERS = List.of("chunk_start", "chunk_end", "chunk", "run_id");

        /** Those of a program that goes on from chunk to chunk. */
        static final List<String> OF_STREAMS = List.of("run_id");

        public Command {
            words = List.copyOf(words);
        }

        /** As somebody would type it, shortened. */
        @Override
        public String toString() {
            String line = String.join(" ", words).replaceAll("\\s+", " ");
            return "'" + (line.length() > MOST_SHOWN ? line.substring(0, MOST_SHOWN) + "..." : line) + "'";
        }
    }

    /**
     * How to go about it.
     *
     * @param chunkRows the wished size of a chunk in rows, approximate; null when not given
     * @param parallelism workers, 1 to 64
     * @param maxRetries per batch, 0 to 100
     */
    public record Strategy(
            String type,
            ChunkBy chunkBy,
            @Nullable Long chunkRows,
            int parallelism,
            boolean preserveExisting,
            int maxRetries) {
        /** What holds for each key that a file leaves out. */
        public static final Strategy DEFAULT = new Strategy("incremental", ChunkBy.MONTH, null, 2, true, 10);

        /** The same for a correction: its rows are few and anywhere, and hold what is wrong. */
        public static final Strategy CORRECTION = new Strategy(Correction.TYPE, ChunkBy.KEY, null, 2, false, 10);
    }

    /**
     * What is asked before and after, and what is listed.
     *
     * @param preChecks all are asked before anything is written; in a spec none leaves the choice to the plan
     * @param chunks the chunks that the file lists; the plan tiles the rest of the scope around them
     * @param postChecks as preChecks, when all is written
     */
    public record Execution(List<Check> preChecks, List<ListedChunk> chunks, List<Check> postChecks) {
        public Execution {
            preChecks = List.copyOf(preChecks);
            chunks = List.copyOf(chunks);
            postChecks = List.copyOf(postChecks);
        }

        /** The same, once it is known what is set: a check of a column is then one of these. */
        Execution knowing(List<String> columns) {
            return new Execution(
                    preChecks,
                    chunks,
                    postChecks.stream()
                            .map(c -> c.kind() == CheckKind.NO_NULLS && c.column() == null
                                    ? Check.named(c.name(), columns)
                                    : c)
                            .toList());
        }

        /** The same, with the checks of every run where it lists none. */
        public Execution withDefaultChecks() {
            return withDefaultChecks(Check.DEFAULT_PRE, Check.DEFAULT_POST);
        }

        /** The same, with these where it lists none. */
        public Execution withDefaultChecks(List<Check> before, List<Check> after) {
            return new Execution(
                    preChecks.isEmpty() ? before : preChecks, chunks, postChecks.isEmpty() ? after : postChecks);
        }
    }

    /** A chunk that a file lists: {@code [start, end)}, local to the scope's time zone. */
    public record ListedChunk(
            String id,
            LocalDateTime start,
            LocalDateTime end,
            @Nullable Long estimatedRows) {}

    /**
     * How what the run overwrites can be had back.
     *
     * @param keepImages whether before-images are written, so that the run can be undone
     * @param backup where there is a backup, or may be one; null when nobody says so
     */
    public record Rollback(boolean keepImages, @Nullable Backup backup) {
        /** Without a backup. */
        public Rollback(boolean keepImages) {
            this(keepImages, null);
        }

        /** How before-images are sent to the backup; null where they are not. */
        public @Nullable Export export() {
            return keepImages && backup != null ? backup.export() : null;
        }

        /** Whether before-images stay in the database. */
        public boolean keepsInDatabase() {
            Export export = export();
            return keepImages && (export == null || export.keepInDatabase());
        }
    }

    /**
     * A backup besides before-images.
     *
     * @param location a folder: an absolute path, or {@code file:} and one; or {@code s3://bucket/prefix/}
     * @param external whether somebody else makes it, so that it has to be there already
     * @param export how before-images are sent there; null where they are not
     */
    public record Backup(
            String location, boolean external, @Nullable Export export) {
        /** To which nothing is sent. */
        public Backup(String location, boolean external) {
            this(location, external, null);
        }
    }

    /**
     * How before-images are sent to a backup. What is null is as the place has it by default.
     *
     * @param keepInDatabase whether they stay in the database besides
     * @param storageClass of an object store
     * @param encryption {@code AES256}, {@code aws:kms} or {@code aws:kms:dsse}: how the place encrypts what it keeps
     * @param kmsKeyId the key that it does so with
     */
    public record Export(
            boolean keepInDatabase,
            @Nullable String storageClass,
            @Nullable String encryption,
            @Nullable String kmsKeyId) {
        /** As the place has it by default, and in the database too. */
        public static final Export DEFAULT = new Export(true, null, null, null);
    }

    /**
     * What no session can see of the machine that the server is on, as far as somebody says it.
     *
     * @param cpus processors, 1 to 1,024
     * @param diskFree bytes that are free where the data is
     */
    public record Server(@Nullable Integer cpus, @Nullable Long diskFree) {
        public static final Server UNKNOWN = new Server(null, null);
    }
}
