package io.backhoe.spec;

import org.jspecify.annotations.Nullable;

/**
 * Whom a run tells how it goes, and how often. It changes nothing that is done, and no hash. The texts hold {@code
 * ${env:NAME}} and {@code ${file:PATH}} as written; they are resolved when something is sent.
 *
 * @param webhook the address, which is a secret: who knows it can write there; null to tell nobody
 * @param format null to tell it from the address
 * @param signingSecret what messages are signed with; null to sign none
 */
public record Monitoring(
        @Nullable String webhook,
        UpdateFrequency frequency,
        @Nullable Format format,
        @Nullable String signingSecret) {
    /** Tells nobody. */
    public static final Monitoring NONE = new Monitoring(null, UpdateFrequency.DEFAULT, null, null);

    /** What a message looks like. */
    public enum Format {
        SLACK("slack"),
        TEAMS("teams"),
        JSON("json");

        private final String word;

        Format(String word) {
            this.word = word;
        }

        /** As a file has it. */
        public String word() {
            return word;
        }
    }

    /** The same with references to secrets alone. Where one is written out nobody is told: not unsigned either. */
    public Monitoring withoutLiteralSecrets() {
        boolean literal = isLiteral(webhook) || isLiteral(signingSecret);
        return literal ? new Monitoring(null, frequency, format, null) : this;
    }

    private static boolean isLiteral(@Nullable String text) {
        return text != null && !LiteralSecret.isReference(text);
    }

    /** Safe to log. */
    @Override
    public String toString() {
        return "Monitoring[webhook=" + masked(webhook) + ", frequency=" + frequency.word() + ", format=" + format
                + ", signingSecret=" + masked(signingSecret) + "]";
    }

    private static @Nullable String masked(@Nullable String text) {
        return text == null || LiteralSecret.isReference(text) ? text : "...";
    }
}
