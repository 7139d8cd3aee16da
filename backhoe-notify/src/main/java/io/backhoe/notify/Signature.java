package io.backhoe.notify;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs messages as Standard Webhooks 1.0 (https://www.standardwebhooks.com) has it: HMAC-SHA256, in Base64, over id,
 * seconds and body, joined by points. A secret that begins with {@code whsec_} is Base64; any other is taken as it is.
 */
final class Signature {
    private static final String PREFIX = "whsec_";

    private final SecretKeySpec key;

    private Signature(byte[] secret) {
        key = new SecretKeySpec(secret, "HmacSHA256");
    }

    static Signature with(String secret) {
        try {
            byte[] bytes = secret.startsWith(PREFIX)
                    ? Base64.getDecoder().decode(secret.substring(PREFIX.length()))
                    : secret.getBytes(StandardCharsets.UTF_8);
            if (bytes.length > 0) {
                return new Signature(bytes);
            }
        } catch (IllegalArgumentException e) {
            // not the cause: it tells of the secret
            throw Webhook.refused("is well, but monitoring.signing_secret is not Base64 after whsec_");
        }
        throw Webhook.refused("is well, but monitoring.signing_secret is empty");
    }

    /** What the header {@code webhook-signature} holds. */
    String of(String id, long seconds, String body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            byte[] hash = mac.doFinal((id + "." + seconds + "." + body).getBytes(StandardCharsets.UTF_8));
            return "v1," + Base64.getEncoder().encodeToString(hash);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        }
    }
}
