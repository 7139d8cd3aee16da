package io.backhoe.postgres;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The variables that libpq reads, section "Environment Variables" of its manual. */
final class LibpqVariables {
    /**
     * By what they set. PGAPPNAME, PGCLIENTENCODING, PGDATESTYLE, PGTZ and PGGEQO are not among them: every session of
     * ours pins what they would set, or does not depend on it.
     */
    private static final Map<String, String> NAMES = Map.ofEntries(
            Map.entry("PGHOST", "host"),
            Map.entry("PGHOSTADDR", "hostaddr"),
            Map.entry("PGPORT", "port"),
            Map.entry("PGDATABASE", "dbname"),
            Map.entry("PGUSER", "user"),
            Map.entry("PGPASSWORD", "password"),
            Map.entry("PGPASSFILE", "passfile"),
            Map.entry("PGREQUIREAUTH", "require_auth"),
            Map.entry("PGCHANNELBINDING", "channel_binding"),
            Map.entry("PGOPTIONS", "options"),
            Map.entry("PGSSLMODE", "sslmode"),
            Map.entry("PGREQUIRESSL", "requiressl"),
            Map.entry("PGSSLNEGOTIATION", "sslnegotiation"),
            Map.entry("PGSSLCOMPRESSION", "sslcompression"),
            Map.entry("PGSSLCERT", "sslcert"),
            Map.entry("PGSSLKEY", "sslkey"),
            Map.entry("PGSSLCERTMODE", "sslcertmode"),
            Map.entry("PGSSLROOTCERT", "sslrootcert"),
            Map.entry("PGSSLCRL", "sslcrl"),
            Map.entry("PGSSLCRLDIR", "sslcrldir"),
            Map.entry("PGSSLSNI", "sslsni"),
            Map.entry("PGREQUIREPEER", "requirepeer"),
            Map.entry("PGSSLMINPROTOCOLVERSION", "ssl_min_protocol_version"),
            Map.entry("PGSSLMAXPROTOCOLVERSION", "ssl_max_protocol_version"),
            Map.entry("PGMINPROTOCOLVERSION", "min_protocol_version"),
            Map.entry("PGMAXPROTOCOLVERSION", "max_protocol_version"),
            Map.entry("PGGSSENCMODE", "gssencmode"),
            Map.entry("PGKRBSRVNAME", "krbsrvname"),
            Map.entry("PGGSSLIB", "gsslib"),
            Map.entry("PGGSSDELEGATION", "gssdelegation"),
            Map.entry("PGCONNECT_TIMEOUT", "connect_timeout"),
            Map.entry("PGTARGETSESSIONATTRS", "target_session_attrs"),
            Map.entry("PGLOADBALANCEHOSTS", "load_balance_hosts"));

    private LibpqVariables() {}

    static void complete(Given given, Map<String, String> environment) {
        NAMES.forEach((variable, name) -> given.add(variable, name, environment.get(variable)));
    }

    static Path home(Map<String, String> environment) {
        String home = value("HOME", environment);
        return Path.of(home == null ? System.getProperty("user.home", "") : home);
    }

    /** Null also when it is empty. */
    static @Nullable String value(String variable, Map<String, String> environment) {
        String value = environment.get(variable);
        return value == null || value.isEmpty() ? null : value;
    }
}
