package io.backhoe.plan;

import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import io.backhoe.value.Sha256;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.dataformat.csv.CsvMapper;
import tools.jackson.dataformat.csv.CsvReadFeature;
import tools.jackson.dataformat.csv.CsvSchema;

/**
 * A CSV file (RFC 4180) with a header, in UTF-8 with or without a byte order mark. Lines end in any of the usual ways, blank
 * ones are passed over. A field without anything is NULL, one with nothing in quotes an empty text. It is streamed.
 */
final class RecordsFile {
    /** A table of one's own, joined by {@code transform.from}, is the better place for more. */
    static final long MOST = 1_000_000;

    /** As many as a table of PostgreSQL may have. */
    private static final int MOST_COLUMNS = 1_600;

    private static final String NOT_UTF8 = "here or behind it is no UTF-8 text; save the file as UTF-8";

    private static final CsvMapper CSV = CsvMapper.builder()
            .enable(CsvReadFeature.WRAP_AS_ARRAY, CsvReadFeature.EMPTY_UNQUOTED_STRING_AS_NULL)
            .enable(CsvReadFeature.SKIP_EMPTY_LINES)
            .build();

    /** Gets what is in the file. */
    interface Sink {
        /** The names of the columns, first of all. */
        void header(List<String> names);

        /** @param line that the record begins in, from 1 */
        void row(long line, List<@Nullable String> values);
    }

    private final Path path;
    private final String name;
    private final RecordProblems problems;

    /** The line in which the record begins that was read last. */
    private long began = 1;

    /** @param name as people know it */
    RecordsFile(Path path, String name, RecordProblems problems) {
        this.path = path;
        this.name = name;
        this.problems = problems;
    }

    /**
     * Reads all of it. What is wrong with it is among the problems then.
     *
     * @return the SHA-256 of its bytes, in hex
     * @throws BackhoeException USAGE {@code records_not_readable}
     */
    String read(Sink sink) {
        if (Files.exists(path) && !Files.isRegularFile(path)) {
            throw notReadable(new IOException("it is no regular file, and has to be read more than once"));
        }
        try (InputStream in = Files.newInputStream(path)) {
            var digest = new DigestInputStream(in, Sha256.begin());
            parse(digest, sink);
            digest.transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(digest.getMessageDigest().digest());
        } catch (IOException e) {
            throw notReadable(e);
        }
    }

    private void parse(InputStream in, Sink sink) throws IOException {
        var decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        var reader = new BufferedReader(new InputStreamReader(in, decoder));
        try {
            skipMark(reader);
            // The parser leaves the stream open, which is read to its end for the digest.
            try (JsonParser parser = CSV.readerForListOf(String.class)
                    .with(CsvSchema.emptySchema())
                    .without(tools.jackson.core.StreamReadFeature.AUTO_CLOSE_SOURCE)
                    .createParser(reader)) {
                var rows = new Rows(sink);
                for (var values = next(parser); values != null; values = next(parser)) {
                    rows.take(values);
                }
                rows.end();
            }
        } catch (JacksonIOException e) {
            if (!(e.getCause() instanceof CharacterCodingException)) {
                throw e.getCause();
            }
            problems.add(began, NOT_UTF8);
        } catch (CharacterCodingException e) {
            problems.add(began, NOT_UTF8);
        } catch (JacksonException e) {
            // Not the parser's own words: they may hold what stands in the file.
            problems.add(
                    began,
                    "here or behind it is no CSV: a quote that is not closed, or something behind a closing quote; a quote"
                            + " within quotes is written twice. The rest was not looked at");
        }
    }

    private static void skipMark(Reader reader) throws IOException {
        reader.mark(1);
        if (reader.read() != '\uFEFF') {
            reader.reset();
        }
    }

    private record Values(long line, List<@Nullable String> fields) {}

    private @Nullable Values next(JsonParser parser) {
        JsonToken token = parser.nextToken();
        while (token == JsonToken.START_ARRAY) {
            token = parser.nextToken();
        }
        if (token == null || token == JsonToken.END_ARRAY) {
            return null;
        }
        began = parser.currentTokenLocation().getLineNr();
        var fields = new ArrayList<@Nullable String>();
        for (; token != null && token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            fields.add(token == JsonToken.VALUE_NULL ? null : parser.getString());
        }
        return new Values(began, fields);
    }

    /** Keeps what cannot be a record from the sink. */
    private final class Rows {
        private final Sink sink;
        private int columns;
        private long rows;

        Rows(Sink sink) {
            this.sink = sink;
        }

        void take(Values values) {
            if (columns == 0) {
                header(values);
                return;
            }
            if (++rows > MOST) {
                throw new BackhoeException(
                        ExitCode.REFUSED,
                        "records_too_many",
                        name + " has more than " + MOST + " records. Nothing was changed.",
                        "Load them into a table, and join that: transform.from.");
            }
            if (values.fields().size() != columns) {
                problems.add(values.line(), "has " + values.fields().size() + " fields, and the header has " + columns);
            } else if (values.fields().stream().anyMatch(f -> f != null && f.indexOf('\0') >= 0)) {
                problems.add(values.line(), "holds the character U+0000, which no text of the server may hold");
            } else {
                sink.row(values.line(), values.fields());
            }
        }

        private void header(Values values) {
            var names = new ArrayList<String>();
            for (String field : values.fields()) {
                String title = field == null ? "" : field.strip();
                if (title.isEmpty() || names.contains(title)) {
                    problems.add(
                            values.line(),
                            title.isEmpty() ? "a column has no name" : "column " + title + " is there twice");
                }
                names.add(title);
            }
            if (names.size() > MOST_COLUMNS) {
                problems.add(values.line(), "has more than " + MOST_COLUMNS + " columns");
            }
            columns = names.size();
            sink.header(names);
        }

        void end() {
            if (columns == 0) {
                problems.add(1, "is empty; its first line names the columns");
            } else if (rows == 0) {
                problems.add(2, "holds no record, only the header");
            }
        }
    }

    private BackhoeException notReadable(IOException e) {
        String why = e instanceof NoSuchFileException
                ? "there is no such file"
                : e instanceof AccessDeniedException ? "it may not be read" : "it cannot be read";
        return new BackhoeException(
                ExitCode.USAGE,
                "records_not_readable",
                "correction.keys: " + name + ": " + why + ", looked for at " + path + ". Nothing was changed.",
                "The name is seen from the folder of the spec, or of the saved plan that is run.",
                e);
    }
}
