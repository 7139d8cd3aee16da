package io.backhoe.spec;

import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads which function is given rows, and what of them. */
final class RowsReader {
    private static final Pattern HASH = Pattern.compile("sha256:[0-9a-f]{64}");

    private final Section in;

    RowsReader(Section in) {
        this.in = in;
    }

    /** Null where none in Java is; {@code reads} is then left to whoever else is given rows. */
    Spec.@Nullable Function function() {
        Value java = in.value("java");
        String name = java == null ? null : java.label();
        String jar = in.read("jar", RowsReader::hash);
        if (java == null || java.isEmpty()) {
            if (jar != null) {
                in.problem("jar", "needs transform.java: the name of the row function that the jar has");
            }
            return null;
        }
        in.problemBeside(
                List.of("function", "command", "per"),
                "does not go with transform.java, which is given the rows of each batch");
        var reads = reads();
        return name == null ? null : Spec.Function.of(name, new Spec.Rows(reads, jar));
    }

    /** The columns that are read; a problem where there are none. */
    List<String> reads() {
        List<Value> items = in.require("reads", Value::items);
        if (items != null && items.isEmpty()) {
            in.problem("reads", "is empty; name the columns that the work needs, besides the key");
        }
        return items == null ? List.of() : List.copyOf(ColumnName.all(items));
    }

    private static @Nullable String hash(Value value) {
        String text = value.text();
        if (text != null && !HASH.matcher(text).matches()) {
            value.problem("is not the SHA-256 of a jar; a plan has it, as sha256: and 64 digits");
            return null;
        }
        return text;
    }
}
