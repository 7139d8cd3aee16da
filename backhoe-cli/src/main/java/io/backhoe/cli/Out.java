package io.backhoe.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where a verb talks to people: stdout, or stderr when stdout is kept for one JSON document. Thread-safe, except {@link
 * #confirm} and {@link #ask}.
 */
final class Out {
    private final Terminal terminal;
    private final boolean json;
    private final boolean aside;
    private final List<String> warnings;
    private @Nullable BufferedReader reader;

    Out(Terminal terminal, boolean json) {
        this(terminal, json, false, new ArrayList<>());
    }

    private Out(Terminal terminal, boolean json, boolean aside, List<String> warnings) {
        this.terminal = terminal;
        this.json = json;
        this.aside = aside;
        this.warnings = warnings;
    }

    /** The same for a verb whose stdout is kept for a log: what is for people goes to stderr. */
    Out aside() {
        return new Out(terminal, json, true, warnings);
    }

    Terminal terminal() {
        return terminal;
    }

    boolean json() {
        return json;
    }

    void line(String text) {
        human().println(text);
    }

    /** One of several documents, on a line of its own. */
    void document(String verb, Answer answer) {
        terminal.out().println(Envelope.line(verb, answer, warnings()));
    }

    void lines(List<String> texts) {
        texts.forEach(this::line);
    }

    /** A state in the colour of what it means; plain where colours are not wanted. */
    String state(String word) {
        if (json || !terminal.colour()) {
            return word;
        }
        int colour = switch (word) {
            case "SUCCEEDED", "ROLLED_BACK", "proved", "ok" -> 32;
            case "FAILED", "NOT proved", "problem" -> 31;
            case "PARTIAL", "ROLLBACK_PARTIAL", "PAUSED", "CANCELLED", "attention" -> 33;
            default -> 1;
        };
        return "\u001b[" + colour + "m" + word + "\u001b[0m";
    }

    /** Said once, on stderr, and kept for the document. */
    void warn(String text) {
        synchronized (warnings) {
            if (warnings.contains(text)) {
                return;
            }
            warnings.add(text);
        }
        terminal.err().println("warning: " + text);
    }

    List<String> warnings() {
        synchronized (warnings) {
            return List.copyOf(warnings);
        }
    }

    /** Whether a person can be asked at all. */
    boolean canAsk() {
        return terminal.interactive() && !json;
    }

    /** Whether whole pictures can be drawn for people. */
    boolean isScreen() {
        return terminal.drawable() && !json;
    }

    /** Asks; anything but yes is no. */
    boolean confirm(String question) {
        return List.of("y", "yes").contains(ask(question + " [y/N]").toLowerCase(Locale.ROOT));
    }

    /** Asks, and answers the line that was typed, without blanks around it; nothing when the input has ended. */
    String ask(String question) {
        terminal.out().print(question + " ");
        terminal.out().flush();
        try {
            if (reader == null) {
                reader = new BufferedReader(new InputStreamReader(terminal.in(), Charset.defaultCharset()));
            }
            String answer = reader.readLine();
            return answer == null ? "" : answer.strip();
        } catch (IOException e) {
            return "";
        }
    }

    private PrintStream human() {
        return json || aside ? terminal.err() : terminal.out();
    }
}
