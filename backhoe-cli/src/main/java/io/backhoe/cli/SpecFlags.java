package io.backhoe.cli;

import io.backhoe.spec.SpecOverrides;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What may be added to a spec on the command line. */
final class SpecFlags {
    @Option(
            names = "--set",
            paramLabel = "COLUMN=EXPRESSION",
            description = "A column and the SQL expression that fills it; may be repeated. Adds to the file's own, or "
                    + "replaces one.")
    private List<String> set = new ArrayList<>();

    @Option(names = "--from-clause", paramLabel = "SQL", description = "Further tables of the expressions.")
    private @Nullable String from;

    @Option(names = "--on", paramLabel = "SQL", description = "How they are joined.")
    private @Nullable String on;

    @Option(names = "--where", paramLabel = "SQL", description = "Which rows are meant at all.")
    private @Nullable String where;

    boolean any() {
        return !set.isEmpty() || from != null || on != null || where != null;
    }

    /** @param url in place of the file's target, or null */
    SpecOverrides overrides(@Nullable String url) {
        return new SpecOverrides(url, SpecOverrides.parseSet(set), from, on, where);
    }
}
