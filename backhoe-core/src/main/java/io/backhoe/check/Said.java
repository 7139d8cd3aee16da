package io.backhoe.check;

import java.util.List;
import java.util.Locale;

/** Numbers and lists in sentences. */
final class Said {
    private static final int MOST_NAMED = 12;

    private Said() {}

    static String count(long number, String word) {
        return String.format(Locale.ROOT, "%,d %s%s", number, word, number == 1 ? "" : "s");
    }

    /** The first dozen, and how many more there are. */
    static String list(List<String> all) {
        String some = String.join(", ", all.subList(0, Math.min(MOST_NAMED, all.size())));
        return all.size() <= MOST_NAMED ? some : some + " and " + (all.size() - MOST_NAMED) + " more";
    }

    static String share(double share) {
        return String.format(Locale.ROOT, share >= 0.1 || share == 0 ? "%.0f %%" : "%.2g %%", share * 100);
    }

    static String number(double number) {
        return String.format(Locale.ROOT, "%.3f", number);
    }
}
