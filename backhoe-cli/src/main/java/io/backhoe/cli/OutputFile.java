package io.backhoe.cli;

import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The file of {@code --output}. */
final class OutputFile {
    private OutputFile() {}

    /**
     * Whether it is stdout.
     *
     * @throws BackhoeException when that is kept for one JSON document
     */
    static boolean isStdout(@Nullable String output, Out out) {
        boolean stdout = "-".equals(output);
        if (stdout && out.json()) {
            throw new BackhoeException(
                    ExitCode.USAGE, "usage", "--json and --output - both want stdout.", "Leave one of them out.");
        }
        return stdout;
    }

    /** The name of a file for a backfill, whatever its own name holds. */
    static String named(String backfill, String ending) {
        return backfill.replaceAll("[^\\p{L}\\p{N}._-]", "_") + ending;
    }

    /** @param what is wrong with it, after its name */
    static BackhoeException exists(Path path, String what) {
        return new BackhoeException(
                ExitCode.REFUSED,
                "file_exists",
                path + " is there " + what + ". It was left as it is.",
                "Choose another file with --output, or overwrite it with --force.");
    }
}
