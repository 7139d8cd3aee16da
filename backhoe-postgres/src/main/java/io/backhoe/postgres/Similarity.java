package io.backhoe.postgres;

import java.util.Locale;

/** How far two names are apart, for suggestions. */
final class Similarity {
    private Similarity() {}

    static boolean alike(String one, String other) {
        return distance(one, other) <= Math.max(1, Math.min(one.length(), other.length()) / 3);
    }

    /** Levenshtein's distance, letter case aside. */
    static int distance(String one, String other) {
        String a = one.toLowerCase(Locale.ROOT);
        String b = other.toLowerCase(Locale.ROOT);
        int[] previous = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] current = new int[b.length() + 1];
            current[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(replaced, Math.min(previous[j], current[j - 1]) + 1);
            }
            previous = current;
        }
        return previous[b.length()];
    }
}
