package io.backhoe.notify;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A server on loopback that answers each request as it is told beforehand, and the rest with 200. */
final class Receiver implements AutoCloseable {
    /** What it does with a request. */
    interface Reply {
        void to(Socket socket) throws IOException, InterruptedException;
    }

    record Request(String line, Map<String, String> headers, String body) {
        JsonNode json() {
            return new JsonMapper().readTree(body);
        }

        String header(String name) {
            return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
        }
    }

    private final ServerSocket server;
    private final BlockingQueue<Reply> replies = new LinkedBlockingQueue<>();
    private final BlockingQueue<Request> requests = new LinkedBlockingQueue<>();
    private final List<Socket> open = new ArrayList<>();

    Receiver() {
        try {
            server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        thread(this::accept);
    }

    String url(String path) {
        return "http://127.0.0.1:" + server.getLocalPort() + path;
    }

    Receiver then(Reply reply) {
        replies.add(reply);
        return this;
    }

    static Reply status(int status, String... headers) {
        return socket -> socket.getOutputStream()
                .write(("HTTP/1.1 " + status + " X\r\nContent-Length: 0\r\nConnection: close\r\n"
                                + String.join("\r\n", headers) + (headers.length == 0 ? "" : "\r\n") + "\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
    }

    /** Until it is closed. */
    static Reply hang() {
        return socket -> TimeUnit.HOURS.sleep(1);
    }

    static Reply half() {
        return socket -> socket.getOutputStream().write("HTTP/1.1 200 O".getBytes(StandardCharsets.US_ASCII));
    }

    /** The next request, waited for. */
    Request next() throws InterruptedException {
        Request request = requests.poll(20, TimeUnit.SECONDS);
        if (request == null) {
            throw new AssertionError("nothing came in 20 s");
        }
        return request;
    }

    /** All that have come by now. */
    List<Request> all() {
        return new ArrayList<>(requests);
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                synchronized (open) {
                    open.add(socket);
                }
                thread(() -> answer(socket));
            }
        } catch (IOException e) {
            // closed: the test is over
        }
    }

    private void answer(Socket socket) {
        try (socket) {
            requests.add(read(new BufferedInputStream(socket.getInputStream())));
            Reply reply = replies.poll();
            (reply == null ? status(200) : reply).to(socket);
        } catch (IOException e) {
            // the other side has gone
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Request read(InputStream in) throws IOException {
        String line = line(in);
        var headers = new TreeMap<String, String>();
        for (String header = line(in); !header.isEmpty(); header = line(in)) {
            int colon = header.indexOf(':');
            headers.put(
                    header.substring(0, colon).toLowerCase(Locale.ROOT),
                    header.substring(colon + 1).strip());
        }
        int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
        return new Request(line, headers, new String(in.readNBytes(length), StandardCharsets.UTF_8));
    }

    private static String line(InputStream in) throws IOException {
        var line = new StringBuilder();
        for (int c = in.read(); c != '\n' && c >= 0; c = in.read()) {
            line.append((char) c);
        }
        return line.toString().strip();
    }

    private static void thread(Runnable work) {
        var thread = new Thread(work, "receiver");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        try {
            server.close();
            synchronized (open) {
                for (Socket socket : open) {
                    socket.close();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
