package io.backhoe.postgres;

import io.backhoe.database.Database;
import io.backhoe.embedded.PostgresServer;
import io.backhoe.embedded.ServerOptions;
import io.backhoe.embedded.Version;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A server for the tests of a class, whose defaults are as unlike ours as they may be. */
final class Server implements BeforeAllCallback, AfterAllCallback {
    static final String LINGUISTIC = "\"en-x-icu\"";

    private final Version version;
    private @Nullable PostgresServer server;

    Server(Version version) {
        this.version = version;
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        server = PostgresServer.start(ServerOptions.of(version)
                .with("timezone", "Pacific/Auckland")
                .with("datestyle", "SQL, DMY")
                .with("intervalstyle", "sql_standard")
                .with("bytea_output", "escape")
                .with("extra_float_digits", "0")
                .with("default_transaction_isolation", "serializable"));
    }

    @Override
    public void afterAll(ExtensionContext context) {
        running().close();
    }

    PostgresServer running() {
        return Objects.requireNonNull(server);
    }

    Database database() {
        return PostgresDatabase.at(running().jdbcUrl("postgres"), null, null, Map.of());
    }
}
