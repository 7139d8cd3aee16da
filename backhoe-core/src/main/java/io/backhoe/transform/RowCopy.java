package io.backhoe.transform;

import io.backhoe.database.DatabaseException;
import io.backhoe.database.ErrorKind;
import io.backhoe.database.Row;
import io.backhoe.database.Session;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one batch on their way to a function and back, in the text form of COPY (PostgreSQL's manual, "COPY", "Text Format").
 * Rows that stay as they are do not come back. Confined to one thread.
 */
public final class RowCopy {
    private static final String NULL = "\\N";
    /** As the server says it of bytes that are no character. */
    private static final String NOT_IN_REPERTOIRE = "22021";

    private final RowColumns columns;
    private final List<String> sets;
    private final ByteArrayOutputStream lines = new ByteArrayOutputStream();
    private List<InputRow> rows = List.of();

    /** @param sets the columns that may be set, in the order of the COPY */
    public RowCopy(RowColumns columns, List<String> sets) {
        this.columns = columns;
        this.sets = List.copyOf(sets);
    }

    /** @param read key, and what is read besides */
    public void read(List<Row> read) {
        rows = read.stream().map(row -> new InputRow(columns, row.values())).toList();
    }

    public boolean isEmpty() {
        return rows.isEmpty();
    }

    /**
     * Has it done, outside of the database.
     *
     * @throws io.backhoe.database.DatabaseException as {@link Call#rows}; STATEMENT when a result names a column that is not to
     *     be set, or has a value that no column takes; BAD_ROW when a text of it is none
     */
    public RowCopy compute(Call call, long runId) {
        List<RowResult> results = call.rows(runId, rows);
        for (int i = 0; i < results.size(); i++) {
            var values = results.get(i).values();
            if (!values.isEmpty()) {
                refuseOthers(call, values.keySet());
                write(call, rows.get(i), values);
            }
        }
        return this;
    }

    /**
     * @return how many rows came back
     * @throws DatabaseException BAD_ROW when the server cannot read a value as its column's type; what it says of that may hold the
     *     value, and is the error's detail
     */
    public long copy(Session session, String sql) {
        if (lines.size() == 0) {
            return 0;
        }
        try {
            return session.copyIn(sql, new ByteArrayInputStream(lines.toByteArray()));
        } catch (DatabaseException e) {
            // The statement is ours and has been executed before: names that are not there are within values, as of a
            // regclass.
            throw e.kind() == ErrorKind.STATEMENT && e.sqlState().startsWith("42") ? unreadable(e) : e;
        }
    }

    private static DatabaseException unreadable(DatabaseException error) {
        return new DatabaseException(
                ErrorKind.BAD_ROW,
                error.sqlState(),
                "a value that came back cannot be read as its column's type (SQLSTATE " + error.sqlState() + ")",
                Stream.of(error.getMessage(), error.detail())
                        .filter(Objects::nonNull)
                        .collect(Collectors.joining("\n")),
                error);
    }

    private void refuseOthers(Call call, Set<String> named) {
        for (String column : named) {
            if (!sets.contains(column)) {
                throw call.misbehaved("sets the column '" + column + "', which is not among transform.columns ("
                        + String.join(", ", sets) + ")");
            }
        }
    }

    private void write(Call call, InputRow row, Map<String, @Nullable Object> values) {
        var line = new StringBuilder();
        row.texts().forEach(text -> field(line, text));
        for (String column : sets) {
            field(line, values.containsKey(column) ? "t" : "f");
            field(line, text(call, column, values.get(column)));
        }
        line.setCharAt(line.length() - 1, '\n');
        lines.writeBytes(line.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static @Nullable String text(Call call, String column, @Nullable Object value) {
        try {
            String text = SqlValue.write(value);
            if (text != null && isBroken(text)) {
                throw new DatabaseException(
                        ErrorKind.BAD_ROW,
                        NOT_IN_REPERTOIRE,
                        call.who() + " sets column '" + column
                                + "' to a text that holds half of a surrogate pair, which is no character",
                        null,
                        null);
            }
            return text;
        } catch (IllegalArgumentException e) {
            throw call.misbehaved(
                    "sets column '" + column + "' to a " + e.getMessage() + ", which has no form in SQL; give a text");
        }
    }

    /** Encoded as UTF-8 the half of a pair would become a question mark, and nobody would be told. */
    private static boolean isBroken(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                if (i + 1 == text.length() || !Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1))) {
                    return true;
                }
                i++;
            }
        }
        return false;
    }

    private static void field(StringBuilder line, @Nullable String text) {
        if (text == null) {
            line.append(NULL);
        } else {
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                switch (c) {
                    case '\\' -> line.append("\\\\");
                    case '\n' -> line.append("\\n");
                    case '\r' -> line.append("\\r");
                    case '\t' -> line.append("\\t");
                    default -> line.append(c);
                }
            }
        }
        line.append('\t');
    }
}
