package io.backhoe.plan;

import io.backhoe.value.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * SHA-256 over {@link PlanLines what a plan does}. A line a fact: its path, a space, the length of its text in UTF-8 bytes,
 * a colon, the text; so no two plans have the same lines.
 */
public final class PlanHash {
    private final MessageDigest digest;

    private PlanHash() {
        digest = Sha256.begin();
    }

    /** @return {@code sha256:} and 64 hex digits */
    public static String of(Plan plan) {
        var hash = new PlanHash();
        PlanLines.of(plan, hash::line);
        return "sha256:" + HexFormat.of().formatHex(hash.digest.digest());
    }

    private void line(String path, String value) {
        byte[] text = value.getBytes(StandardCharsets.UTF_8);
        digest.update((path + " " + text.length + ":").getBytes(StandardCharsets.UTF_8));
        digest.update(text);
        digest.update((byte) '\n');
    }
}
