package io.backhoe.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * SQL by hand: UPDATEs over so many sessions of psql, each statement a transaction, with commits that do not wait for the disk, as
 * batches of Backhoe do not.
 */
final class PsqlWay implements FillWay {
    private final String name;
    private final String url;
    private final Path folder;
    private final List<String> statements;
    private final int sessions;

    private PsqlWay(String name, String url, Path folder, List<String> statements, int sessions) {
        this.name = name;
        this.url = url;
        this.folder = folder;
        this.statements = List.copyOf(statements);
        this.sessions = sessions;
    }

    /** All of it in one statement. */
    static PsqlWay once(FillCase fill, String url, Path folder) {
        return new PsqlWay("one UPDATE", url, folder, List.of(fill.update("true")), 1);
    }

    static PsqlWay byMonth(FillCase fill, String url, Path folder, int sessions) {
        return new PsqlWay("psql, a month at a time", url, folder, fill.byMonth(), sessions);
    }

    static PsqlWay byIds(FillCase fill, String url, Path folder, int sessions, long orders, long ids) {
        String name = String.format(Locale.ROOT, "psql, %,d ids at a time", ids);
        return new PsqlWay(name, url, folder, fill.byIds(orders, ids), sessions);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public double fill() throws IOException, InterruptedException {
        var processes = new ArrayList<Process>();
        for (int session = 0; session < sessions; session++) {
            var sql = new StringBuilder("SET synchronous_commit TO off;\n");
            for (int i = session; i < statements.size(); i += sessions) {
                sql.append(statements.get(i)).append(";\n");
            }
            Path file = Files.writeString(folder.resolve("session" + session + ".sql"), sql);
            processes.add(new ProcessBuilder("psql", "-Xq", "-v", "ON_ERROR_STOP=1", "-d", url, "-f", file.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(log(session).toFile())
                    .start());
        }
        for (int session = 0; session < sessions; session++) {
            if (processes.get(session).waitFor() != 0) {
                throw new IOException(name + " failed:\n" + Files.readString(log(session)));
            }
        }
        return 0;
    }

    private Path log(int session) {
        return folder.resolve("session" + session + ".log");
    }
}
