package io.backhoe.notify;

import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Who keeps track of data, as the variables of OpenLineage's clients say it (openlineage.io/docs/client). */
public final class LineageBackend {
    private static final String URL = "OPENLINEAGE_URL";
    private static final String USUAL_ENDPOINT = "api/v1/lineage";
    private static final String USUAL_NAMESPACE = "backhoe";

    private final URI address;
    private final String namespace;
    private final @Nullable String key;

    private LineageBackend(URI address, String namespace, @Nullable String key) {
        this.address = address;
        this.namespace = namespace;
        this.key = key;
    }

    /**
     * Empty where no variable names one.
     *
     * @throws BackhoeException USAGE, when one does that cannot be used; the message holds neither address nor key
     */
    public static Optional<LineageBackend> of(Map<String, String> environment) {
        String url = of(environment, URL, "");
        if (url.isEmpty() || of(environment, "OPENLINEAGE_DISABLED", "").equalsIgnoreCase("true")) {
            return Optional.empty();
        }
        String key = of(environment, "OPENLINEAGE_API_KEY", "");
        return Optional.of(new LineageBackend(
                address(url, of(environment, "OPENLINEAGE_ENDPOINT", USUAL_ENDPOINT)),
                of(environment, "OPENLINEAGE_NAMESPACE", USUAL_NAMESPACE),
                key.isEmpty() ? null : key));
    }

    private static String of(Map<String, String> environment, String name, String otherwise) {
        String given = environment.getOrDefault(name, "").strip();
        return given.isEmpty() ? otherwise : given;
    }

    private static URI address(String url, String endpoint) {
        try {
            var server = new URI(url);
            boolean http = "http".equals(server.getScheme()) || "https".equals(server.getScheme());
            boolean plain = server.getUserInfo() == null && server.getQuery() == null && server.getFragment() == null;
            if (http && plain && server.getHost() != null) {
                return new URI(url.replaceFirst("/+$", "") + "/" + endpoint.replaceFirst("^/+", ""));
            }
        } catch (URISyntaxException e) {
            // answered below, without quoting it
        }
        throw new BackhoeException(
                ExitCode.USAGE,
                "lineage_backend_not_usable",
                URL
                        + ", with OPENLINEAGE_ENDPOINT, is not an address such as http://localhost:5000. No lineage is sent.",
                "Set it to the server that takes events of OpenLineage, with the key in OPENLINEAGE_API_KEY, or unset it.");
    }

    URI address() {
        return address;
    }

    /** Of jobs. */
    String namespace() {
        return namespace;
    }

    Map<String, String> headers() {
        var headers = new HashMap<String, String>();
        headers.put("User-Agent", "backhoe");
        if (key != null) {
            headers.put("Authorization", "Bearer " + key);
        }
        return headers;
    }

    /** The address without its path. */
    String where() {
        int port = address.getPort();
        return "OpenLineage at " + address.getScheme() + "://" + address.getHost() + (port < 0 ? "" : ":" + port);
    }

    /** Safe to log. */
    @Override
    public String toString() {
        return where();
    }
}
