package io.backhoe.plan;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Writes YAML as a person would: plain words, quoted texts, SQL as blocks that can be pasted into a console. */
final class YamlText {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z_][A-Za-z0-9_./-]*");

    /** Words that one YAML or another takes for something else than text. */
    private static final Set<String> NOT_TEXT = Set.of("null", "true", "false", "yes", "no", "on", "off", "y", "n");

    private final StringBuilder out = new StringBuilder();
    private int depth;

    YamlText comment(String text) {
        return line(text.isEmpty() ? "#" : "# " + text);
    }

    /** Opens a map below a key; {@link #close} ends it. */
    YamlText open(String key) {
        line(quoted(key) + ":");
        depth++;
        return this;
    }

    YamlText close() {
        depth--;
        return this;
    }

    YamlText line(String text) {
        out.append("  ".repeat(depth)).append(text).append('\n');
        return this;
    }

    /** A value that is valid YAML as it is, such as a number or a date; null writes nothing. */
    YamlText bare(String key, @Nullable Object value) {
        return value == null ? this : line(quoted(key) + ": " + value);
    }

    /** A text in one line, unless it has several; null writes nothing. */
    YamlText text(String key, @Nullable String value) {
        if (value == null) {
            return this;
        }
        return value.indexOf('\n') < 0 ? line(quoted(key) + ": " + quoted(value)) : block(key, value);
    }

    /** A text in lines of its own; null writes nothing. */
    YamlText block(String key, @Nullable String value) {
        if (value == null) {
            return this;
        }
        if (value.isBlank() || !value.codePoints().allMatch(YamlText::fitsBlock)) {
            return line(quoted(key) + ": " + quoted(value));
        }
        // the digit says how far the block is indented, which cannot be seen when its text begins with a space
        boolean hidden = value.startsWith(" ") || value.startsWith("\n") || value.startsWith("\t");
        String chomp = !value.endsWith("\n") ? "-" : value.endsWith("\n\n") ? "+" : "";
        line(quoted(key) + ": |" + (hidden ? "2" : "") + chomp);
        String body = value.endsWith("\n") ? value.substring(0, value.length() - 1) : value;
        String indent = "  ".repeat(depth + 1);
        for (String each : body.split("\n", -1)) {
            out.append(each.isEmpty() ? "" : indent).append(each).append('\n');
        }
        return this;
    }

    /** A list with an entry a line; an empty one writes nothing. */
    YamlText list(String key, List<String> values) {
        if (values.isEmpty()) {
            return this;
        }
        open(key);
        values.forEach(value -> line("- " + quoted(value)));
        return close();
    }

    /** A map of texts; an empty one writes nothing. */
    YamlText map(String key, Map<String, String> values) {
        if (values.isEmpty()) {
            return this;
        }
        open(key);
        values.forEach(this::text);
        return close();
    }

    static String flow(List<String> values) {
        return "[" + String.join(", ", values.stream().map(YamlText::quoted).toList()) + "]";
    }

    /** A text in one line, in quotes where it needs them. */
    static String quoted(String text) {
        if (PLAIN.matcher(text).matches() && !NOT_TEXT.contains(text.toLowerCase(java.util.Locale.ROOT))) {
            return text;
        }
        return inQuotes(text);
    }

    /** A text in quotes, which is also a text of JSON. */
    static String inQuotes(String text) {
        // Most are plain, and a plan holds a few hundred thousand of them.
        if (text.chars().allMatch(c -> c >= 0x20 && c < 0x7F && c != '"' && c != '\\')) {
            return '"' + text + '"';
        }
        var quoted = new StringBuilder("\"");
        text.codePoints().forEach(c -> {
            switch (c) {
                case '"' -> quoted.append("\\\"");
                case '\\' -> quoted.append("\\\\");
                case '\n' -> quoted.append("\\n");
                case '\t' -> quoted.append("\\t");
                case '\r' -> quoted.append("\\r");
                default -> {
                    if (fitsBlock(c)) {
                        quoted.appendCodePoint(c);
                    } else {
                        quoted.append(String.format(c > 0xFFFF ? "\\U%08x" : "\\u%04x", c));
                    }
                }
            }
        });
        return quoted.append('"').toString();
    }

    /** What YAML calls printable, without what some readers take for the end of a line. */
    private static boolean fitsBlock(int c) {
        return c == '\n'
                || c == '\t'
                || (c >= 0x20 && c < 0x7F)
                || (c >= 0xA0 && c < 0xD800 && c != 0x2028 && c != 0x2029)
                || (c >= 0xE000 && c <= 0xFFFD && c != 0xFEFF)
                || c >= 0x10000;
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
