package io.backhoe.spec;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.Node;

/** Everything found wrong so far in one file. Not thread-safe. */
final class Problems {
    private final String fileName;
    private final String code;
    private final List<Problem> found = new ArrayList<>();

    Problems(String fileName) {
        this(fileName, "spec_invalid");
    }

    /** @param code what a machine is told */
    Problems(String fileName, String code) {
        this.fileName = fileName;
        this.code = code;
    }

    void add(Node at, String path, String message, @Nullable String suggestion) {
        add(at.getStartMark().orElse(null), path, message, suggestion);
    }

    void add(@Nullable Mark at, String path, String message, @Nullable String suggestion) {
        // What was said in code, not in a file, has no place.
        int line = at == null ? 0 : at.getLine() + 1;
        int column = at == null ? 0 : at.getColumn() + 1;
        found.add(new Problem(line, column, path, message, suggestion));
    }

    void addAtLine(int line, String message) {
        found.add(new Problem(line, 1, "", message, null));
    }

    /** For what was said by a flag of the command line, which has no place in the file. */
    void addFlag(String flag, String message, @Nullable String suggestion) {
        found.add(new Problem(0, 0, flag, message, suggestion));
    }

    boolean any() {
        return !found.isEmpty();
    }

    void throwIfAny() {
        if (any()) {
            var inOrder = new ArrayList<>(found);
            inOrder.sort(Comparator.comparingInt(Problem::line).thenComparingInt(Problem::column));
            throw new InvalidSpec(fileName, code, inOrder);
        }
    }
}
