package io.backhoe.ledger;

/**
 * What keeps a run from being faster right now.
 *
 * @param signal a snake_case word: {@code workers}, {@code chunks}, {@code connection}, a word for an error that batches
 *     wait after, {@code stopping}
 * @param value what is seen, for people
 * @param limit what it is measured against, for people; empty where there is no such thing
 */
public record Limit(String signal, String value, String limit) {
    @Override
    public String toString() {
        return signal + ": " + value + (limit.isEmpty() ? "" : " of " + limit);
    }
}
