package io.backhoe.cli;

import io.backhoe.spec.Targets;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where {@code targets.yaml} is looked for: the file that was named, and no other; else beside the spec or plan, or in
 * the folder where the command was typed when there is none; then in the user's configuration.
 *
 * @param named null when no file was named
 */
record TargetPlaces(@Nullable Path named, Path folder, Map<String, String> env) {
    private static final String NAME = "targets.yaml";

    Targets all() {
        if (named != null && !Files.exists(named)) {
            throw new BackhoeException(
                    ExitCode.USAGE,
                    "targets_not_readable",
                    named + ": there is no such file with named targets.",
                    "Check --targets; without it targets.yaml is looked for beside the spec and in the user's"
                            + " configuration.");
        }
        return new Targets(files());
    }

    private List<Path> files() {
        if (named != null) {
            return List.of(named);
        }
        var files = new ArrayList<Path>();
        files.add(folder.resolve(NAME));
        Path own = configured();
        if (own != null) {
            files.add(own);
        }
        return files;
    }

    private @Nullable Path configured() {
        String config = env.getOrDefault("XDG_CONFIG_HOME", "");
        String home = env.getOrDefault("HOME", "");
        if (config.isEmpty() && home.isEmpty()) {
            return null;
        }
        Path folderOfConfig = config.isEmpty() ? Path.of(home, ".config") : Path.of(config);
        return folderOfConfig.resolve("backhoe").resolve(NAME);
    }

    /** For people. */
    String names() {
        return String.join(
                " or ",
                files().stream()
                        .map(f -> f + (Files.exists(f) ? "" : " (not there)"))
                        .toList());
    }

    /** Whether a command about no file, typed in the same folder with {@code --target}, would find the very same. */
    boolean foundByName(Targets.Found found) {
        return named == null && same(found, () -> here().named(found.name()));
    }

    /** As {@link #foundByName}, without a word of it. */
    boolean foundByDefault(Targets.Found found) {
        return named == null && same(found, () -> here().standard());
    }

    private Targets here() {
        return new TargetPlaces(null, Path.of(""), env).all();
    }

    private static boolean same(Targets.Found found, Supplier<Targets.@Nullable Found> again) {
        try {
            Targets.Found other = again.get();
            return other != null
                    && other.name().equals(found.name())
                    && other.file()
                            .toAbsolutePath()
                            .normalize()
                            .equals(found.file().toAbsolutePath().normalize());
        } catch (BackhoeException e) {
            // Another file of that name is in the way, and is not valid.
            return false;
        }
    }
}
