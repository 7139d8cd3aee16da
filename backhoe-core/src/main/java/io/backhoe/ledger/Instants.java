package io.backhoe.ledger;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Times as the ledger's queries print them: RFC 3339, UTC. */
final class Instants {
    private Instants() {}

    static @Nullable Instant read(@Nullable String text) {
        return text == null ? null : Instant.parse(text);
    }

    static Instant required(String text) {
        return Instant.parse(text);
    }
}
