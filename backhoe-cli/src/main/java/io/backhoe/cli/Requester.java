package io.backhoe.cli;

/** Who types, for the ledger. */
final class Requester {
    private Requester() {}

    static String name() {
        return System.getProperty("user.name", "unknown");
    }
}
