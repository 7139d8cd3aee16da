package io.backhoe.postgres;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import org.postgresql.Driver;
import org.postgresql.PGProperty;

/** Reads {@code jdbc:postgresql://host:port/database?name=value} as the driver does. */
final class JdbcUrl {
    /** Before the name of a property of the driver, among the names of libpq. */
    static final String PROPERTY = "jdbc:";

    private JdbcUrl() {}

    static Map<String, String> parse(String url) {
        if (url.matches("(?s).*[?&]service=.*")) {
            throw ConnectionUrl.invalid("service belongs to a URL of libpq; write postgresql:///?service=NAME");
        }
        Properties all = Driver.parseURL(url, withoutPasswordFile());
        if (all == null) {
            throw ConnectionUrl.invalid("the JDBC driver does not understand it");
        }
        var given = new LinkedHashMap<String, String>();
        for (String name : all.stringPropertyNames()) {
            PGProperty property = PGProperty.forName(name);
            if (property == null) {
                // not the value, which may be a secret
                throw ConnectionUrl.invalid("'" + name + "' is no property of the JDBC driver; leave it out");
            }
            given.put(
                    switch (property) {
                        case PG_HOST -> "host";
                        case PG_PORT -> "port";
                        case PG_DBNAME -> "dbname";
                        case USER -> "user";
                        case PASSWORD -> "password";
                        default -> PROPERTY + name;
                    },
                    String.valueOf(all.getProperty(name)));
        }
        return given;
    }

    /** We look into the password file ourselves, as libpq does; the driver would take it whoever can read it. */
    private static Properties withoutPasswordFile() {
        var defaults = new Properties();
        PGProperty.PASSWORD.set(defaults, "");
        return defaults;
    }
}
