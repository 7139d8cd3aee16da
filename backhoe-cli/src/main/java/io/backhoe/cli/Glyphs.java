package io.backhoe.cli;

import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What a terminal can show.
 *
 * @param unicode whether it takes more than ASCII
 * @param colour whether colours are wanted
 */
record Glyphs(boolean unicode, boolean colour) {
    private static final int GREEN = 32;
    private static final int YELLOW = 33;
    private static final int RED = 31;
    private static final int BOLD = 1;
    private static final int FAINT = 2;

    static Glyphs of(Terminal terminal) {
        return new Glyphs(isUnicode(terminal.env()), terminal.colour());
    }

    /** By the locale's variables, the first that is set. */
    private static boolean isUnicode(Map<String, String> env) {
        return Stream.of("LC_ALL", "LC_CTYPE", "LANG")
                .map(name -> env.getOrDefault(name, ""))
                .filter(value -> !value.isEmpty())
                .findFirst()
                .map(value -> value.toLowerCase(Locale.ROOT).replace("-", "").contains("utf8"))
                .orElse(false);
    }

    /** @param share how much of it is full, 0 to 1 */
    String bar(double share, int width) {
        int full = (int) Math.floor(Math.max(0, Math.min(1, share)) * width);
        String done = (unicode ? "█" : "#").repeat(full);
        String rest = (unicode ? "░" : "-").repeat(width - full);
        return unicode ? green(done) + faint(rest) : "[" + green(done) + rest + "]";
    }

    String dots() {
        return unicode ? "…" : "...";
    }

    String state(String word) {
        return switch (word) {
            case "SUCCEEDED", "ROLLED_BACK" -> green(word);
            case "FAILED" -> paint(RED, word);
            case "PARTIAL", "ROLLBACK_PARTIAL", "PAUSED", "CANCELLED" -> paint(YELLOW, word);
            default -> bold(word);
        };
    }

    String bold(String text) {
        return paint(BOLD, text);
    }

    String faint(String text) {
        return paint(FAINT, text);
    }

    String warning(String text) {
        return paint(YELLOW, text);
    }

    private String green(String text) {
        return paint(GREEN, text);
    }

    private String paint(int colourCode, String text) {
        return colour && !text.isEmpty() ? "\u001b[" + colourCode + "m" + text + "\u001b[0m" : text;
    }
}
