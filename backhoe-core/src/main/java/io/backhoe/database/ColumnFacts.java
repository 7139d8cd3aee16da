package io.backhoe.database;

import org.jspecify.annotations.Nullable;

/**
 * A column as the server knows it.
 *
 * @param type with its modifiers, as {@code format_type} prints it: {@code numeric(10,2)}, {@code character varying(20)};
 *     of a domain, the type beneath it
 * @param kind what matters about the type for choosing chunks
 * @param generated whether the server computes it (generated from other columns, or identity always)
 * @param madeOf the expression over other columns that it is generated from; null when it is not
 */
public record ColumnFacts(
        String name,
        String type,
        Kind kind,
        boolean notNull,
        boolean generated,
        @Nullable String madeOf) {
    /** The same of another type. */
    public ColumnFacts as(String other) {
        return new ColumnFacts(name, other, kind, notNull, generated, madeOf);
    }

    /** What a calendar chunk can be made of. */
    public enum Kind {
        DATE,
        TIMESTAMP,
        TIMESTAMPTZ,
        OTHER
    }
}
