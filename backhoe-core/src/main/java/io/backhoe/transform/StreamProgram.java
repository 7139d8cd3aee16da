package io.backhoe.transform;

import io.backhoe.database.DatabaseException;
import io.backhoe.database.ErrorKind;
import io.backhoe.spec.Spec;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A program that is given rows line by line, and answers line by line. It is written to and read from at the same time, so that it
 * may answer whenever it likes. Used by one thread.
 */
final class StreamProgram implements AutoCloseable {
    private static final int LONGEST_LINE = 16 << 20;
    private static final Duration GRACE = Duration.ofSeconds(1);
    private static final List<Integer> NOT_FOUND = List.of(126, 127);

    private final Spec.Command command;
    private final ProcessGroup group;
    private final InputStream answers;
    private final ProgramOutput log;
    private final Path file;
    private final ExecutorService threads;

    private StreamProgram(
            Spec.Command command, ProcessGroup group, ProgramOutput log, Path file, ExecutorService threads) {
        this.command = command;
        this.group = group;
        this.answers = new BufferedInputStream(group.output());
        this.log = log;
        this.file = file;
        this.threads = threads;
    }

    /** @param threads for what is done at the same time */
    static StreamProgram start(
            Spec.Command command, Map<String, String> environment, Path file, ExecutorService threads)
            throws IOException {
        var log = new ProgramOutput(file);
        try {
            var words = command.words().stream()
                    .map(word -> Program.filled(word, Map.of("run_id", environment.getOrDefault("BACKHOE_RUN_ID", ""))))
                    .toList();
            var group = ProcessGroup.startTalking(words, environment);
            log.read(group.errors());
            return new StreamProgram(command, group, log, file, threads);
        } catch (IOException e) {
            log.close();
            throw e;
        }
    }

    /**
     * @return an answer for each row
     * @throws DatabaseException TIMEOUT when it takes longer; TRANSIENT when it ends; STATEMENT when it says what is no answer. It
     *     is of no more use then
     */
    StreamAnswers exchange(List<InputRow> rows, Duration most) throws InterruptedException {
        var lines = new StreamLines(rows);
        Future<?> written = threads.submit(() -> {
            lines.write(group.input());
            return lines;
        });
        var answers = new StreamAnswers(rows, text -> log.note(text));
        Future<StreamAnswers> read = threads.submit(() -> read(answers));
        try {
            read.get(most.toMillis(), TimeUnit.MILLISECONDS);
            written.get(most.toMillis(), TimeUnit.MILLISECONDS);
            return answers;
        } catch (TimeoutException e) {
            throw failed(
                    ErrorKind.TIMEOUT,
                    "took longer than " + most.toSeconds() + " s for a batch, and was killed: " + answers.counted(),
                    e);
        } catch (ExecutionException e) {
            throw failure(e.getCause(), answers);
        }
    }

    private StreamAnswers read(StreamAnswers into) throws IOException {
        while (!into.complete()) {
            into.add(line());
        }
        // What comes later is met by the next batch, to which it is no answer either.
        if (answers.available() > 0) {
            into.more(line());
        }
        return into;
    }

    private String line() throws IOException {
        var line = new ByteArrayOutputStream();
        for (int c = answers.read(); c != '\n'; c = answers.read()) {
            if (c < 0) {
                throw new EOFException();
            } else if (line.size() == LONGEST_LINE) {
                throw new StreamAnswers.Wrong("said a line of more than " + (LONGEST_LINE >> 20) + " MiB");
            }
            line.write(c);
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(line.toByteArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new StreamAnswers.Wrong("said a line that is not UTF-8");
        }
    }

    private DatabaseException failure(@Nullable Throwable cause, StreamAnswers answers) throws InterruptedException {
        String counted = ": " + answers.counted();
        if (cause instanceof StreamAnswers.Wrong wrong) {
            return failed(ErrorKind.STATEMENT, wrong.getMessage() + counted, wrong);
        }
        if (!group.await(GRACE)) {
            return failed(
                    ErrorKind.TRANSIENT, "closed its output or its input in the middle of a batch" + counted, cause);
        }
        int code = group.exitCode();
        return NOT_FOUND.contains(code)
                ? failed(ErrorKind.STATEMENT, "could not be started (exit code " + code + ")", cause)
                : failed(
                        ErrorKind.TRANSIENT,
                        "ended in the middle of a batch (exit code " + code + ")" + counted,
                        cause);
    }

    private DatabaseException failed(ErrorKind kind, @Nullable String what, @Nullable Throwable cause) {
        String state = kind == ErrorKind.TIMEOUT ? "57014" : Guard.STATE;
        return new DatabaseException(
                kind, state, "the command " + command + " " + what + "; what it said is in " + file, null, cause);
    }

    /** At once: it is asked to end, and killed a second later. */
    void kill() {
        group.close();
        closeLog();
    }

    /** Its input ends; it has a second to end by itself. */
    @Override
    public void close() {
        try {
            group.input().close();
            group.await(GRACE);
        } catch (IOException e) {
            // It has ended already.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        kill();
    }

    private void closeLog() {
        try {
            log.close();
        } catch (IOException e) {
            // A disk that is full costs the rest of what it says, and not the work.
        }
    }
}
