package io.backhoe.embedded;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Programs of the machine, started with an environment that does not depend on who calls. */
final class Command {
    private Command() {}

    /** What a short program answered. */
    record Answer(int exit, String text) {}

    /** Runs a program that ends by itself and says little. */
    static Answer run(List<String> command) {
        try {
            Process process = builder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return new Answer(process.waitFor(), text);
        } catch (IOException e) {
            return new Answer(127, String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** Starts a program whose output is added to a file. */
    static Process start(List<String> command, Path log) {
        try {
            return builder(command)
                    .redirectInput(new File("/dev/null"))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
        } catch (IOException e) {
            throw new ServerException("Could not start " + command.get(0) + ": " + e.getMessage(), e);
        }
    }

    static boolean ended(Process process, long seconds) {
        try {
            return process.waitFor(seconds, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    static ProcessBuilder builder(List<String> command) {
        var builder = new ProcessBuilder(command);
        // The caller's directory may be closed to the server's user; PGPORT and its like would change the server.
        builder.directory(new File("/"));
        builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
        builder.environment().put("LC_ALL", "C");
        return builder;
    }

    /**
     * A command line that runs outside the terminal's process group: Ctrl-C is for the program that owns the server,
     * which then ends the server in order.
     */
    static List<String> detached(List<String> command) {
        var line = new ArrayList<String>();
        if (onPath("setsid")) {
            line.add("setsid");
        } else if (onPath("perl")) {
            line.addAll(List.of("perl", "-MPOSIX", "-e", "POSIX::setsid(); exec @ARGV or exit 127", "--"));
        }
        line.addAll(command);
        return line;
    }

    static ServerException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new ServerException("Interrupted while waiting for the embedded server", e);
    }

    private static boolean onPath(String program) {
        String path = System.getenv().getOrDefault("PATH", "/usr/bin:/bin");
        for (String folder : path.split(File.pathSeparator)) {
            if (Files.isExecutable(Path.of(folder, program))) {
                return true;
            }
        }
        return false;
    }
}
