package io.backhoe.cli;

import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * Does what people do most, on a server of its own, so that a JVM that lists the classes it loads lists those. The launcher
 * makes the archive of classes by that list.
 */
final class StartClasses {
    private static final List<String> VERBS = List.of("status", "list", "logs", "report", "doctor");

    private StartClasses() {}

    public static void main(String[] arguments) {
        try (var place = DemoPlace.ofItsOwn(false)) {
            run("--version");
            run("help");
            run("demo", "--rows", "1000", "--json", "--url", place.url());
            for (String verb : VERBS) {
                run(verb, "--url", place.url());
                run(verb, "--json", "--url", place.url());
            }
        }
    }

    private static void run(String... words) {
        var nowhere = new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
        Main.run(new Terminal(nowhere, nowhere, InputStream.nullInputStream(), false, false, Map.of()), words);
    }
}
