package io.backhoe.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Where the embedded server's programs and data lie, within reach of the user that it runs as. */
final class Folders {
    static final Set<PosixFilePermission> OPEN = PosixFilePermissions.fromString("rwxr-xr-x");

    private Folders() {}

    /** The folder that unpacked programs are kept in between runs. Made if it is missing. */
    static Path cache(ServerUser user) {
        List<Path> candidates = candidates(user);
        var refusals = new ArrayList<String>();
        for (Path candidate : candidates) {
            try {
                Files.createDirectories(candidate);
                checkTrusted(candidate);
                if (user.root()) {
                    Files.setPosixFilePermissions(candidate, OPEN);
                    checkReachable(candidate);
                }
                return candidate;
            } catch (IOException e) {
                refusals.add(candidate + " (" + e.getMessage() + ")");
            }
        }
        throw new ServerException("No folder to keep PostgreSQL's programs in; tried " + String.join(", ", refusals)
                + ". Set XDG_CACHE_HOME to a folder that can be written.");
    }

    /** A name for a server's own folder that nobody has; the folder is not made. */
    static Path fresh(ServerUser user) {
        String name = "backhoe-postgres-" + UUID.randomUUID().toString().substring(0, 8);
        Path temporary = temporary();
        if (user.root()) {
            try {
                checkReachable(temporary);
            } catch (IOException e) {
                return Path.of("/var/tmp", name);
            }
        }
        return temporary.resolve(name);
    }

    /** On Linux the JVM's own idea of it takes no notice of TMPDIR. */
    private static Path temporary() {
        String configured = System.getenv().getOrDefault("TMPDIR", "");
        return Path.of(configured.startsWith("/") ? configured : System.getProperty("java.io.tmpdir"))
                .toAbsolutePath();
    }

    private static List<Path> candidates(ServerUser user) {
        return candidates(user, System.getenv(), temporary());
    }

    static List<Path> candidates(ServerUser user, Map<String, String> environment, Path temporary) {
        var candidates = new ArrayList<Path>();
        String configured = environment.getOrDefault("XDG_CACHE_HOME", "");
        if (configured.startsWith("/")) {
            candidates.add(Path.of(configured, "backhoe"));
        }
        if (user.root()) {
            candidates.add(Path.of("/var/cache/backhoe"));
            candidates.add(Path.of("/var/tmp/backhoe-root"));
        } else {
            // the JVM asks the user database and not HOME, and answers "?" for a uid that is not in it
            Stream.of(environment.getOrDefault("HOME", ""), System.getProperty("user.home", ""))
                    .filter(home -> home.startsWith("/"))
                    .findFirst()
                    .ifPresent(home -> candidates.add(Path.of(home, ".cache", "backhoe")));
            candidates.add(temporary.resolve(
                    "backhoe-" + Command.run(List.of("id", "-u")).text()));
        }
        return candidates;
    }

    /** Programs are started from here: nobody else may have put them there. */
    private static void checkTrusted(Path folder) throws IOException {
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(folder);
        if (!Files.isWritable(folder)) {
            throw new IOException("not writable");
        }
        if (!Files.getAttribute(folder, "unix:uid").equals(ownUid(folder))) {
            throw new IOException("belongs to somebody else");
        }
        if (permissions.contains(PosixFilePermission.OTHERS_WRITE)) {
            throw new IOException("anybody may write there");
        }
    }

    private static Object ownUid(Path folder) throws IOException {
        Path probe = Files.createTempFile(folder, "probe", null);
        try {
            return Files.getAttribute(probe, "unix:uid");
        } finally {
            Files.delete(probe);
        }
    }

    /** Whether everybody may enter a folder. */
    static void checkReachable(@Nullable Path folder) throws IOException {
        for (Path at = folder == null ? null : folder.toRealPath(); at != null; at = at.getParent()) {
            if (!Files.getPosixFilePermissions(at).contains(PosixFilePermission.OTHERS_EXECUTE)) {
                throw new IOException("only its owner may enter " + at);
            }
        }
    }
}
