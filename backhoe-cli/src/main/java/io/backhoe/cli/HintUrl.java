package io.backhoe.cli;

import org.jspecify.annotations.Nullable;

/** A URL for a command that a person is told to type: no password, and quoted for the shell where it has to be. */
final class HintUrl {
    private HintUrl() {}

    static String of(String url, @Nullable String user) {
        String safe = ConnectionOptions.withoutLiteralSecrets(url);
        int authority = safe.indexOf("://") + 3;
        boolean addUser = user != null && !safe.startsWith("jdbc:") && authority > 2 && !safe.contains("@");
        String whole = addUser ? safe.substring(0, authority) + user + "@" + safe.substring(authority) : safe;
        return quoted(whole);
    }

    /** A word for the shell. */
    static String quoted(String word) {
        return word.matches("[A-Za-z0-9:/@._,=%-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
