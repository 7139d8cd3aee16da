package io.backhoe.spec;

import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import io.backhoe.value.Spelling;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A {@code targets.yaml}: databases by name, and which of them is meant when none is named. See {@code docs/connect.md}.
 *
 * @param targets in the order of the file; the texts hold {@code ${env:NAME}} and {@code ${file:PATH}} as written
 * @param standard the name that {@code default} gives, or null
 * @param refused why some of the targets may not be used, by name: a password stands there in clear, for others to read
 */
public record TargetsFile(
        Path path,
        Map<String, Spec.Target> targets,
        @Nullable String standard,
        Map<String, String> refused) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");
    private static final Set<PosixFilePermission> OWNERS_ALONE = EnumSet.of(
            PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);

    public TargetsFile {
        targets = Collections.unmodifiableMap(new LinkedHashMap<>(targets));
        refused = Collections.unmodifiableMap(new LinkedHashMap<>(refused));
    }

    /**
     * Reads a file.
     *
     * @throws InvalidSpec naming every problem of the file
     * @throws BackhoeException when the file cannot be read
     */
    public static TargetsFile read(Path path) {
        return new Reader(path).read();
    }

    /** A name that needs no quotes anywhere; null, with a problem noted, when it is none. */
    static @Nullable String name(Value value) {
        String text = value.text();
        if (text == null || NAME.matcher(text).matches()) {
            return text;
        }
        // not the text itself: a URL may hold a password
        value.problem(
                text.contains(":")
                        ? "is not the name of a target; a URL stands in target: { url: \"postgresql://...\" }"
                        : "is not the name of a target: letters, digits, dot, underscore and hyphen, at most 100");
        return null;
    }

    /** Reads one file, once. */
    private static final class Reader {
        private final Path path;
        private final Problems problems;
        private final Map<String, String> refused = new LinkedHashMap<>();

        Reader(Path path) {
            this.path = path;
            this.problems = new Problems(path.toString(), "targets_invalid");
        }

        TargetsFile read() {
            Section root = SpecFile.document(text(), "the file is empty; it holds the key targets", problems)
                    .section();
            var read = new LinkedHashMap<String, Spec.Target>();
            String standard = null;
            if (root != null) {
                Section targets = root.require("targets", Value::section);
                Map<String, Value> byName = targets == null ? Map.of() : targets.free();
                byName.forEach((name, value) -> read.put(name, target(name, value)));
                standard = root.read("default", TargetsFile::name);
                if (standard != null && !byName.containsKey(standard)) {
                    Value value = root.value("default");
                    if (value != null) {
                        value.problem(
                                "there is no target '" + standard + "' in this file",
                                Spelling.nearest(standard, byName.keySet()));
                    }
                }
                root.close();
            }
            problems.throwIfAny();
            return new TargetsFile(path, read, standard, refused);
        }

        private Spec.Target target(String name, Value value) {
            if (!NAME.matcher(name).matches()) {
                value.problem("the name of a target is letters, digits, dot, underscore and hyphen, at most 100");
            }
            Section in = value.section();
            if (in == null) {
                if (value.isNothing()) {
                    value.problem("is empty; write { url: \"postgresql://user@host:5432/database\" }");
                }
                return Spec.Target.NONE;
            }
            var target = new Spec.Target(
                    in.require("url", Value::text), in.read("user", Value::text), in.read("password", Value::text));
            if (!target.withoutLiteralSecrets().equals(target)) {
                refuseWhereOthersRead(name, target);
            }
            return target;
        }

        private void refuseWhereOthersRead(String name, Spec.Target target) {
            String openTo = openTo();
            if (openTo != null) {
                var url = new Spec.Target(target.url(), null, null);
                String key = url.withoutLiteralSecrets().equals(url) ? "password" : "url";
                refused.put(
                        name,
                        path + ": targets." + name + "." + key + ": a password stands here in clear, and " + openTo);
            }
        }

        /** Why the file is no place for a password; null when only its owner can open it. */
        private @Nullable String openTo() {
            try {
                Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(path);
                return OWNERS_ALONE.containsAll(permissions)
                        ? null
                        : "others may open this file (" + PosixFilePermissions.toString(permissions) + ")";
            } catch (IOException | UnsupportedOperationException e) {
                return "who may open this file cannot be told";
            }
        }

        private String text() {
            try {
                return Files.readString(path);
            } catch (IOException e) {
                String why = e instanceof AccessDeniedException
                        ? "may not be read by you"
                        : e instanceof CharacterCodingException ? "is not UTF-8 text" : "cannot be read";
                throw new BackhoeException(
                        ExitCode.USAGE,
                        "targets_not_readable",
                        path + ": the file with named targets " + why + ".",
                        "Mend it, or say where the database is with --url.",
                        e);
            }
        }
    }
}
