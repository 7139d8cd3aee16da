package io.backhoe.notify;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;

/** Answers {@code GET /metrics}. A reader that is slow holds up other readers at most. */
final class MetricsServer implements AutoCloseable {
    private static final int READERS = 4;
    private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";

    private final HttpServer server;
    private final ExecutorService readers;

    /** @param scrape of a content type the text */
    MetricsServer(InetSocketAddress at, UnaryOperator<String> scrape) throws IOException {
        server = HttpServer.create(at, READERS);
        readers = Executors.newFixedThreadPool(READERS, work -> {
            var thread = new Thread(work, "backhoe-metrics");
            thread.setDaemon(true);
            return thread;
        });
        server.setExecutor(readers);
        server.createContext("/", exchange -> answer(exchange, scrape));
        server.start();
    }

    private static void answer(HttpExchange exchange, UnaryOperator<String> scrape) throws IOException {
        try (exchange) {
            boolean known = exchange.getRequestURI().getPath().equals("/metrics");
            boolean get = exchange.getRequestMethod().equals("GET");
            if (!known || !get) {
                exchange.sendResponseHeaders(known ? 405 : 404, -1);
                return;
            }
            byte[] text = scrape.apply(TEXT).getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", TEXT);
            exchange.sendResponseHeaders(200, text.length);
            exchange.getResponseBody().write(text);
        }
    }

    InetSocketAddress address() {
        return server.getAddress();
    }

    @Override
    public void close() {
        server.stop(0);
        readers.shutdownNow();
    }
}
