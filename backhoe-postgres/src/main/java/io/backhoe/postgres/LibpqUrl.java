package io.backhoe.postgres;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads {@code user:password@host:port,host:port/database?name=value}, section "Connection URIs" of libpq's manual. */
final class LibpqUrl {
    /** What libpq calls a parameter, and what the JDBC driver calls it; empty where we have no use for it. */
    private static final Map<String, String> PARAMETERS = Map.ofEntries(
            Map.entry("sslmode", "sslmode"),
            Map.entry("sslrootcert", "sslrootcert"),
            Map.entry("sslcert", "sslcert"),
            Map.entry("sslkey", "sslkey"),
            Map.entry("sslpassword", "sslpassword"),
            Map.entry("sslnegotiation", "sslNegotiation"),
            Map.entry("channel_binding", "channelBinding"),
            Map.entry("gssencmode", "gssEncMode"),
            Map.entry("krbsrvname", "kerberosServerName"),
            Map.entry("connect_timeout", "connectTimeout"),
            Map.entry("options", "options"),
            Map.entry("target_session_attrs", "targetServerType"),
            Map.entry("load_balance_hosts", "loadBalanceHosts"),
            // Every session says what it is for, and keeps its connection alive.
            Map.entry("application_name", ""),
            Map.entry("fallback_application_name", ""),
            Map.entry("keepalives", ""));

    private static final Map<String, String> SESSION_ATTRIBUTES = Map.of(
            "any", "any",
            "primary", "primary",
            "read-write", "primary",
            "standby", "secondary",
            "read-only", "secondary",
            "prefer-standby", "preferSecondary");

    private LibpqUrl() {}

    /** @param text what follows {@code postgresql://} */
    static ConnectionUrl parse(String text, Map<String, String> environment) {
        String path = before(text, '?');
        Map<String, String> query = query(after(text, '?'));
        String authority = before(path, '/');
        int at = authority.lastIndexOf('@');
        String login = at < 0 ? "" : authority.substring(0, at);
        String hosts = query.containsKey("host")
                ? joined(Objects.requireNonNull(query.remove("host")), query.remove("port"))
                : authority.substring(at + 1);
        var parameters = new LinkedHashMap<String, String>();
        String database = given(query.remove("dbname"), after(path, '/'));
        String user = given(query.remove("user"), before(login, ':'));
        String password = given(query.remove("password"), after(login, ':'));
        String port = query.remove("port");
        query.forEach((name, value) -> translate(name, value, parameters));
        return new ConnectionUrl(hosts(hosts, port, environment), database, user, password, parameters);
    }

    private static Map<String, String> query(String text) {
        var query = new LinkedHashMap<String, String>();
        for (String pair : text.isEmpty() ? new String[0] : text.split("&")) {
            query.put(ConnectionUrl.decoded(before(pair, '=')), ConnectionUrl.decoded(after(pair, '=')));
        }
        return query;
    }

    private static void translate(String name, String value, Map<String, String> into) {
        String property = PARAMETERS.get(name);
        if (property == null) {
            throw ConnectionUrl.invalid("the parameter '" + name + "' is not known here; leave it out");
        }
        if (property.equals("targetServerType")) {
            String type = SESSION_ATTRIBUTES.get(value);
            if (type == null) {
                throw ConnectionUrl.invalid("target_session_attrs is one of any, primary, read-write, standby,"
                        + " read-only, prefer-standby");
            }
            into.put(property, type);
        } else if (!property.isEmpty()) {
            into.put(property, value);
        }
    }

    /** Hosts of {@code ?host=a,b&port=1,2}. */
    private static String joined(String hosts, @Nullable String ports) {
        String[] host = hosts.split(",");
        String[] port = ports == null ? new String[] {""} : ports.split(",");
        var joined = new ArrayList<String>();
        for (int i = 0; i < host.length; i++) {
            String p = port[Math.min(i, port.length - 1)];
            joined.add(host[i] + (p.isEmpty() ? "" : ":" + p));
        }
        return String.join(",", joined);
    }

    private static String hosts(String hosts, @Nullable String port, Map<String, String> environment) {
        String fallbackHost = environment.getOrDefault("PGHOST", "");
        String fallbackPort = port != null ? port : environment.getOrDefault("PGPORT", "");
        List<String> complete = new ArrayList<>();
        for (String each : (hosts.isEmpty() ? fallbackHost : hosts).split(",")) {
            int colon = each.endsWith("]") ? -1 : each.lastIndexOf(':');
            String host = ConnectionUrl.decoded(colon < 0 ? each : each.substring(0, colon));
            String number = colon < 0 ? fallbackPort : each.substring(colon + 1);
            complete.add(host(host.isEmpty() ? fallbackHost : host) + ":" + port(number));
        }
        return String.join(",", complete);
    }

    private static String host(String host) {
        if (host.startsWith("/") || host.startsWith("@")) {
            throw ConnectionUrl.invalid("Java speaks TCP only, so a socket's directory (" + host
                    + ") is no host; write localhost, or set PGHOST=localhost");
        }
        return host.isEmpty() ? "localhost" : host;
    }

    private static String port(String text) {
        if (text.isEmpty()) {
            return "5432";
        }
        if (!text.matches("[0-9]{1,5}")) {
            throw ConnectionUrl.invalid("the port is not a number (in a password, write @ as %40, : as %3A, / as %2F)");
        }
        return text;
    }

    private static @Nullable String given(@Nullable String parameter, String encoded) {
        return parameter != null ? parameter : encoded.isEmpty() ? null : ConnectionUrl.decoded(encoded);
    }

    private static String before(String text, char mark) {
        int at = text.indexOf(mark);
        return at < 0 ? text : text.substring(0, at);
    }

    private static String after(String text, char mark) {
        int at = text.indexOf(mark);
        return at < 0 ? "" : text.substring(at + 1);
    }
}
