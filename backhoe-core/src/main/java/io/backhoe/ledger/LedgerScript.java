package io.backhoe.ledger;

import io.backhoe.value.SqlName;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * The ledger as SQL for somebody else to run: what {@link LedgerSchema#migrate} would do, with the entries that tell a
 * later migration that it is done, and the grants that a role needs to keep the ledger without owning it.
 */
public final class LedgerScript {
    /** In order; the first makes version 1. */
    static final List<String> MIGRATIONS = List.of(
            "V1__ledger.sql",
            "V2__chunks_of_keys_and_partitions.sql",
            "V3__pace.sql",
            "V4__checks.sql",
            "V5__audit.sql",
            "V6__full_checks.sql",
            "V7__throttle.sql",
            "V8__taken_back.sql",
            "V9__exported.sql",
            "V10__signals.sql");

    /** What was written there stays as it was. */
    static final List<String> APPEND_ONLY =
            List.of("backhoe.event", "backhoe.check_result", "backhoe.baseline", "backhoe.exported");

    private static final String FOLDER = "/io/backhoe/ledger/migration/";
    private static final Pattern CREATED = Pattern.compile("(?m)^CREATE TABLE (backhoe\\.[a-z_]+)");

    /** As Flyway makes it: it finds it, and adds to it. */
    private static final String HISTORY = """
            CREATE SCHEMA IF NOT EXISTS backhoe;

            CREATE TABLE backhoe.ledger_version (
                installed_rank integer NOT NULL CONSTRAINT ledger_version_pk PRIMARY KEY,
                version        varchar(50),
                description    varchar(200) NOT NULL,
                type           varchar(20) NOT NULL,
                script         varchar(1000) NOT NULL,
                checksum       integer,
                installed_by   varchar(100) NOT NULL,
                installed_on   timestamp NOT NULL DEFAULT now(),
                execution_time integer NOT NULL,
                success        boolean NOT NULL
            );
            CREATE INDEX ledger_version_s_idx ON backhoe.ledger_version (success);

            """;

    private LedgerScript() {}

    /**
     * A script that can be pasted into a console or given to psql; all of it or nothing takes place.
     *
     * @param from the version that is there; 0 for none
     * @param role who is going to run backfills; null leaves the grants as a comment
     * @throws IllegalArgumentException when there is no such version
     */
    public static String of(int from, @Nullable String role) {
        if (from < 0 || from > MIGRATIONS.size()) {
            throw new IllegalArgumentException("versions are 0 to " + MIGRATIONS.size() + ", not " + from);
        }
        var sql = new StringBuilder(header(from)).append("BEGIN;\n\n");
        if (from == 0) {
            sql.append(HISTORY);
        }
        for (int version = from + 1; version <= MIGRATIONS.size(); version++) {
            sql.append(migration(version));
        }
        if (role == null) {
            sql.append("-- Put the role that runs backfills in place of ROLE_NAME, and take away the dashes:\n");
            rights("ROLE_NAME").forEach(line -> sql.append("-- ").append(line).append('\n'));
        } else {
            rights(SqlName.quote(role)).forEach(line -> sql.append(line).append('\n'));
        }
        return sql.append("\nCOMMIT;\n").toString();
    }

    /** Also what an older script granted, and nobody needs. */
    private static List<String> rights(String quotedRole) {
        var rights = new ArrayList<>(grants(quotedRole));
        rights.add(
                "REVOKE UPDATE, DELETE, TRUNCATE ON " + String.join(", ", APPEND_ONLY) + " FROM " + quotedRole + ";");
        return rights;
    }

    /** What a role needs besides the ledger being there. CREATE is for the table of before-images that each run makes. */
    public static List<String> grants(String quotedRole) {
        String changed = tables().stream().filter(t -> !APPEND_ONLY.contains(t)).collect(Collectors.joining(", "));
        return List.of(
                "GRANT USAGE, CREATE ON SCHEMA backhoe TO " + quotedRole + ";",
                "GRANT SELECT ON backhoe.ledger_version TO " + quotedRole + ";",
                "GRANT SELECT, INSERT ON " + String.join(", ", APPEND_ONLY) + " TO " + quotedRole + ";",
                "GRANT SELECT, INSERT, UPDATE ON " + changed + " TO " + quotedRole + ";");
    }

    static List<String> tables() {
        return MIGRATIONS.stream()
                .flatMap(script -> CREATED.matcher(text(script)).results().map(table -> table.group(1)))
                .toList();
    }

    private static String header(int from) {
        String what = from == 0
                ? "The ledger of Backhoe, version " + MIGRATIONS.size()
                        + ": schema backhoe, beside the data it is about."
                : from == MIGRATIONS.size()
                        ? "The ledger of Backhoe is there, in version " + from + ". What is left are grants."
                        : "Brings the ledger of Backhoe from version " + from + " to " + MIGRATIONS.size() + ".";
        return """
                -- %s
                -- For the owner of the database, or a superuser:  psql -v ON_ERROR_STOP=1 -f THIS_FILE DATABASE
                """.formatted(what);
    }

    private static String migration(int version) {
        String script = MIGRATIONS.get(version - 1);
        String text = text(script);
        String description = script.replaceFirst("^V[0-9]+__", "")
                .replaceFirst("\\.sql$", "")
                .replace('_', ' ');
        return """
                %s
                INSERT INTO backhoe.ledger_version
                    (installed_rank, version, description, type, script, checksum, installed_by, execution_time, success)
                SELECT coalesce(max(installed_rank), 0) + 1, '%d', '%s', 'SQL', '%s', %d, current_user, 0, true
                FROM backhoe.ledger_version;

                """.formatted(text.stripTrailing() + "\n", version, description, script, checksum(text));
    }

    /** Flyway's: CRC-32 over the lines without their ends. */
    static int checksum(String text) {
        var crc = new CRC32();
        new BufferedReader(new StringReader(text)).lines().forEach(l -> crc.update(l.getBytes(StandardCharsets.UTF_8)));
        return (int) crc.getValue();
    }

    private static String text(String script) {
        try (InputStream in = LedgerScript.class.getResourceAsStream(FOLDER + script)) {
            return new String(Objects.requireNonNull(in, script).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
