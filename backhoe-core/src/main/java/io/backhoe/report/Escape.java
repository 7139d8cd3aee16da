package io.backhoe.report;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Makes plain text of names and messages, whatever is in them. */
final class Escape {
    /** Controls, and what turns the direction of text. */
    private static final Pattern UNSEEN =
            Pattern.compile("[\\p{Cc}\\u2028\\u2029\\u202A-\\u202E\\u2066-\\u2069\\uFFFE\\uFFFF]+");

    /** A surrogate without its other half. */
    private static final Pattern HALF = Pattern.compile("\\p{Cs}");

    private static final Pattern MARKDOWN = Pattern.compile(
            "[\\\\`*<|\\[\\]]|&(?=[#a-zA-Z0-9]+;)" + "|(?<![\\p{L}\\p{N}_])_|_(?![\\p{L}\\p{N}_])|~(?=~)|(?<=~)~");

    private Escape() {}

    static String oneLine(String text) {
        return HALF.matcher(UNSEEN.matcher(text).replaceAll(" ")).replaceAll("?");
    }

    static String markdown(String text) {
        return MARKDOWN.matcher(oneLine(text)).replaceAll(hit -> Matcher.quoteReplacement("\\" + hit.group()));
    }

    /** For text between tags and for values of attributes in double quotes; also right in XML. */
    static String html(String text) {
        return oneLine(text)
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
