package io.backhoe.cli;

import io.backhoe.Backhoe;
import io.backhoe.postgres.PostgresDatabase;
import io.backhoe.spec.Spec;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The database that a command is about. Nothing is connected before it is used.
 *
 * @param flags what another command needs to find it, with a leading space; nothing when the environment says it; never
 *     a secret
 * @param name under which {@code targets.yaml} has it, or null
 */
record Target(
        PostgresDatabase database,
        Backhoe backhoe,
        String flags,
        @Nullable String name) {
    Target(PostgresDatabase database, String flags) {
        this(database, new Backhoe(database), flags, null);
    }

    Target named(String itsName) {
        return new Target(database, backhoe, flags, itsName);
    }

    /** The same, for a file of that folder, which may name others. */
    Target filesIn(Path folder) {
        return with(backhoe.withFilesIn(folder));
    }

    /** The same database with that to work on it. */
    Target with(Backhoe other) {
        return new Target(database, other, flags, name);
    }

    String description() {
        return database.describe();
    }

    /** A spec that names the target, where it has a name: what a plan says is where it was made for, without secrets. */
    Spec of(Spec spec) {
        return name == null ? spec : spec.withTarget(Spec.Target.named(name));
    }
}
