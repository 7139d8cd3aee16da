package io.backhoe.postgres;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Passwords by host, port, database and user, as libpq keeps them; section "The Password File" of its manual. As libpq
 * we do not use one that others may read. It is read anew for each connection, for passwords that expire are written anew.
 */
record PasswordFile(Path path) {
    private static final Set<PosixFilePermission> OWNERS_ALONE = EnumSet.of(
            PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);

    /** @param words where it comes from, or why there is none; never the password */
    record Found(@Nullable String password, String words) {
        @Override
        public String toString() {
            return words;
        }
    }

    private record Line(int number, String password) {}

    static PasswordFile of(@Nullable Setting named, Map<String, String> environment) {
        return new PasswordFile(
                named == null ? LibpqVariables.home(environment).resolve(".pgpass") : Path.of(named.value()));
    }

    /** @param hosts {@code host:port}; where they are several, the password has to be that of all */
    Found find(List<String> hosts, String database, String user) {
        if (!Files.isRegularFile(path)) {
            return new Found(null, "no password, and " + path + " is not there");
        }
        if (!OWNERS_ALONE.containsAll(permissions())) {
            return new Found(
                    null,
                    "no password, and " + path + " is not used because others may read it (chmod 600 " + path + ")");
        }
        List<String> lines;
        try {
            lines = Files.readAllLines(path, StandardCharsets.ISO_8859_1).stream()
                    .map(line -> new String(line.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8))
                    .toList();
        } catch (IOException e) {
            return new Found(null, "no password, and " + path + " cannot be read");
        }
        var passwords = new LinkedHashSet<String>();
        int number = 0;
        for (String host : hosts) {
            Line line = first(lines, host, database, user);
            if (line != null) {
                passwords.add(line.password);
                number = line.number;
            }
        }
        return switch (passwords.size()) {
            case 0 -> new Found(null, "no password, and no line of " + path + " fits");
            case 1 -> new Found(passwords.iterator().next(), "password from line " + number + " of " + path);
            default ->
                new Found(
                        null,
                        "no password, because " + path + " has another one for each host and all are sent the same;"
                                + " give it with PGPASSWORD");
        };
    }

    private Set<PosixFilePermission> permissions() {
        try {
            return Files.getPosixFilePermissions(path);
        } catch (IOException | UnsupportedOperationException e) {
            // As libpq, where files have no modes.
            return Set.of();
        }
    }

    private static @Nullable Line first(List<String> lines, String hostAndPort, String database, String user) {
        int colon = hostAndPort.lastIndexOf(':');
        String host = hostAndPort.substring(0, colon).replaceAll("^\\[|]$", "");
        List<String> wanted = List.of(host, hostAndPort.substring(colon + 1), database, user);
        for (int i = 0; i < lines.size(); i++) {
            String rest = lines.get(i).startsWith("#") ? null : lines.get(i);
            for (String want : wanted) {
                rest = rest == null ? null : afterMatching(rest, want);
            }
            if (rest != null) {
                return new Line(i + 1, rest.replaceAll("\\\\(.)", "$1"));
            }
        }
        return null;
    }

    /** What follows the first field, when it means this text; else null. */
    private static @Nullable String afterMatching(String line, String text) {
        var field = new StringBuilder();
        boolean escaped = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '\\' && i + 1 < line.length()) {
                field.append(line.charAt(++i));
                escaped = true;
            } else if (c == ':') {
                boolean any = !escaped && field.toString().equals("*");
                return any || field.toString().equals(text) ? line.substring(i + 1) : null;
            } else {
                field.append(c);
            }
        }
        return null;
    }
}
