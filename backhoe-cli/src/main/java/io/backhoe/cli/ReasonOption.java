package io.backhoe.cli;

import io.backhoe.value.Cause;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Why somebody types a command, for those who read the ledger later. */
final class ReasonOption {
    @Option(names = "--reason", paramLabel = "TEXT", description = "Why; it is kept in the ledger.")
    private @Nullable String reason;

    @Nullable
    String reason() {
        return reason == null || reason.isBlank() ? null : reason.strip();
    }

    Cause cause() {
        return new Cause(Requester.name(), reason());
    }
}
