package io.backhoe.cli;

import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * The file that a command was given.
 *
 * @param name for messages
 * @param folder where things that belong beside it go
 */
record SourceFile(String name, Path folder, String text) {
    /** @param argument a path, or {@code -} for stdin */
    static SourceFile read(String argument, Terminal terminal) {
        try {
            if (argument.equals("-")) {
                byte[] bytes = terminal.in().readAllBytes();
                return new SourceFile("stdin", Path.of(""), new String(bytes, StandardCharsets.UTF_8));
            }
            Path path = Path.of(argument);
            Path parent = path.getParent();
            return new SourceFile(argument, parent == null ? Path.of("") : parent, Files.readString(path));
        } catch (IOException | InvalidPathException e) {
            throw new BackhoeException(
                    ExitCode.USAGE,
                    "file_not_readable",
                    argument + ": " + why(e) + ".",
                    "Name the file of a spec or of a plan, or - for stdin.",
                    e);
        }
    }

    private static String why(Exception e) {
        if (e instanceof NoSuchFileException) {
            return "there is no such file";
        }
        if (e instanceof AccessDeniedException) {
            return "it may not be read";
        }
        return e instanceof CharacterCodingException ? "it is not UTF-8 text" : "it cannot be read";
    }
}
