package io.backhoe.cli;

import io.backhoe.embedded.Lifetime;
import io.backhoe.embedded.PostgresServer;
import io.backhoe.embedded.ServerException;
import io.backhoe.embedded.ServerOptions;
import io.backhoe.embedded.Version;
import io.backhoe.postgres.PostgresDatabase;
import io.backhoe.spec.Secrets;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the demo happens: on a server of its own, or in a schema of its own on a server that was named.
 *
 * @param server null on a server that was named
 */
record DemoPlace(
        Target target, String url, String schema, @Nullable PostgresServer server) implements AutoCloseable {
    /** @param keep whether the server outlives this process */
    static DemoPlace ofItsOwn(boolean keep) {
        try {
            var options = ServerOptions.of(Version.CURRENT);
            var server = PostgresServer.start(keep ? options.lasting(Lifetime.KEEP) : options);
            String url = server.url("postgres");
            // Not the environment's: a PGPASSWORD or PGSSLMODE of the user's has no business here.
            var target = new Target(PostgresDatabase.at(url, null, null, Map.of()), " --url " + url);
            return new DemoPlace(target, url, "shop", server);
        } catch (ServerException e) {
            throw new BackhoeException(
                    ExitCode.UNREACHABLE,
                    "demo_server_failed",
                    "The demo's own PostgreSQL does not start: " + e.getMessage(),
                    "backhoe demo --url postgresql://user@host/database uses a server of yours instead.",
                    e);
        }
    }

    static DemoPlace at(String url, Map<String, String> env) {
        String resolved = new Secrets(env).resolve(url);
        var target = new Target(PostgresDatabase.at(resolved, null, null, env), " --url " + HintUrl.of(url, null));
        return new DemoPlace(target, HintUrl.of(url, null), "backhoe_demo", null);
    }

    @Override
    public void close() {
        if (server != null) {
            server.close();
        }
    }
}
