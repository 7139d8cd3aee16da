package io.backhoe.database;

/**
 * A column as the server knows it.
 *
 * @param type with its modifiers, as {@code format_type} prints it: {@code numeric(10,2)}, {@code character varying(20)};
 *     of a domain, the type beneath it
 * @param kind what matters about the type for choosing chunks
 * @param generated whether the server computes it (stored generated, or identity always)
 * @param averageBytes from the statistics; a guess from the type where there are none
 */
public record ColumnFacts(String name, String type, Kind kind, boolean notNull, boolean generated, int averageBytes) {
    /** What a calendar chunk can be made of. */
    public enum Kind {
        DATE,
        TIMESTAMP,
        TIMESTAMPTZ,
        OTHER
    }
}
