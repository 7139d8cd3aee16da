package io.backhoe.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** Which PostgreSQL. The exact releases are properties of the build. Thread-safe. */
public enum Version {
    /** The newest that Backhoe knows. Comes with this module. */
    CURRENT,
    /** The oldest that Backhoe supports. Its binaries are the module backhoe-embedded-oldest, in test scope only. */
    OLDEST;

    /**
     * The release, such as {@code 18.6.0}.
     *
     * @throws ServerException if the binaries are not on the class path
     */
    public String number() {
        return property("version");
    }

    /** What distinguishes these binaries from any others, such as {@code postgres-18.6.0-linux-amd64}. */
    String label() {
        return "postgres-" + number() + "-" + property("platform");
    }

    /** The server's programs as a tar archive, compressed by xz. */
    InputStream archive() {
        return resource("postgres.txz");
    }

    private String property(String key) {
        var properties = new Properties();
        try (InputStream in = resource("server.properties")) {
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties.getProperty(key);
    }

    private InputStream resource(String name) {
        String folder = name().toLowerCase(Locale.ROOT);
        @Nullable InputStream in = Version.class.getResourceAsStream(folder + "/" + name);
        if (in == null) {
            throw new ServerException("PostgreSQL's binaries (" + folder + ") are not on the class path. "
                    + (this == OLDEST ? "Add backhoe-embedded-oldest in test scope." : "Build with Maven."));
        }
        return in;
    }
}
