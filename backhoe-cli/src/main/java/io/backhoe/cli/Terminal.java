package io.backhoe.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * What a process has around it.
 *
 * @param interactive whether a person sits at both ends, and can be asked
 * @param drawable whether it is a terminal that whole pictures can be drawn on
 */
record Terminal(
        PrintStream out,
        PrintStream err,
        InputStream in,
        boolean interactive,
        boolean drawable,
        Map<String, String> env) {
    Terminal {
        env = Map.copyOf(env);
    }

    /** This process. UTF-8 whatever the locale is, because documents are. */
    static Terminal ofProcess() {
        boolean interactive = isInteractive();
        return new Terminal(
                new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8),
                new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8),
                System.in,
                interactive,
                interactive && isDrawable(System.getenv()),
                System.getenv());
    }

    private static boolean isDrawable(Map<String, String> env) {
        String ci = env.getOrDefault("CI", "");
        return (ci.isEmpty() || ci.equals("false"))
                && !env.getOrDefault("TERM", "dumb").equals("dumb");
    }

    /** From JDK 22 on there is a console even where there is no terminal, and a method that tells. */
    private static boolean isInteractive() {
        var console = System.console();
        if (console == null) {
            return false;
        }
        try {
            return (boolean) console.getClass().getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException e) {
            return true;
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }

    boolean colour() {
        return interactive
                && env.getOrDefault("NO_COLOR", "").isEmpty()
                && !env.getOrDefault("TERM", "dumb").equals("dumb");
    }
}
