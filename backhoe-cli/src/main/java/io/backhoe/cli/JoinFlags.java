package io.backhoe.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What the expressions read beside the table, and which rows are meant; as it was typed. */
final class JoinFlags {
    @Option(names = "--from-clause", paramLabel = "SQL", description = "Further tables of the expressions.")
    private @Nullable String from;

    @Option(names = "--on", paramLabel = "SQL", description = "How they are joined.")
    private @Nullable String on;

    @Option(names = "--where", paramLabel = "SQL", description = "Which rows are meant at all.")
    private @Nullable String where;

    boolean any() {
        return from != null || on != null || where != null;
    }

    @Nullable
    String from() {
        return from;
    }

    @Nullable
    String on() {
        return on;
    }

    @Nullable
    String where() {
        return where;
    }
}
