package io.backhoe.spec;

import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import io.backhoe.value.Spelling;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The files in which a named target is looked for, the nearest first. A file that is not there is passed over; one that
 * cannot be read is an error, for it may hold the name. Files are read when they are asked, so that one that nobody asks
 * hinders nobody.
 */
public record Targets(List<Path> places) {
    /**
     * Its name, where it stands, and what stands there.
     *
     * @param warnings about other targets of the files that were read
     */
    public record Found(String name, Path file, Spec.Target target, List<String> warnings) {
        public Found {
            warnings = List.copyOf(warnings);
        }
    }

    public Targets {
        places = List.copyOf(places);
    }

    /**
     * The nearest target of a name.
     *
     * @throws BackhoeException {@code target_unknown}, with the names that are known and the files that were looked in;
     *     {@code targets_invalid}, when its password stands there for others to read
     * @throws InvalidSpec when a file is not valid
     */
    public Found named(String name) {
        var read = files();
        for (TargetsFile file : read) {
            Spec.Target target = file.targets().get(name);
            if (target != null) {
                return found(name, file, target, read);
            }
        }
        var known = new LinkedHashSet<String>();
        read.forEach(file -> known.addAll(file.targets().keySet()));
        String nearest = Spelling.nearest(name, known);
        throw new BackhoeException(
                ExitCode.USAGE,
                "target_unknown",
                "There is no target '" + name + "'. Looked in " + String.join(", ", looked(read)) + ".",
                nearest != null
                        ? "did you mean --target " + nearest + "?"
                        : "write it there: targets: { " + name
                                + ": { url: \"postgresql://user@host:5432/database\" } }");
    }

    /** What the nearest file that has a default names by it; null when none has. */
    public @Nullable Found standard() {
        var read = files();
        for (TargetsFile file : read) {
            String name = file.standard();
            Spec.Target target = name == null ? null : file.targets().get(name);
            if (name != null && target != null) {
                return found(name, file, target, read);
            }
        }
        return null;
    }

    /** @throws BackhoeException {@code targets_invalid}, when this one may not be used as it stands there */
    private static Found found(String name, TargetsFile file, Spec.Target target, List<TargetsFile> read) {
        String why = file.refused().get(name);
        if (why != null) {
            throw new BackhoeException(
                    ExitCode.USAGE,
                    "targets_invalid",
                    why + ".",
                    "type: chmod 600 " + file.path() + "  (or write ${env:NAME} or ${file:PATH} instead)");
        }
        var warnings = read.stream()
                .flatMap(f -> f.refused().values().stream())
                .map(refusal -> refusal + "; that target is refused")
                .toList();
        return new Found(name, file.path(), target, warnings);
    }

    private List<TargetsFile> files() {
        return places.stream().filter(Files::exists).map(TargetsFile::read).toList();
    }

    private List<String> looked(List<TargetsFile> read) {
        var looked = new ArrayList<String>();
        for (Path place : places) {
            String holds = read.stream()
                    .filter(file -> file.path().equals(place))
                    .findFirst()
                    .map(file -> file.targets().isEmpty()
                            ? "no target"
                            : String.join(", ", file.targets().keySet()))
                    .orElse("not there");
            looked.add(place + " (" + holds + ")");
        }
        return looked;
    }
}
