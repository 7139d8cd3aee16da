package io.backhoe.cli;

import io.backhoe.undo.Conflict;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Conflicts as CSV (RFC 4180), a line for each column of each row. A text is in quotes, NULL is nothing at all: so the
 * empty text can be told from it, as {@code COPY ... FORMAT csv} tells them.
 */
final class ConflictsFile {
    private static final List<String> HEAD = List.of("chunk", "key", "state", "column", "written", "present", "before");

    private final Appendable to;

    ConflictsFile(Appendable to) {
        this.to = to;
        line(new ArrayList<>(HEAD));
    }

    /** @throws UncheckedIOException when it cannot be written */
    void add(Conflict conflict) {
        String key = String.join(", ", conflict.key().values());
        for (Conflict.Value value : conflict.values()) {
            var fields = new ArrayList<@Nullable String>();
            fields.add(conflict.chunk());
            fields.add(key);
            fields.add(state(conflict));
            fields.add(value.column());
            fields.add(value.written());
            fields.add(value.present());
            fields.add(value.before());
            line(fields);
        }
    }

    private static String state(Conflict conflict) {
        if (!conflict.there()) {
            return "deleted";
        }
        return conflict.laterRun() == null ? "changed" : "written by run " + conflict.laterRun();
    }

    private void line(List<? extends @Nullable String> fields) {
        try {
            for (int i = 0; i < fields.size(); i++) {
                String text = fields.get(i);
                to.append(i == 0 ? "" : ",");
                if (text != null) {
                    to.append('"').append(text.replace("\"", "\"\"")).append('"');
                }
            }
            to.append("\r\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
