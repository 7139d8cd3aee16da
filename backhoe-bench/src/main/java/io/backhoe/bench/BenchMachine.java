package io.backhoe.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Locale;

/** What measurements were made on, for the pages that tell them. */
final class BenchMachine {
    private static final String SETTINGS = """
            SELECT name || ' = ' || current_setting(name) FROM pg_settings
            WHERE name IN ('shared_buffers', 'max_wal_size', 'checkpoint_timeout', 'wal_level', 'wal_compression', 'fsync',
                'full_page_writes', 'synchronous_commit', 'work_mem', 'random_page_cost', 'effective_cache_size', 'autovacuum')
            ORDER BY name""";

    private BenchMachine() {}

    /** A sentence or two: day, processors, memory, kernel, server and those of its settings that weigh here. */
    static String of(Connection connection) throws SQLException {
        var settings = new ArrayList<String>();
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(SETTINGS)) {
            while (rows.next()) {
                settings.add(rows.getString(1));
            }
        }
        return String.format(
                Locale.ROOT,
                "%s. %d processors (%s), %s memory, %s %s, Java %s. PostgreSQL %s with %s.",
                LocalDate.now(),
                Runtime.getRuntime().availableProcessors(),
                field("/proc/cpuinfo", "model name"),
                field("/proc/meminfo", "MemTotal"),
                System.getProperty("os.name"),
                System.getProperty("os.version"),
                System.getProperty("java.version"),
                connection.getMetaData().getDatabaseProductVersion(),
                String.join(", ", settings));
    }

    private static String field(String file, String name) {
        try (var lines = Files.lines(Path.of(file))) {
            return lines.filter(line -> line.startsWith(name))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("unknown");
        } catch (IOException | UncheckedIOException e) {
            return "unknown";
        }
    }
}
