package io.backhoe.postgres;

import io.backhoe.value.BackhoeException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Properties;
import javax.sql.DataSource;
import org.postgresql.Driver;
import org.postgresql.PGProperty;
import org.postgresql.ds.PGSimpleDataSource;

/** A connection for each session, as a URL and what goes with it say; perhaps the one that a session before has left. */
final class UrlSource implements Source {
    /** Of a connection that no session has. */
    private static final String NAME = "backhoe";

    private final ConnectionUrl url;
    private final SpareConnection spare = new SpareConnection();

    UrlSource(ConnectionUrl url) {
        this.url = url;
    }

    @Override
    public Connection connect() {
        return spare.take().orElseGet(this::connectAnew);
    }

    private Connection connectAnew() {
        Properties properties = url.properties();
        PGProperty.APPLICATION_NAME.set(properties, NAME);
        // The driver then names us as it connects, and not in a statement of its own.
        PGProperty.ASSUME_MIN_SERVER_VERSION.set(properties, "12");
        try {
            Connection connection = new Driver().connect(url.jdbcUrl(), properties);
            if (connection == null) {
                throw ConnectionUrl.invalid("the JDBC driver does not understand it");
            }
            return connection;
        } catch (SQLException e) {
            throw explain(e);
        }
    }

    @Override
    public BackhoeException explain(SQLException error) {
        return ConnectErrors.explain(error, url);
    }

    @Override
    public Loan loan() {
        return new SpareLoan(spare);
    }

    /** Sessions of this source have the server's own settings, except that statements may take their time. */
    @Override
    public DataSource dataSource() {
        var source = new PGSimpleDataSource();
        source.setURL(url.jdbcUrl());
        Properties properties = url.properties();
        try {
            for (String name : properties.stringPropertyNames()) {
                source.setProperty(name, properties.getProperty(name));
            }
        } catch (SQLException e) {
            throw explain(e);
        }
        // What a role or a database is set to must not cut a migration short.
        String options = source.getOptions();
        source.setOptions((options == null ? "" : options + " ") + "-c statement_timeout=0");
        return source;
    }

    @Override
    public Optional<String> givenPassword() {
        return Optional.ofNullable(url.place().get("password")).map(Setting::value);
    }

    /** As many as the server has: a lack of them shows when they are opened, and passes. */
    @Override
    public void refuseFewer(int connections) {}

    @Override
    public String userName() {
        return url.userName();
    }

    @Override
    public String sources() {
        return url.sources();
    }

    @Override
    public String toString() {
        return url.toString();
    }
}
