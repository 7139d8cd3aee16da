package io.backhoe.ledger;

import io.backhoe.database.Database;
import io.backhoe.database.DatabaseException;
import io.backhoe.database.ErrorKind;
import io.backhoe.database.Session;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/** The ledger's tables in schema {@code backhoe}: looked at with one query, made or brought up to date by Flyway. */
public final class LedgerSchema {
    /** The version of the ledger that this program writes. */
    public static final int VERSION = LedgerScript.MIGRATIONS.size();

    static final String FOUND = """
            SELECT coalesce(max(CAST(version AS integer)), 0)
            FROM backhoe.ledger_version WHERE success
            """;

    private static final String UNDEFINED_TABLE = "42P01";
    private static final String UNDEFINED_SCHEMA = "3F000";

    private final Database database;

    public LedgerSchema(Database database) {
        this.database = database;
    }

    /**
     * Whether there is a ledger that this program can use as it is.
     *
     * @throws BackhoeException when the ledger was written by a newer program
     */
    public boolean isCurrent(Session session) {
        int found;
        try {
            found = (int) session.query(FOUND, Map.of()).get(0).number(0);
        } catch (DatabaseException e) {
            if (e.sqlState().equals(UNDEFINED_TABLE) || e.sqlState().equals(UNDEFINED_SCHEMA)) {
                return false;
            }
            if (e.kind() == ErrorKind.PERMISSION) {
                throw new BackhoeException(
                        ExitCode.UNREACHABLE,
                        "ledger_not_permitted",
                        "The ledger (schema backhoe) in " + database.describe()
                                + " may not be read. Nothing was changed.",
                        "Have its owner run what backhoe ledger --sql prints for your role.",
                        e);
            }
            throw e;
        }
        if (found > VERSION) {
            throw new BackhoeException(
                    ExitCode.REFUSED,
                    "ledger_too_new",
                    "The ledger in " + database.describe() + " has version " + found + "; this program writes version "
                            + VERSION + ". Nothing was changed.",
                    "Use the newer Backhoe that made it.");
        }
        return found == VERSION;
    }

    /** Makes the ledger, or brings it up to date. Safe when several processes do so at once. */
    public void migrate() {
        try {
            Flyway.configure()
                    .dataSource(database.dataSource())
                    .schemas("backhoe")
                    .createSchemas(true)
                    .table("ledger_version")
                    .locations("classpath:io/backhoe/ledger/migration")
                    .load()
                    .migrate();
        } catch (FlywayException e) {
            throw new BackhoeException(
                    ExitCode.UNREACHABLE,
                    "ledger_not_created",
                    "The ledger (schema backhoe) could not be created or brought up to date in " + database.describe()
                            + ": " + firstLine(e) + " No table of yours was touched.",
                    "The role needs CREATE on the database, or to own schema backhoe. Or let a DBA run what backhoe ledger"
                            + " --sql prints.",
                    e);
        }
    }

    private static String firstLine(FlywayException e) {
        String message = e.getMessage() == null ? e.toString() : e.getMessage();
        return message.lines()
                .filter(l -> l.startsWith("Message"))
                .map(l -> l.substring(l.indexOf(':') + 1).strip())
                .findFirst()
                .orElse(message.lines().findFirst().orElse(message));
    }
}
