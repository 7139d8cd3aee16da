package io.backhoe.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A data directory and the log beside it.
 *
 * @param data PostgreSQL's data directory
 * @param log what initdb and the server say
 */
record Cluster(Path data, Path log) {
    private static final long INITDB_SECONDS = 120;
    private static final int TAIL = 12;
    private static final Set<String> READY = Set.of("ready", "standby");

    /** Makes the database cluster, unless the directory holds one. Anybody on this machine may connect, as anybody. */
    void initialise(Binaries binaries, ServerUser user, Watchdog watchdog) {
        if (Files.exists(data.resolve("PG_VERSION"))) {
            user.own(data);
            return;
        }
        try {
            Files.createDirectories(data);
        } catch (IOException e) {
            throw new ServerException("Could not make the data directory " + data, e);
        }
        user.own(data);
        // No copies of one prepared cluster: all of them would claim to be the same server (system_identifier).
        Process initdb = Command.start(
                user.command(List.of(
                        binaries.program("initdb"),
                        "--pgdata=" + data,
                        "--username=postgres",
                        "--auth=trust",
                        "--encoding=UTF8",
                        "--locale=C",
                        "--no-sync",
                        "--no-instructions")),
                log);
        watchdog.watch(initdb.pid());
        if (!Command.ended(initdb, INITDB_SECONDS)) {
            initdb.destroyForcibly();
            throw new ServerException("initdb took over " + INITDB_SECONDS + " s" + tail());
        }
        watchdog.forget();
        if (initdb.exitValue() != 0) {
            throw new ServerException("initdb failed with exit " + initdb.exitValue() + " in " + data + tail());
        }
    }

    /** Replaces postgresql.conf. What ALTER SYSTEM writes goes to another file and counts more. */
    void configure(Map<String, String> settings) {
        var all = new TreeMap<>(settings);
        all.put("listen_addresses", "127.0.0.1");
        all.put("unix_socket_directories", "");
        var lines = new ArrayList<String>();
        lines.add("# Written by Backhoe at each start; change it with ALTER SYSTEM.");
        all.forEach((name, value) -> lines.add(name + " = '" + quoted(value) + "'"));
        try {
            // The file is initdb's, and stays the server user's when written over.
            Files.write(data.resolve("postgresql.conf"), lines);
        } catch (IOException e) {
            throw new ServerException("Could not write the settings of " + data, e);
        }
    }

    /**
     * Whether the postmaster says of itself that it takes connections, a standby's too. Its format:
     * src/include/utils/pidfile.h.
     */
    boolean ready(long pid) {
        return lines(data.resolve("postmaster.pid"))
                .filter(lines -> lines.size() >= 8)
                .filter(lines -> lines.get(0).strip().equals(Long.toString(pid)))
                .filter(lines -> READY.contains(lines.get(7).strip()))
                .isPresent();
    }

    boolean portWasTaken() {
        return tail().contains("could not bind");
    }

    /** The end of the log, for a message. */
    String tail() {
        List<String> lines = lines(log).orElse(List.of());
        List<String> last = lines.subList(Math.max(0, lines.size() - TAIL), lines.size());
        return last.isEmpty() ? "" : ". The end of its log:\n  " + String.join("\n  ", last);
    }

    private static Optional<List<String>> lines(Path file) {
        try {
            return Optional.of(Files.readAllLines(file));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static String quoted(String value) {
        return value.replace("\\", "\\\\").replace("'", "''");
    }
}
