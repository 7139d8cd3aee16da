package io.backhoe.s3;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Passes requests on to a server, or does something to them. */
final class Meddler implements AutoCloseable {
    /** What happens to the objects of batches, and to nothing else. */
    enum Fault {
        NONE,
        /** Answers only when the fault is over. */
        SLOW,
        FORBIDDEN,
        FULL,
        UNAVAILABLE,
        /** A bit of what is written is another. */
        BENT,
        /** The connection ends in the middle of what is read. */
        CUT
    }

    private static final Set<String> NOT_PASSED =
            Set.of("host", "content-length", "connection", "expect", "transfer-encoding", "upgrade");

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpClient client = HttpClient.newHttpClient();
    private final int target;
    private final AtomicInteger left = new AtomicInteger(Integer.MAX_VALUE);
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final Map<String, String> added = new ConcurrentHashMap<>();
    private volatile Fault fault = Fault.NONE;
    private volatile CountDownLatch over = new CountDownLatch(0);

    Meddler(int target) throws IOException {
        this.target = target;
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    /** After so many more objects of batches have passed. */
    void after(int objects, Fault then) {
        over.countDown();
        over = new CountDownLatch(1);
        fault = then;
        left.set(objects);
    }

    void well() {
        fault = Fault.NONE;
        left.set(Integer.MAX_VALUE);
        over.countDown();
    }

    /** Headers that answers have besides. */
    Map<String, String> added() {
        return added;
    }

    /** Requests with their headers, one a line. */
    List<String> asked() {
        return asked;
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String method = exchange.getRequestMethod();
            byte[] body = exchange.getRequestBody().readAllBytes();
            asked.add(method + " " + exchange.getRequestURI() + " " + headers(exchange));
            boolean meant = exchange.getRequestURI().getPath().endsWith(".csv.zst") && !method.equals("HEAD");
            boolean due = meant && fault != Fault.NONE && left.getAndDecrement() <= 0;
            if (!due || !done(exchange, method, body)) {
                pass(exchange, method, body, due);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** @return whether it was answered */
    private boolean done(HttpExchange exchange, String method, byte[] body) throws IOException, InterruptedException {
        switch (fault) {
            case SLOW -> over.await(60, TimeUnit.SECONDS);
            case FORBIDDEN -> {
                refuse(exchange, 403, "AccessDenied");
                return true;
            }
            case FULL -> {
                refuse(exchange, 507, "XMinioStorageFull");
                return true;
            }
            case UNAVAILABLE -> {
                refuse(exchange, 503, "SlowDown");
                return true;
            }
            case BENT -> {
                if (method.equals("PUT") && body.length > 0) {
                    body[body.length / 2] ^= 1;
                }
            }
            default -> {}
        }
        return false;
    }

    private static void refuse(HttpExchange exchange, int status, String code) throws IOException {
        byte[] answer = ("<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>" + code + "</Code><Message>"
                        + Bucket.SECRET + "</Message></Error>")
                .getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/xml");
        exchange.sendResponseHeaders(status, answer.length);
        exchange.getResponseBody().write(answer);
    }

    private void pass(HttpExchange exchange, String method, byte[] body, boolean due)
            throws IOException, InterruptedException {
        var uri = URI.create("http://127.0.0.1:" + target + exchange.getRequestURI());
        var request = HttpRequest.newBuilder(uri).method(method, HttpRequest.BodyPublishers.ofByteArray(body));
        exchange.getRequestHeaders().forEach((name, values) -> {
            if (!NOT_PASSED.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> request.header(name, value));
            }
        });
        HttpResponse<byte[]> answer = client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        answer.headers().map().forEach((name, values) -> {
            if (!NOT_PASSED.contains(name.toLowerCase(Locale.ROOT)) && !name.startsWith(":")) {
                exchange.getResponseHeaders().put(name, values);
            }
        });
        added.forEach(exchange.getResponseHeaders()::set);
        byte[] content = answer.body();
        if (method.equals("HEAD")) {
            answer.headers()
                    .firstValue("content-length")
                    .ifPresent(length -> exchange.getResponseHeaders().set("Content-Length", length));
            exchange.sendResponseHeaders(answer.statusCode(), -1);
        } else if (due && fault == Fault.CUT && method.equals("GET")) {
            exchange.sendResponseHeaders(answer.statusCode(), content.length);
            exchange.getResponseBody().write(content, 0, content.length / 2);
            exchange.getResponseBody().flush();
            throw new IOException("cut");
        } else {
            exchange.sendResponseHeaders(answer.statusCode(), content.length == 0 ? -1 : content.length);
            exchange.getResponseBody().write(content);
        }
    }

    private static String headers(HttpExchange exchange) {
        return exchange.getRequestHeaders().entrySet().stream()
                .map(e -> e.getKey().toLowerCase(Locale.ROOT) + "=" + String.join(",", e.getValue()))
                .sorted()
                .reduce("", (a, b) -> a + " " + b);
    }

    @Override
    public void close() {
        well();
        server.stop(0);
        threads.shutdownNow();
    }
}
