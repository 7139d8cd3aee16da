package io.backhoe.notify;

import io.backhoe.spec.Monitoring;
import io.backhoe.spec.Monitoring.Format;
import io.backhoe.spec.Secrets;
import io.backhoe.spec.UpdateFrequency;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where messages go, and how they look there. Its address is a secret, of which only {@link #where} may be shown. */
public final class Webhook {
    private static final List<String> SLACK = List.of("slack.com", "slack-gov.com");
    private static final List<String> TEAMS =
            List.of("webhook.office.com", "outlook.office.com", "logic.azure.com", "powerplatform.com");

    private final URI address;
    private final Format format;
    private final UpdateFrequency frequency;
    private final @Nullable Signature signature;

    private Webhook(URI address, Format format, UpdateFrequency frequency, @Nullable Signature signature) {
        this.address = address;
        this.format = format;
        this.frequency = frequency;
        this.signature = signature;
    }

    /**
     * Empty where nobody is to be told.
     *
     * @throws BackhoeException USAGE when the address or the secret cannot be used; the message holds neither
     */
    public static Optional<Webhook> of(Monitoring monitoring, Secrets secrets) {
        String text = monitoring.webhook();
        if (text == null) {
            return Optional.empty();
        }
        URI address = address(secrets.resolve(text).strip());
        Format format = monitoring.format() == null ? format(address.getHost()) : monitoring.format();
        String secret = monitoring.signingSecret();
        var signature =
                secret == null ? null : Signature.with(secrets.resolve(secret).strip());
        return Optional.of(new Webhook(address, format, monitoring.frequency(), signature));
    }

    private static URI address(String text) {
        URI address;
        try {
            address = new URI(text);
        } catch (URISyntaxException e) {
            // not the cause: it quotes the address
            throw refused("is not a URL");
        }
        String scheme = address.getScheme() == null ? "" : address.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("https") && !scheme.equals("http")) {
            throw refused("does not begin with https:// or http://");
        }
        if (address.getHost() == null) {
            throw refused("names no host");
        }
        if (address.getUserInfo() != null) {
            throw refused("names a user, which is not supported; a token belongs into its path or query");
        }
        return address;
    }

    static BackhoeException refused(String what) {
        return new BackhoeException(
                ExitCode.USAGE,
                "webhook_not_usable",
                "The address in monitoring.progress_webhook " + what
                        + ". Nobody is told of runs; nothing else is changed.",
                "Mend it, then: backhoe notify --test SPEC");
    }

    private static Format format(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        if (SLACK.stream().anyMatch(domain -> isIn(domain, name))) {
            return Format.SLACK;
        }
        return TEAMS.stream().anyMatch(domain -> isIn(domain, name)) ? Format.TEAMS : Format.JSON;
    }

    private static boolean isIn(String domain, String host) {
        return host.equals(domain) || host.endsWith("." + domain);
    }

    URI address() {
        return address;
    }

    public Format format() {
        return format;
    }

    public UpdateFrequency frequency() {
        return frequency;
    }

    @Nullable
    Signature signature() {
        return signature;
    }

    /** The address without what makes it a secret: {@code https://hooks.slack.com/...}. */
    public String where() {
        int port = address.getPort();
        return address.getScheme() + "://" + address.getHost() + (port < 0 ? "" : ":" + port) + "/...";
    }

    /** Safe to log. */
    @Override
    public String toString() {
        return where() + " (" + format.word() + ", " + frequency.word() + ")";
    }
}
