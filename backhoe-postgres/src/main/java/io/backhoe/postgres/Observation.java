package io.backhoe.postgres;

import org.jspecify.annotations.Nullable;

/**
 * One thing that was looked at before anything is run.
 *
 * @param topic what it belongs to: {@code connection}, {@code rights}, {@code signals}, {@code settings}
 * @param name a stable snake_case word for machines
 * @param value what was found, for machines; null when there is nothing to say in a word
 * @param text the same for people
 * @param cure what to type or change; null when nothing is needed
 */
public record Observation(
        String topic,
        String name,
        Health health,
        @Nullable String value,
        String text,
        @Nullable String cure) {
    /** What it means for a run. */
    public enum Health {
        OK,
        /** A run works, but somebody should know. */
        ATTENTION,
        /** A run would fail for lack of a right. */
        NOT_PERMITTED,
        /** A run would be refused. */
        REFUSED;

        public boolean prevents() {
            return switch (this) {
                case OK, ATTENTION -> false;
                case NOT_PERMITTED, REFUSED -> true;
            };
        }
    }

    static Observation ok(String topic, String name, @Nullable String value, String text) {
        return new Observation(topic, name, Health.OK, value, text, null);
    }

    static Observation attention(String topic, String name, @Nullable String value, String text, String cure) {
        return new Observation(topic, name, Health.ATTENTION, value, text, cure);
    }
}
