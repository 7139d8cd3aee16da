package io.backhoe.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL server that belongs to this process. It listens on 127.0.0.1 only, on a port of its own; its superuser
 * is {@code postgres}, and everybody on this machine may connect as anybody, without a password: it is for demos and
 * tests, never for data that matter. Run by root it runs as nobody. It ends with this process, however that ends,
 * unless it is started with {@link Lifetime#KEEP}. For use by one thread at a time.
 */
public final class PostgresServer implements AutoCloseable {
    private static final int PORT_TRIES = 5;

    private final ServerOptions options;
    private final ServerUser user;
    private final Binaries binaries;
    private final Path home;
    private final Cluster cluster;
    private final Watchdog watchdog;
    private @Nullable Postmaster postmaster;
    private int port;

    private PostgresServer(ServerOptions options) {
        this.options = options;
        this.user = ServerUser.current();
        this.binaries = Binaries.unpacked(options.version(), user);
        this.home = Folders.fresh(user);
        Path data = options.dataDirectory() == null ? home.resolve("data") : options.dataDirectory();
        this.cluster = new Cluster(data, home.resolve("log"));
        this.watchdog = Watchdog.over(home);
    }

    /** Starts a server with an empty database {@code postgres} and takes about a second; longer the first time. */
    public static PostgresServer start(Version version) {
        return start(ServerOptions.of(version));
    }

    /**
     * Starts a server and waits until it takes connections.
     *
     * @throws ServerException if it cannot be; nothing is left behind then
     */
    public static PostgresServer start(ServerOptions options) {
        var server = new PostgresServer(options);
        try {
            server.cluster.initialise(server.binaries, server.user, server.watchdog);
            server.cluster.configure(options.settings());
            server.startOnFreePort();
            if (options.lifetime() == Lifetime.KEEP) {
                new StopScript(server.home, server.cluster, server.binaries, server.user).write();
                server.watchdog.keep();
            }
            return server;
        } catch (RuntimeException e) {
            server.abandon(e);
            throw e;
        }
    }

    public int port() {
        return port;
    }

    /** As libpq takes it: {@code postgresql://postgres@127.0.0.1:PORT/database}. */
    public String url(String database) {
        return "postgresql://postgres@127.0.0.1:" + port + "/" + database;
    }

    public String jdbcUrl(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database + "?user=postgres";
    }

    public Path dataDirectory() {
        return cluster.data();
    }

    /** What the server logs. */
    public Path log() {
        return cluster.log();
    }

    /**
     * The postmaster's process id.
     *
     * @throws IllegalStateException after {@link #kill()}
     */
    public long pid() {
        return running().process().pid();
    }

    /** The command that ends a kept server and removes what is its own, from any directory. */
    public String stopCommand() {
        if (options.lifetime() != Lifetime.KEEP) {
            throw new IllegalStateException("Only a server that outlives its process has a command to stop it");
        }
        return "sh " + home.resolve(StopScript.NAME);
    }

    /** Crashes the server: every connection breaks, what was not committed is lost. {@link #restart()} recovers it. */
    public void kill() {
        running().stopImmediately();
        postmaster = null;
        watchdog.forget();
    }

    /** Stops the server in order, if it runs, and starts it on the same port with the same data. */
    public void restart() {
        if (postmaster != null) {
            postmaster.stopFast();
            postmaster = null;
            watchdog.forget();
        }
        if (!startOn(port)) {
            throw new ServerException("PostgreSQL did not start again on port " + port + cluster.tail());
        }
    }

    /** Stops the server in order and removes what is its own. Leaves a kept server as it is. May be repeated. */
    @Override
    public void close() {
        if (options.lifetime() == Lifetime.PROCESS) {
            try {
                if (postmaster != null) {
                    postmaster.stopFast();
                    postmaster = null;
                    watchdog.forget();
                }
            } finally {
                watchdog.close();
            }
        }
    }

    private void startOnFreePort() {
        for (int i = 0; i < PORT_TRIES; i++) {
            if (startOn(freePort())) {
                return;
            }
            if (!cluster.portWasTaken()) {
                break;
            }
        }
        throw new ServerException("PostgreSQL " + options.version().number() + " did not start" + cluster.tail());
    }

    private boolean startOn(int candidate) {
        Postmaster started = Postmaster.start(binaries, user, cluster, candidate);
        watchdog.watch(started.process().pid());
        if (!started.awaitReady(cluster)) {
            watchdog.forget();
            return false;
        }
        postmaster = started;
        port = candidate;
        return true;
    }

    private void abandon(RuntimeException cause) {
        try {
            watchdog.close();
        } catch (ServerException e) {
            cause.addSuppressed(e);
        }
    }

    private Postmaster running() {
        if (postmaster == null) {
            throw new IllegalStateException("The server is not running");
        }
        return postmaster;
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new ServerException("No free port on 127.0.0.1", e);
        }
    }
}
