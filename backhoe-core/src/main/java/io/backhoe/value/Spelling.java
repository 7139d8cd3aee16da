package io.backhoe.value;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What was probably meant by a word that nobody knows; letter case aside. */
public final class Spelling {
    private Spelling() {}

    /** The nearest of the candidates, or null when none is near enough to be what was meant. */
    public static @Nullable String nearest(String word, Collection<String> candidates) {
        return near(word, candidates, c -> c).stream().findFirst().orElse(null);
    }

    /** Those of the candidates whose name is near enough to be what was meant, the nearest first. */
    public static <T> List<T> near(String word, Collection<T> candidates, Function<T, String> name) {
        return candidates.stream()
                .filter(c -> isNear(word, name.apply(c)))
                .sorted(Comparator.comparingInt(c -> apart(word, name.apply(c))))
                .toList();
    }

    private static boolean isNear(String word, String candidate) {
        int apart = apart(word, candidate);
        return apart < 2 + word.length() / 4 && apart < candidate.length();
    }

    private static int apart(String word, String candidate) {
        return distance(word.toLowerCase(Locale.ROOT), candidate.toLowerCase(Locale.ROOT));
    }

    /** Letters inserted, deleted, replaced, or swapped with their neighbour (optimal string alignment). */
    static int distance(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    d[i][j] = i + j;
                    continue;
                }
                int replace = d[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                d[i][j] = Math.min(replace, 1 + Math.min(d[i - 1][j], d[i][j - 1]));
                boolean swapped =
                        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
                if (swapped) {
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[a.length()][b.length()];
    }
}
