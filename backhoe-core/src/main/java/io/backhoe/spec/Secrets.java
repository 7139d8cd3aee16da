package io.backhoe.spec;

import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Resolves {@code ${env:NAME}} and {@code ${file:PATH}} when connecting; <code>$$&#123;</code> stands for the characters
 * <code>${</code>. What comes out is never stored or shown. Thread-safe.
 */
public final class Secrets {
    private final Map<String, String> environment;

    /** @param environment usually {@code System.getenv()} */
    public Secrets(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    /** @throws BackhoeException naming the variable or file that cannot be read; never what it holds */
    public String resolve(String text) {
        var resolved = new StringBuilder();
        int at = 0;
        while (at < text.length()) {
            if (text.startsWith("$${", at)) {
                resolved.append("${");
                at += 3;
            } else if (text.startsWith("${", at)) {
                int end = text.indexOf('}', at);
                if (end < 0) {
                    throw refused("a reference that begins with ${ is not closed with }", null);
                }
                resolved.append(lookUp(text.substring(at + 2, end)));
                at = end + 1;
            } else {
                resolved.append(text.charAt(at++));
            }
        }
        return resolved.toString();
    }

    private String lookUp(String reference) {
        if (reference.startsWith("env:")) {
            String name = reference.substring(4);
            String value = environment.get(name);
            if (value == null) {
                throw refused("the environment variable " + name + " is not set", null);
            }
            return value;
        }
        if (reference.startsWith("file:")) {
            return content(reference.substring(5));
        }
        throw refused("${" + scheme(reference) + "} is not known; write ${env:NAME} or ${file:PATH}", null);
    }

    /** Of an unknown reference only the part before the colon is told: the rest could be a password with a brace. */
    private static String scheme(String reference) {
        int colon = reference.indexOf(':');
        return colon < 0 ? "..." : reference.substring(0, colon) + ":...";
    }

    private static String content(String path) {
        String content;
        try {
            content = Files.readString(Path.of(path));
        } catch (IOException | InvalidPathException e) {
            String why = e instanceof java.nio.file.NoSuchFileException
                    ? "is not there"
                    : e instanceof java.nio.file.AccessDeniedException ? "may not be read by us" : "cannot be read";
            throw refused("the file " + path + " " + why, e);
        }
        String withoutNewline = content.endsWith("\n") ? content.substring(0, content.length() - 1) : content;
        return withoutNewline.endsWith("\r") && content.endsWith("\n")
                ? withoutNewline.substring(0, withoutNewline.length() - 1)
                : withoutNewline;
    }

    private static BackhoeException refused(String message, @Nullable Throwable cause) {
        return new BackhoeException(
                ExitCode.USAGE,
                "secret_not_resolved",
                message,
                "set it and type the command again; $${ stands for the characters ${",
                cause);
    }
}
