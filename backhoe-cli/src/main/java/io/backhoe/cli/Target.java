package io.backhoe.cli;

import io.backhoe.Backhoe;
import io.backhoe.database.Database;

/**
 * The database that a command is about. Nothing is connected before it is used.
 *
 * @param flags what another command needs to find it, with a leading space; nothing when the environment says it; never
 *     a secret
 */
record Target(Database database, Backhoe backhoe, String flags) {
    Target(Database database, String flags) {
        this(database, new Backhoe(database), flags);
    }

    String description() {
        return database.describe();
    }
}
