package io.backhoe.postgres;

import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;
import org.postgresql.PGProperty;

/**
 * Where a server is and how to log in: a URL of libpq ({@code postgresql://user@host:5432/db?sslmode=require}) or of
 * JDBC ({@code jdbc:postgresql://host/db}), completed from the variables that libpq reads. Never prints its password.
 *
 * @param hosts {@code host:port}, several separated by commas
 * @param user null leaves it to the driver, which takes the operating system's
 * @param password null leaves it to the driver, which looks into the password file
 * @param parameters further properties of the driver
 */
record ConnectionUrl(
        String hosts,
        @Nullable String database,
        @Nullable String user,
        @Nullable String password,
        Map<String, String> parameters) {
    ConnectionUrl {
        parameters = Map.copyOf(parameters);
    }

    /**
     * @param environment the process's variables, of which those named {@code PG...} are read
     * @throws BackhoeException when the text is not understood; the message does not repeat it, for it may hold a password
     */
    static ConnectionUrl parse(String url, Map<String, String> environment) {
        ConnectionUrl parsed;
        if (url.startsWith("jdbc:postgresql:")) {
            parsed = jdbc(url);
        } else if (url.startsWith("postgresql://") || url.startsWith("postgres://")) {
            parsed = LibpqUrl.parse(url.substring(url.indexOf("://") + 3), environment);
        } else {
            throw invalid("it must begin with postgresql://, postgres:// or jdbc:postgresql:");
        }
        return parsed.completed(environment);
    }

    ConnectionUrl as(@Nullable String otherUser, @Nullable String otherPassword) {
        return new ConnectionUrl(
                hosts,
                database,
                otherUser == null ? user : otherUser,
                otherPassword == null ? password : otherPassword,
                parameters);
    }

    private static ConnectionUrl jdbc(String url) {
        Properties all = Driver.parseURL(url, null);
        if (all == null) {
            throw invalid("the JDBC driver does not understand it");
        }
        var parameters = new LinkedHashMap<String, String>();
        all.stringPropertyNames().forEach(name -> parameters.put(name, all.getProperty(name)));
        String[] hosts = removed(parameters, PGProperty.PG_HOST, "localhost").split(",");
        String[] ports = removed(parameters, PGProperty.PG_PORT, "5432").split(",");
        var joined = new StringBuilder();
        for (int i = 0; i < hosts.length; i++) {
            joined.append(i == 0 ? "" : ",").append(hosts[i]).append(':').append(ports[Math.min(i, ports.length - 1)]);
        }
        return new ConnectionUrl(
                joined.toString(),
                parameters.remove(PGProperty.PG_DBNAME.getName()),
                parameters.remove(PGProperty.USER.getName()),
                parameters.remove(PGProperty.PASSWORD.getName()),
                parameters);
    }

    private static String removed(Map<String, String> from, PGProperty property, String otherwise) {
        String value = from.remove(property.getName());
        return value == null || value.isEmpty() ? otherwise : value;
    }

    private ConnectionUrl completed(Map<String, String> environment) {
        String someUser = first(user, environment.get("PGUSER"));
        var more = new LinkedHashMap<>(parameters);
        String sslMode = first(environment.get("PGSSLMODE"), null);
        if (sslMode != null) {
            more.putIfAbsent(PGProperty.SSL_MODE.getName(), sslMode);
        }
        return new ConnectionUrl(
                hosts,
                first(database, environment.get("PGDATABASE")),
                someUser,
                first(password, environment.get("PGPASSWORD")),
                more);
    }

    private static @Nullable String first(@Nullable String one, @Nullable String other) {
        return one != null && !one.isEmpty() ? one : other != null && !other.isEmpty() ? other : null;
    }

    /** For the driver; without anything that is a secret. */
    String jdbcUrl() {
        return "jdbc:postgresql://" + hosts + "/"
                + URLEncoder.encode(databaseName(), StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** For the driver, beside the URL. */
    Properties properties() {
        var properties = new Properties();
        properties.putAll(parameters);
        properties.setProperty(PGProperty.USER.getName(), userName());
        if (password != null) {
            properties.setProperty(PGProperty.PASSWORD.getName(), password);
        }
        PGProperty.CONNECT_TIMEOUT.set(properties, parameters.getOrDefault("connectTimeout", "10"));
        PGProperty.TCP_KEEP_ALIVE.set(properties, true);
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
        return database == null ? userName() : database;
    }

    String userName() {
        return user == null ? System.getProperty("user.name", "") : user;
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
        return hosts + "/" + databaseName() + " as " + userName();
    }
}
