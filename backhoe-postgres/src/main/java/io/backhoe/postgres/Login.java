package io.backhoe.postgres;

import org.jspecify.annotations.Nullable;

/**
 * What a person said about where a database is, with its secrets resolved.
 *
 * @param url {@code postgresql://}, {@code postgres://} or {@code jdbc:postgresql:}
 * @param user in place of the URL's, or null
 * @param password in place of the URL's, or null
 * @param source who said so, for messages: {@code --url}, {@code target shop in targets.yaml}
 */
public record Login(
        String url, @Nullable String user, @Nullable String password, String source) {
    /** Safe to log. */
    @Override
    public String toString() {
        return "Login[" + source + "]";
    }
}
