package io.backhoe.postgres;

import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Connections by name, as libpq keeps them; section "The Connection Service File" of its manual. */
final class ServiceFile {
    /** @param settings by libpq's names */
    record Found(Path file, Map<String, String> settings) {}

    private ServiceFile() {}

    /**
     * Looks where libpq looks: in the user's file (PGSERVICEFILE, else {@code ~/.pg_service.conf}), then in that of the
     * system, in the folder PGSYSCONFDIR. The folder that was compiled into libpq is not known to us.
     */
    static Found find(Setting service, Map<String, String> environment) {
        var files = new ArrayList<Path>();
        String named = LibpqVariables.value("PGSERVICEFILE", environment);
        Path own = named == null ? LibpqVariables.home(environment).resolve(".pg_service.conf") : Path.of(named);
        if (named != null || Files.exists(own)) {
            files.add(own);
        }
        String system = LibpqVariables.value("PGSYSCONFDIR", environment);
        if (system != null && Files.exists(Path.of(system, "pg_service.conf"))) {
            files.add(Path.of(system, "pg_service.conf"));
        }
        for (Path file : files) {
            Map<String, String> settings = read(file, service.value());
            if (settings != null) {
                return new Found(file, settings);
            }
        }
        throw new BackhoeException(
                ExitCode.USAGE,
                "service_not_found",
                "There is no service '" + service.value() + "' (" + service.source() + ") in "
                        + (files.isEmpty() ? own + ", which is not there" : list(files))
                        + (system == null ? ", and PGSYSCONFDIR names no folder with another file" : "") + ".",
                "write it there, under [" + service.value() + "], or set PGSERVICEFILE");
    }

    private static String list(List<Path> files) {
        return String.join(" or ", files.stream().map(Path::toString).toList());
    }

    /** What stands in the first section of that name; null when there is none. */
    private static @Nullable Map<String, String> read(Path file, String service) {
        Map<String, String> settings = null;
        int number = 0;
        for (String raw : lines(file)) {
            number++;
            String line = raw.strip();
            if (line.startsWith("[")) {
                if (settings != null) {
                    return settings;
                }
                settings = line.equals("[" + service + "]") ? new LinkedHashMap<>() : null;
            } else if (settings != null && !line.isEmpty() && !line.startsWith("#")) {
                setting(file, number, line, settings);
            }
        }
        return settings;
    }

    private static void setting(Path file, int number, String line, Map<String, String> into) {
        int equals = line.indexOf('=');
        String name = equals < 0 ? "" : line.substring(0, equals);
        // never the line itself, which may hold a password
        if (line.startsWith("ldap")) {
            throw invalid(file, number, "LDAP is not asked here");
        } else if (equals < 1) {
            throw invalid(file, number, "not name=value");
        } else if (name.equals("service") || name.equals("servicefile")) {
            throw invalid(file, number, "a service cannot name another one");
        } else if (!name.matches("[a-z_]+")) {
            throw invalid(file, number, "not the name of a setting; write no space before the equals sign");
        }
        into.putIfAbsent(name, line.substring(equals + 1));
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            String why = e instanceof NoSuchFileException ? "is not there" : "cannot be read";
            throw new BackhoeException(
                    ExitCode.USAGE,
                    "service_file_invalid",
                    "The service file " + file + " " + why + ".",
                    "mend it, or unset PGSERVICEFILE or PGSERVICE",
                    e);
        }
    }

    private static BackhoeException invalid(Path file, int number, String why) {
        return new BackhoeException(
                ExitCode.USAGE,
                "service_file_invalid",
                file + ":" + number + ": " + why + ". Nothing was tried.",
                "mend the line; a service is [name] and then lines such as host=db.example.org");
    }
}
