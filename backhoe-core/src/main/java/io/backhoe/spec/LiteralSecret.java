package io.backhoe.spec;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Takes passwords out of texts that are going to be written. A reference is not a password. */
final class LiteralSecret {
    private static final Pattern REFERENCE = Pattern.compile("(?<!\\$)\\$\\{(?:env|file):[^}]*}");

    /** In the query of a URL, and in {@code host=db password='a b'}. */
    private static final Pattern PARAMETER = Pattern.compile(
            "(?i)(?<=[?&;\\s]|^)(?:ssl)?password\\s*=\\s*('(?:[^'\\\\]|\\\\.)*'|[^&;\\s]*)(?:&|;|\\s+)?");

    /** The first of the private characters that stand for references while a URL is taken apart. */
    private static final char FIRST_MASK = '\uE000';

    private static final char LAST_MASK = '\uF8FF';

    private LiteralSecret() {}

    static boolean isReference(String text) {
        return !text.isEmpty() && REFERENCE.matcher(text).replaceAll("").isEmpty();
    }

    /** The URL without passwords that are written out in it. */
    static String strip(String url) {
        return strip(url, LiteralSecret::isMasked);
    }

    /** The URL without any password, also those that are references. */
    static String stripAll(String url) {
        return strip(url, password -> false);
    }

    private static String strip(String url, Predicate<String> keep) {
        List<String> references = new ArrayList<>();
        // a reference holds colons and slashes, which must not count as those of the URL
        String masked = REFERENCE.matcher(url).replaceAll(reference -> {
            references.add(reference.group());
            return String.valueOf((char) (FIRST_MASK + references.size() - 1));
        });
        String stripped = parameters(userInfo(masked, keep), keep);
        for (int i = 0; i < references.size(); i++) {
            stripped = stripped.replace(String.valueOf((char) (FIRST_MASK + i)), references.get(i));
        }
        return stripped;
    }

    private static boolean isMasked(String password) {
        return !password.isEmpty() && password.chars().allMatch(c -> c >= FIRST_MASK && c <= LAST_MASK);
    }

    private static String userInfo(String url, Predicate<String> keep) {
        int from = url.indexOf("//") + 2;
        if (from < 2) {
            return url;
        }
        int slash = url.indexOf('/', from);
        int at = url.lastIndexOf('@', slash < 0 ? url.length() : slash);
        int colon = url.indexOf(':', from);
        boolean password = colon >= from && colon < at && !keep.test(url.substring(colon + 1, at));
        return password ? url.substring(0, colon) + url.substring(at) : url;
    }

    private static String parameters(String url, Predicate<String> keep) {
        String kept = PARAMETER
                .matcher(url)
                .replaceAll(found -> keep.test(found.group(1)) ? Matcher.quoteReplacement(found.group()) : "");
        return kept.equals(url) ? url : kept.replaceFirst("[?&;\\s]+$", "");
    }
}
