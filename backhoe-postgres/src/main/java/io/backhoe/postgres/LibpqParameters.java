package io.backhoe.postgres;

import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import io.backhoe.value.Spelling;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Turns what libpq calls a parameter into a property of the JDBC driver, or refuses it by name: a demand on security that
 * is not met must not pass in silence.
 */
final class LibpqParameters {
    /** What says where and who; the rest says how. */
    static final Set<String> PLACE = Set.of("host", "port", "dbname", "user", "password", "service", "passfile");

    private static final Map<String, String> SAME = Map.ofEntries(
            Map.entry("sslrootcert", "sslrootcert"),
            Map.entry("sslcert", "sslcert"),
            Map.entry("sslkey", "sslkey"),
            Map.entry("sslpassword", "sslpassword"),
            Map.entry("krbsrvname", "kerberosServerName"),
            Map.entry("require_auth", "requireAuth"),
            Map.entry("options", "options"));

    /** The values that are understood: to those of the driver's property, which is the key in {@link #CHOSEN_AS}. */
    private static final Map<String, Map<String, String>> CHOICES = Map.of(
            "sslmode", same("disable", "allow", "prefer", "require", "verify-ca", "verify-full"),
            "sslnegotiation", same("postgres", "direct"),
            "channel_binding", same("disable", "prefer", "require"),
            "gssencmode", same("disable", "prefer", "require"),
            "load_balance_hosts", Map.of("disable", "false", "random", "true"),
            "target_session_attrs",
                    Map.of(
                            "any", "any",
                            "primary", "primary",
                            "read-write", "primary",
                            "standby", "secondary",
                            "read-only", "secondary",
                            "prefer-standby", "preferSecondary"));

    private static final Map<String, String> CHOSEN_AS = Map.of(
            "sslmode", "sslmode",
            "sslnegotiation", "sslNegotiation",
            "channel_binding", "channelBinding",
            "gssencmode", "gssEncMode",
            "load_balance_hosts", "loadBalanceHosts",
            "target_session_attrs", "targetServerType");

    /** Every session of ours says itself what it is for, and in which encoding it speaks. */
    private static final Set<String> OURS = Set.of("application_name", "fallback_application_name", "client_encoding");

    /** What is done anyway when it has this value. */
    private static final Map<String, String> ANYWAY = Map.of("keepalives", "1", "sslcompression", "0", "sslsni", "1");

    private static final Set<String> NOT_HERE = Set.of(
            "hostaddr",
            "sslcrl",
            "sslcrldir",
            "sslcertmode",
            "sslkeylogfile",
            "requiressl",
            "requirepeer",
            "ssl_min_protocol_version",
            "ssl_max_protocol_version",
            "min_protocol_version",
            "max_protocol_version",
            "keepalives_idle",
            "keepalives_interval",
            "keepalives_count",
            "tcp_user_timeout",
            "replication",
            "gsslib",
            "gssdelegation",
            "servicefile",
            "scram_client_key",
            "scram_server_key",
            "oauth_issuer",
            "oauth_client_id",
            "oauth_client_secret",
            "oauth_scope");

    private LibpqParameters() {}

    /** The driver's properties, without those that say where and who. */
    static Map<String, String> translate(Map<String, Setting> settings) {
        var properties = new LinkedHashMap<String, String>();
        settings.forEach((name, setting) -> {
            if (!PLACE.contains(name) && !name.startsWith(JdbcUrl.PROPERTY)) {
                translate(name, setting, properties);
            }
        });
        // What a JDBC URL says, it says in the driver's own words, and it stands above the variables.
        settings.forEach((name, setting) -> {
            if (name.startsWith(JdbcUrl.PROPERTY)) {
                properties.put(name.substring(JdbcUrl.PROPERTY.length()), setting.value());
            }
        });
        return properties;
    }

    private static void translate(String name, Setting setting, Map<String, String> into) {
        String value = setting.value();
        Map<String, String> choices = CHOICES.get(name);
        if (choices != null) {
            String chosen = choices.get(value);
            if (chosen == null) {
                throw refused(
                        name + " (" + setting.source() + ") is one of "
                                + String.join(
                                        ", ", choices.keySet().stream().sorted().toList()),
                        "write one of them, or leave it out");
            }
            into.put(String.valueOf(CHOSEN_AS.get(name)), chosen);
        } else if (name.equals("connect_timeout")) {
            if (!value.strip().matches("-?[0-9]{1,6}")) {
                throw refused(name + " (" + setting.source() + ") is a number of seconds", "for example 10");
            }
            into.put("connectTimeout", Integer.toString(Math.max(0, Integer.parseInt(value.strip()))));
        } else if (name.equals("sslrootcert") && value.equals("system")) {
            throw refused(
                    "sslrootcert=system (" + setting.source() + ") is not supported",
                    "name the file with the certificates, such as /etc/ssl/certs/ca-certificates.crt");
        } else if (SAME.containsKey(name)) {
            into.put(String.valueOf(SAME.get(name)), value);
        } else if (!OURS.contains(name) && !value.equals(ANYWAY.get(name))) {
            throw unknown(name, setting.source());
        }
    }

    private static BackhoeException unknown(String name, String source) {
        if (NOT_HERE.contains(name) || ANYWAY.containsKey(name)) {
            return refused(
                    name + " (" + source + ") is a parameter of libpq that is not supported here",
                    "leave it out; docs/connect.md lists what is supported");
        }
        String nearest = nearest(name);
        return refused(
                name + " (" + source + ") is no parameter of a connection",
                nearest == null ? "leave it out; docs/connect.md lists them" : "did you mean " + nearest + "?");
    }

    private static @Nullable String nearest(String name) {
        var known = Stream.of(PLACE, SAME.keySet(), CHOICES.keySet(), OURS, ANYWAY.keySet(), Set.of("connect_timeout"))
                .flatMap(Set::stream)
                .sorted()
                .toList();
        return Spelling.nearest(name, known);
    }

    private static BackhoeException refused(String what, String hint) {
        return new BackhoeException(ExitCode.USAGE, "connection_setting_refused", what + ". Nothing was tried.", hint);
    }

    private static Map<String, String> same(String... words) {
        var map = new LinkedHashMap<String, String>();
        for (String word : words) {
            map.put(word, word);
        }
        return map;
    }
}
