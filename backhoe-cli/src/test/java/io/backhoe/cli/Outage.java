package io.backhoe.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** A way to a server that can be interrupted: what is under way is cut, and whoever comes is sent away. Thread-safe. */
final class Outage implements AutoCloseable {
    private final ServerSocket door;
    private final URI server;
    private final Queue<Socket> open = new ConcurrentLinkedQueue<>();
    private final AtomicInteger sentAway = new AtomicInteger();
    private volatile boolean away;

    Outage(String url) throws IOException {
        server = URI.create(url);
        door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start(this::listen);
    }

    String url() {
        return server.toString().replace(server.getHost() + ":" + server.getPort(), "127.0.0.1:" + door.getLocalPort());
    }

    int sentAway() {
        return sentAway.get();
    }

    void begin() throws IOException {
        away = true;
        for (Socket each : open) {
            each.close();
        }
    }

    void end() {
        away = false;
    }

    private static void start(Runnable work) {
        var thread = new Thread(work, "outage");
        thread.setDaemon(true);
        thread.start();
    }

    private void listen() {
        while (!door.isClosed()) {
            try {
                Socket client = door.accept();
                if (away) {
                    client.close();
                    sentAway.incrementAndGet();
                    continue;
                }
                var real = new Socket(server.getHost(), server.getPort());
                open.add(client);
                open.add(real);
                start(() -> copy(client, real));
                start(() -> copy(real, client));
            } catch (IOException e) {
                // The test is over, or somebody has gone: the next one.
            }
        }
    }

    private static void copy(Socket from, Socket to) {
        try (from;
                to;
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            in.transferTo(out);
        } catch (IOException e) {
            // Cut: the other side learns of it.
        }
    }

    @Override
    public void close() throws IOException {
        door.close();
        begin();
    }
}
