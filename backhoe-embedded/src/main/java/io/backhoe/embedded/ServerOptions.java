package io.backhoe.embedded;

import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What kind of server to start. Immutable.
 *
 * @param dataDirectory a directory that the caller keeps: initialised when empty, reused when a server of the same
 *     major version was in it, never deleted. Null: one of the server's own, deleted with it
 * @param settings of {@code postgresql.conf}, by name, over the defaults of {@link #of}
 */
public record ServerOptions(
        Version version, Lifetime lifetime, @Nullable Path dataDirectory, Map<String, String> settings) {

    private static final Pattern SETTING = Pattern.compile("[A-Za-z_][A-Za-z0-9_.]*");
    private static final Set<String> OURS = Set.of("port", "listen_addresses", "unix_socket_directories");

    public ServerOptions {
        settings = Collections.unmodifiableMap(new TreeMap<>(settings));
        settings.forEach(ServerOptions::check);
    }

    /** Fast and forgetful: fsync is off, so only a crash of the machine itself could lose data. */
    public static ServerOptions of(Version version) {
        return new ServerOptions(
                version,
                Lifetime.PROCESS,
                null,
                Map.of(
                        "fsync", "off",
                        "max_connections", "100",
                        "shared_buffers", "128MB",
                        "timezone", "UTC"));
    }

    public ServerOptions with(String setting, String value) {
        var more = new TreeMap<>(settings);
        more.put(setting, value);
        return new ServerOptions(version, lifetime, dataDirectory, more);
    }

    public ServerOptions in(Path directory) {
        return new ServerOptions(version, lifetime, directory.toAbsolutePath(), settings);
    }

    public ServerOptions lasting(Lifetime howLong) {
        return new ServerOptions(version, howLong, dataDirectory, settings);
    }

    private static void check(String name, String value) {
        if (!SETTING.matcher(name).matches()) {
            throw new IllegalArgumentException("Not the name of a server setting: " + name);
        }
        if (OURS.contains(name)) {
            throw new IllegalArgumentException("The embedded server chooses " + name + " itself");
        }
        if (value.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("Control character in the value of " + name);
        }
    }
}
