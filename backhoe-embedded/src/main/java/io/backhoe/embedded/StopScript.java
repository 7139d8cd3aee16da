package io.backhoe.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** What ends a server that nobody watches over, and removes its folder. Lies in that folder. */
record StopScript(Path home, Cluster cluster, Binaries binaries, ServerUser user) {
    static final String NAME = "stop";

    void write() {
        try {
            Files.writeString(home.resolve(NAME), text());
        } catch (IOException e) {
            throw new ServerException("Could not write the command that stops the server", e);
        }
    }

    private String text() {
        return """
                # Ends the PostgreSQL server of this folder and removes the folder. Also works when it has ended already.
                cd / || exit 1
                if %1$s status >/dev/null 2>&1; then
                    %1$s stop -m fast || exit 1
                fi
                rm -rf -- %2$s
                """.formatted(pgCtl(), quoted(home.toString()));
    }

    private String pgCtl() {
        List<String> command = user.command(
                List.of(binaries.program("pg_ctl"), "-s", "-D", cluster.data().toString()));
        return command.stream().map(StopScript::quoted).collect(Collectors.joining(" "));
    }

    private static String quoted(String word) {
        return "'" + word.replace("'", "'\\''") + "'";
    }
}
