package io.backhoe.transform;

import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import io.backhoe.value.Sha256;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import org.jspecify.annotations.Nullable;

/**
 * What a jar has of row functions. Its classes see those of Java and this package of ours, and nothing of what else we are made
 * of, so that a plugin may bring any version of a library. It is loaded once and stays for as long as we live.
 *
 * @param sha256 of the jar: {@code sha256:} and 64 digits, by which plans know it
 */
record Plugin(Path jar, String sha256, List<RowTransform> transforms) {
    Plugin {
        transforms = List.copyOf(transforms);
    }

    /** @throws BackhoeException USAGE when it is no jar, has no row function, or one that cannot be loaded */
    static Plugin of(Path jar) {
        String hash = hash(jar);
        try (var zip = new JarFile(jar.toFile())) {
            var manifest = zip.getManifest();
            if (manifest != null && manifest.getMainAttributes().getValue(Attributes.Name.CLASS_PATH) != null) {
                throw unusable(
                        jar,
                        "plugin_not_whole",
                        "names other jars in the Class-Path of its manifest, which no plan would know",
                        "Build it with all that it needs in it, and without that line.",
                        null);
            }
            if (zip.getEntry("META-INF/services/" + RowTransform.class.getName()) == null) {
                throw unusable(
                        jar,
                        "plugin_empty",
                        "has no row function: META-INF/services/" + RowTransform.class.getName() + " is not in it",
                        "Put that file into the jar, with the name of the class in it.",
                        null);
            }
        } catch (IOException e) {
            throw unusable(jar, "plugin_not_a_jar", "is not a jar (" + e.getMessage() + ")", "Give a jar file.", e);
        }
        var transforms = transforms(jar);
        if (transforms.isEmpty()) {
            throw unusable(
                    jar,
                    "plugin_empty",
                    "has no row function: META-INF/services/" + RowTransform.class.getName() + " names none",
                    "Write the name of the class into that file.",
                    null);
        }
        return new Plugin(jar, hash, transforms);
    }

    private static String hash(Path jar) {
        try {
            return "sha256:" + HexFormat.of().formatHex(Sha256.begin().digest(Files.readAllBytes(jar)));
        } catch (IOException e) {
            throw unusable(
                    jar, "plugin_not_readable", "cannot be read (" + e.getMessage() + ")", "Look at the path.", e);
        }
    }

    private static List<RowTransform> transforms(Path jar) {
        var found = new ArrayList<RowTransform>();
        try {
            for (RowTransform transform : ServiceLoader.load(RowTransform.class, loader(jar))) {
                String name = transform.name();
                if (name == null || name.isBlank()) {
                    throw unusable(
                            jar,
                            "plugin_without_name",
                            "has a row function without a name: "
                                    + transform.getClass().getName(),
                            "Let its name() answer one.",
                            null);
                }
                found.add(transform);
            }
        } catch (ServiceConfigurationError | LinkageError e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw unusable(
                    jar,
                    "plugin_broken",
                    "has a class that cannot be loaded: " + e.getMessage() + (cause == e ? "" : " (" + cause + ")"),
                    "Build it against this version of Backhoe, for this Java or an older one, with all that it needs in it.",
                    e);
        }
        return found;
    }

    private static ClassLoader loader(Path jar) {
        try {
            return new URLClassLoader(new URL[] {jar.toUri().toURL()}, new Seen());
        } catch (MalformedURLException e) {
            throw new IllegalStateException("a path has a URL: " + jar, e);
        }
    }

    private static BackhoeException unusable(
            Path jar, String code, String what, String hint, @Nullable Throwable cause) {
        return new BackhoeException(
                ExitCode.USAGE, code, "--plugin " + jar + " " + what + ". Nothing was changed.", hint, cause);
    }

    /** Java's own classes, and of ours those that a plugin is written with. */
    private static final class Seen extends ClassLoader {
        private static final String OURS = RowTransform.class.getPackageName() + ".";

        Seen() {
            super(ClassLoader.getPlatformClassLoader());
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            if (!name.startsWith(OURS)) {
                throw new ClassNotFoundException(name);
            }
            return Class.forName(name, false, RowTransform.class.getClassLoader());
        }
    }
}
