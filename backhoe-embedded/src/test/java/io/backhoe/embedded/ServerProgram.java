package io.backhoe.embedded;

import java.util.concurrent.CountDownLatch;

/** A process with a server, for tests that end the process. Prints port and data directory, and stays. */
final class ServerProgram {
    private ServerProgram() {}

    public static void main(String[] arguments) throws InterruptedException {
        ServerOptions options = ServerOptions.of(Version.CURRENT).lasting(Lifetime.valueOf(arguments[0]));
        var server = PostgresServer.start(options);
        String stop = options.lifetime() == Lifetime.KEEP ? server.stopCommand() : "";
        System.out.println(server.port() + "|" + server.dataDirectory() + "|" + stop);
        new CountDownLatch(1).await();
    }
}
