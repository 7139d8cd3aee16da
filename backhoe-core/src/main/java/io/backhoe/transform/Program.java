package io.backhoe.transform;

import io.backhoe.database.DatabaseException;
import io.backhoe.database.ErrorKind;
import io.backhoe.spec.ColumnName;
import io.backhoe.spec.Moment;
import io.backhoe.spec.Spec;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.stream.Collectors;

/**
 * Runs a program for each chunk. What it says goes into a file of the chunk, and no further: it may hold values of rows.
 * Thread-safe.
 */
final class Program implements ChunkWork {
    /** A failure that passes, in sysexits.h of BSD: EX_TEMPFAIL. */
    private static final int TRY_AGAIN = 75;

    /** What shells end with when there is no such program, or it may not be executed (POSIX, XCU 2.8.2). */
    private static final List<Integer> NOT_FOUND = List.of(126, 127);

    private final Spec.Command command;
    private final Spec spec;
    private final Path logs;

    /** @param logs the folder for what it says: a folder for each run, a file for each chunk */
    Program(Spec.Command command, Spec spec, Path logs) {
        this.command = command;
        this.spec = spec;
        this.logs = logs;
    }

    /**
     * @return the rows that it says it did; 0 when it says nothing of them
     * @throws DatabaseException when it fails, takes too long, or cannot be started; TRANSIENT when it says that it may be
     *     tried again
     */
    @Override
    public long apply(CalledChunk of) throws InterruptedException {
        Path file = logs.resolve("run-" + of.runId()).resolve(of.chunk().replaceAll("[^A-Za-z0-9._-]", "_") + ".log");
        var values = values(of);
        try (var output = new ProgramOutput(file);
                var group = ProcessGroup.start(
                        command.words().stream()
                                .map(word -> filled(word, values))
                                .toList(),
                        environment(spec, values))) {
            output.read(group.output());
            Duration timeout = command.timeout();
            if (timeout == null) {
                group.await();
            } else if (!group.await(timeout)) {
                throw failed("did not end within " + timeout.toSeconds() + " s, and was killed", file);
            }
            int code = group.exitCode();
            if (code == TRY_AGAIN) {
                throw failed(ErrorKind.TRANSIENT, "asks to be tried again (exit code " + code + ")", file);
            } else if (NOT_FOUND.contains(code)) {
                throw failed("could not be started (exit code " + code + ")", file);
            } else if (code != 0) {
                throw failed("ended with exit code " + code, file);
            }
            return output.rows();
        } catch (IOException e) {
            throw failed("could not be started, or what it says could not be kept: " + e.getMessage(), file);
        }
    }

    private Map<String, String> values(CalledChunk of) {
        var values = new LinkedHashMap<String, String>();
        values.put("chunk_start", Moment.text(of.start()));
        values.put("chunk_end", Moment.text(of.end()));
        values.put("chunk", of.chunk());
        values.put("run_id", Long.toString(of.runId()));
        return values;
    }

    /** What a program finds in its environment: what is known of the backfill, and these values. */
    static Map<String, String> environment(Spec spec, Map<String, String> values) {
        var environment = new LinkedHashMap<String, String>();
        values.forEach((name, value) -> environment.put("BACKHOE_" + name.toUpperCase(Locale.ROOT), value));
        // What it does over libpq counts as ours: a run must not give way to itself. libpq cuts what is too long.
        environment.put(
                "PGAPPNAME",
                "backhoe/" + values.getOrDefault("run_id", "") + "/" + values.getOrDefault("chunk", "command"));
        environment.put("BACKHOE_NAME", spec.about().name());
        environment.put("BACKHOE_TABLE", spec.scope().table().toString());
        environment.put(
                "BACKHOE_COLUMNS",
                spec.requiredTransform().columns().stream()
                        .map(ColumnName::text)
                        .collect(Collectors.joining(",")));
        environment.put("BACKHOE_TIMEZONE", spec.scope().timezone().getId());
        return environment;
    }

    /** A word of its command line, with the values in place of their names. */
    static String filled(String word, Map<String, String> values) {
        String filled = word;
        for (var value : values.entrySet()) {
            filled = filled.replaceAll(
                    "\\{\\{\\s*" + value.getKey() + "\\s*}}", Matcher.quoteReplacement(value.getValue()));
        }
        return filled;
    }

    private DatabaseException failed(String what, Path file) {
        return failed(ErrorKind.STATEMENT, what, file);
    }

    private DatabaseException failed(ErrorKind kind, String what, Path file) {
        return new DatabaseException(
                kind, Guard.STATE, "the command " + command + " " + what + "; what it said is in " + file, null, null);
    }
}
