package io.backhoe.notify;

import io.backhoe.report.Numbers;
import io.backhoe.value.Time;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Sends one text over HTTP, once. A redirection within the same host is followed, with the text; one elsewhere is not: the
 * text is not for others, and an address may be what keeps it secret. Nothing that is answered here tells the address.
 */
final class Post {
    private static final int MOST_REDIRECTIONS = 3;

    private final HttpClient client;
    private final Duration patience;
    private final Time time;

    Post(Duration connect, Duration patience, Time time) {
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(connect)
                .build();
        this.patience = patience;
        this.time = time;
    }

    Answer send(URI address, Map<String, String> headers, String body) throws InterruptedException {
        URI at = address;
        for (int redirections = 0; ; redirections++) {
            var response = once(at, headers, body);
            if (response.answer != null) {
                return response.answer;
            }
            URI next = response.next;
            if (next == null || !sameHost(at, next)) {
                return Answer.refused("redirects to another host, which is not followed");
            }
            if (redirections == MOST_REDIRECTIONS) {
                return Answer.refused("redirects again and again");
            }
            at = next;
        }
    }

    private record Response(
            @Nullable Answer answer, @Nullable URI next) {}

    private Response once(URI at, Map<String, String> headers, String body) throws InterruptedException {
        var request = HttpRequest.newBuilder(at)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body, StandardCharsets.UTF_8));
        new HashMap<>(headers).forEach(request::header);
        var sent = client.sendAsync(request.build(), BodyHandlers.discarding());
        try {
            var response = sent.get(patience.toNanos(), TimeUnit.NANOSECONDS);
            return redirects(response.statusCode())
                    ? new Response(null, next(at, response).orElse(null))
                    : new Response(Answer.of(response, time.now()), null);
        } catch (TimeoutException e) {
            return new Response(Answer.none("does not answer within " + Numbers.time(patience)), null);
        } catch (ExecutionException e) {
            return new Response(Answer.none(problem(e.getCause())), null);
        } finally {
            sent.cancel(true);
        }
    }

    /** Its kind alone: what the JDK writes beside it may quote the address. */
    private static String problem(@Nullable Throwable cause) {
        if (cause instanceof java.net.http.HttpConnectTimeoutException) {
            return "cannot be connected to in time";
        }
        if (cause instanceof java.net.ConnectException) {
            return "cannot be connected to";
        }
        if (cause instanceof javax.net.ssl.SSLException) {
            return "does not agree on TLS";
        }
        return cause instanceof IOException ? "breaks off without an answer" : "cannot be asked";
    }

    private static boolean redirects(int status) {
        return status == 301 || status == 302 || status == 307 || status == 308;
    }

    private static Optional<URI> next(URI at, HttpResponse<?> response) {
        try {
            return response.headers().firstValue("Location").map(at::resolve);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** The same port too, but for the step from http to https. */
    private static boolean sameHost(URI from, URI to) {
        boolean host = from.getHost().equalsIgnoreCase(to.getHost()) && to.getUserInfo() == null;
        boolean safer = from.getScheme().equalsIgnoreCase("http")
                && "https".equalsIgnoreCase(to.getScheme())
                && from.getPort() < 0
                && to.getPort() < 0;
        boolean same = from.getScheme().equalsIgnoreCase(to.getScheme()) && from.getPort() == to.getPort();
        return host && (same || safer);
    }
}
