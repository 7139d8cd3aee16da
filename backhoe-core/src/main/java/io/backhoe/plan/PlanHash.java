package io.backhoe.plan;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * SHA-256 over {@link PlanLines what a plan does}. A line a fact: its path, a space, the length of its text in UTF-8 bytes,
 * a colon, the text; so no two plans have the same lines.
 */
public final class PlanHash {
    private final MessageDigest digest;

    private PlanHash() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
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
