package io.backhoe.postgres;

import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import org.postgresql.PGProperty;

/**
 * Where a server is and how to log in: a URL of libpq ({@code postgresql://user@host:5432/db?sslmode=require}) or of
 * JDBC ({@code jdbc:postgresql://host/db}), completed from the service that is named, then from the variables that libpq
 * reads. Never prints a password.
 *
 * @param place host, port, dbname, user, password, as far as they were given
 * @param parameters further properties of the driver
 * @param passwordFile asked at each connection when no password was given
 */
record ConnectionUrl(Map<String, Setting> place, Map<String, String> parameters, PasswordFile passwordFile) {
    private static final int MOST_PORTS = 65_535;

    ConnectionUrl {
        place = Map.copyOf(place);
        parameters = Map.copyOf(parameters);
    }

    /** @param environment the process's variables, of which those named {@code PG...} are read, and HOME */
    static ConnectionUrl parse(String url, Map<String, String> environment) {
        return parse(new Login(url, null, null, "the URL"), environment);
    }

    /**
     * @throws BackhoeException when the text is not understood; the message does not repeat it, for it may hold a
     *     password. Also for a service that is not found, and for what is not supported
     */
    static ConnectionUrl parse(Login login, Map<String, String> environment) {
        var given = new Given();
        given.add(login.source(), "user", login.user());
        given.add(login.source(), "password", login.password());
        given.add(login.source(), read(login.url()));
        given.add("PGSERVICE", "service", environment.get("PGSERVICE"));
        Setting service = given.get("service");
        if (service != null) {
            var found = ServiceFile.find(service, environment);
            given.add("service " + service.value() + " in " + found.file(), found.settings());
        }
        LibpqVariables.complete(given, environment);
        var place = new LinkedHashMap<>(given.all());
        place.keySet().retainAll(LibpqParameters.PLACE);
        var parsed = new ConnectionUrl(
                place, LibpqParameters.translate(given.all()), PasswordFile.of(given.get("passfile"), environment));
        parsed.hosts();
        return parsed;
    }

    private static Map<String, String> read(String url) {
        if (url.startsWith("jdbc:postgresql:")) {
            return JdbcUrl.parse(url);
        } else if (url.startsWith("postgresql://") || url.startsWith("postgres://")) {
            return LibpqUrl.parse(url.substring(url.indexOf("://") + 3));
        }
        throw invalid("it must begin with postgresql://, postgres:// or jdbc:postgresql:");
    }

    /** {@code host:port} of each server that may answer. */
    List<String> hosts() {
        String[] hosts = text("host", "localhost").split(",", -1);
        String[] ports = text("port", "5432").split(",", -1);
        if (ports.length > 1 && ports.length != hosts.length) {
            throw invalid(hosts.length + " hosts and " + ports.length + " ports; give one port, or one for each host");
        }
        var complete = new ArrayList<String>();
        for (int i = 0; i < hosts.length; i++) {
            complete.add(host(hosts[i].strip()) + ":" + port(ports[ports.length == 1 ? 0 : i].strip()));
        }
        return complete;
    }

    private String host(String host) {
        if (host.startsWith("/") || host.startsWith("@")) {
            throw invalid("Java speaks TCP only, so a socket's directory (" + host + ", from " + source("host")
                    + ") is no host; write localhost, or set PGHOST=localhost");
        }
        return host.isEmpty() ? "localhost" : host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
    }

    private static String port(String text) {
        if (!text.matches("[0-9]{0,5}")) {
            throw invalid("the port is not a number (in a password, write @ as %40, : as %3A, / as %2F)");
        }
        if (!text.isEmpty() && (Integer.parseInt(text) < 1 || Integer.parseInt(text) > MOST_PORTS)) {
            throw invalid("there is no port " + text + "; ports are 1 to " + MOST_PORTS);
        }
        return text.isEmpty() ? "5432" : text;
    }

    private String text(String name, String otherwise) {
        Setting setting = place.get(name);
        return setting == null ? otherwise : setting.value();
    }

    /** For the driver; without anything that is a secret. */
    String jdbcUrl() {
        return "jdbc:postgresql://" + String.join(",", hosts()) + "/"
                + URLEncoder.encode(databaseName(), StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** For the driver, beside the URL. Looks into the password file when no password was given. */
    Properties properties() {
        var properties = new Properties();
        properties.putAll(parameters);
        properties.setProperty(PGProperty.USER.getName(), userName());
        String password = password().password();
        // An empty one keeps the driver from looking into the password file by rules of its own.
        properties.setProperty(PGProperty.PASSWORD.getName(), password == null ? "" : password);
        PGProperty.CONNECT_TIMEOUT.set(properties, parameters.getOrDefault("connectTimeout", "10"));
        PGProperty.TCP_KEEP_ALIVE.set(properties, true);
        // Of several hosts, one that failed a moment ago may be the one that answers now.
        PGProperty.HOST_RECHECK_SECONDS.set(properties, 0);
        // All values travel as text, in the server's form; a name for a statement would not survive a pooler.
        PGProperty.BINARY_TRANSFER.set(properties, false);
        PGProperty.PREPARE_THRESHOLD.set(properties, 0);
        PGProperty.PREFER_QUERY_MODE.set(properties, "extended");
        PGProperty.AUTOSAVE.set(properties, "never");
        // DETAIL holds values of rows, and messages end in logs.
        PGProperty.LOG_SERVER_ERROR_DETAIL.set(properties, false);
        return properties;
    }

    /** As libpq: the user's own where none is named. */
    String databaseName() {
        return text("dbname", userName());
    }

    String userName() {
        return text("user", System.getProperty("user.name", ""));
    }

    PasswordFile.Found password() {
        Setting given = place.get("password");
        return given != null
                ? new PasswordFile.Found(given.value(), "password from " + given.source())
                : passwordFile.find(hosts(), databaseName(), userName());
    }

    /** Who said what: {@code host and port from --url, user from PGUSER, no password, and ...}. */
    String sources() {
        var bySource = new LinkedHashMap<String, List<String>>();
        for (String name : List.of("host", "port", "dbname", "user")) {
            bySource.computeIfAbsent(source(name), source -> new ArrayList<>())
                    .add(name.equals("dbname") ? "database" : name);
        }
        return bySource.entrySet().stream()
                        .map(entry -> String.join(", ", entry.getValue()) + " " + entry.getKey())
                        .collect(Collectors.joining("; "))
                + "; " + password().words();
    }

    private String source(String name) {
        Setting setting = place.get(name);
        if (setting != null) {
            return "from " + setting.source();
        }
        return switch (name) {
            case "user" -> "from the operating system";
            case "dbname" -> "as the user";
            default -> "by default";
        };
    }

    static String decoded(String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw invalid("a % in it is not followed by two hexadecimal digits (write %25 for a percent sign)");
        }
    }

    static BackhoeException invalid(String why) {
        return new BackhoeException(
                ExitCode.USAGE,
                "url_invalid",
                "The URL of the database is not understood: " + why,
                "for example postgresql://user@host:5432/database?sslmode=require");
    }

    /** {@code host:port/database as user}. */
    @Override
    public String toString() {
        return String.join(",", hosts()) + "/" + databaseName() + " as " + userName();
    }
}
