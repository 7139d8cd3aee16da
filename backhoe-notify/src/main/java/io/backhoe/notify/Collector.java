package io.backhoe.notify;

import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where traces go, as the variables of OpenTelemetry say it (opentelemetry.io/docs/specs/otel/protocol/exporter).
 *
 * @param headers may hold a secret
 */
public record Collector(URI address, Map<String, String> headers, String service) {
    private static final String ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private static final String HEADERS = "OTEL_EXPORTER_OTLP_HEADERS";

    /**
     * Empty where no variable names one.
     *
     * @throws BackhoeException USAGE, when one does that cannot be used, or headers that cannot; the message holds neither
     */
    public static Optional<Collector> of(Map<String, String> environment) {
        String endpoint = environment.getOrDefault(ENDPOINT, "").strip();
        if (endpoint.isEmpty()
                || environment.getOrDefault("OTEL_SDK_DISABLED", "").equalsIgnoreCase("true")) {
            return Optional.empty();
        }
        String service = environment.getOrDefault("OTEL_SERVICE_NAME", "").strip();
        return Optional.of(new Collector(
                address(endpoint), headers(environment.get(HEADERS)), service.isEmpty() ? "backhoe" : service));
    }

    private static URI address(String endpoint) {
        try {
            var address = new URI(endpoint + (endpoint.endsWith("/") ? "" : "/") + "v1/traces");
            boolean http = "http".equals(address.getScheme()) || "https".equals(address.getScheme());
            if (http && address.getHost() != null && address.getUserInfo() == null) {
                return address;
            }
        } catch (URISyntaxException e) {
            // answered below, without quoting it
        }
        throw new BackhoeException(
                ExitCode.USAGE,
                "collector_not_usable",
                ENDPOINT + " is not an address such as http://localhost:4318. No traces are sent.",
                "Set it to the collector's port for OTLP over HTTP, or unset it.");
    }

    /** {@code key=value,key2=value2}, values percent-encoded. */
    private static Map<String, String> headers(@Nullable String text) {
        var headers = new LinkedHashMap<String, String>();
        for (String pair : text == null ? new String[0] : text.split(",")) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                headers.put(
                        pair.substring(0, equals).strip(),
                        decoded(pair.substring(equals + 1).strip()));
            }
        }
        return headers;
    }

    private static String decoded(String value) {
        try {
            return URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            // not the cause: it may quote the value
            throw new BackhoeException(
                    ExitCode.USAGE,
                    "collector_not_usable",
                    HEADERS + " holds a value that is not percent-encoded as a URL is. No traces are sent.",
                    "Write a percent sign of its own as %25, a space as %20: " + HEADERS
                            + "=authorization=Bearer%20TOKEN");
        }
    }

    /** Safe to log. */
    @Override
    public String toString() {
        return "Collector[" + address.getScheme() + "://" + address.getHost() + ", " + service + "]";
    }
}
