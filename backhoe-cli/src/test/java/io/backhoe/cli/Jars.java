package io.backhoe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.ToolProvider;

/** Builds plugins as their authors do, from a source. */
final class Jars {
    private Jars() {}

    static Path of(Path folder, String jar, Path source) throws IOException {
        String name = source.getFileName().toString().replace(".java", "");
        return of(folder, jar, name, Files.readString(source), name);
    }

    /**
     * @param name of the class
     * @param service what the jar says its row function is
     */
    static Path of(Path folder, String jar, String name, String source, String service) throws IOException {
        Path classes = Files.createTempDirectory(folder, "classes");
        Path file = Files.writeString(classes.resolve(name + ".java"), source);
        var said = new ByteArrayOutputStream();
        int code = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        said,
                        said,
                        "-proc:none",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-d",
                        classes.toString(),
                        file.toString());
        assertThat(code).as(said.toString(StandardCharsets.UTF_8)).isZero();
        Path to = folder.resolve(jar);
        try (var out = new JarOutputStream(Files.newOutputStream(to));
                var built = Files.list(classes)) {
            for (Path one :
                    built.filter(f -> f.toString().endsWith(".class")).sorted().toList()) {
                add(out, one.getFileName().toString(), Files.readAllBytes(one));
            }
            add(out, "META-INF/services/io.backhoe.transform.RowTransform", service.getBytes(StandardCharsets.UTF_8));
        }
        return to;
    }

    private static void add(JarOutputStream out, String name, byte[] content) throws IOException {
        var entry = new JarEntry(name);
        // The same source makes the same jar.
        entry.setTime(0);
        out.putNextEntry(entry);
        out.write(content);
        out.closeEntry();
    }
}
