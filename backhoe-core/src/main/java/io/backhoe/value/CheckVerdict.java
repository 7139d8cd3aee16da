package io.backhoe.value;

import java.util.Locale;

/** What a check has found. Only {@link #HOLDS} lets a run succeed. */
public enum CheckVerdict {
    HOLDS,
    FAILS,
    COULD_NOT_TELL;

    /** As it stands in the ledger and in documents. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalArgumentException when there is no such word: an unknown verdict is never a good one */
    public static CheckVerdict of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
