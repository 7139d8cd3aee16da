package io.backhoe.embedded;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * As whom the server runs. PostgreSQL refuses to run as root, so root hands it to the unprivileged user nobody.
 *
 * @param root whether this process is root
 * @param prefix what a command line starts with to run as that user
 * @param owner uid and gid that the data directory has to have; 0 where it stays with its maker
 */
record ServerUser(boolean root, List<String> prefix, int owner) {

    private static final int NOBODY = 65534;
    private static final List<String> SETPRIV =
            List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups");
    private static final List<String> UNSHARE = List.of("unshare", "-U");

    static ServerUser current() {
        if (!Command.run(List.of("id", "-u")).text().equals("0")) {
            return new ServerUser(false, List.of(), 0);
        }
        return forRoot(SETPRIV, UNSHARE);
    }

    static ServerUser forRoot(List<String> setpriv, List<String> unshare) {
        Command.Answer first = Command.run(then(setpriv, List.of("true")));
        if (first.exit() == 0) {
            return new ServerUser(true, setpriv, NOBODY);
        }
        // In a user namespace without a mapping root's own files look like nobody's, and so does the process.
        Command.Answer second = Command.run(then(unshare, List.of("true")));
        if (second.exit() == 0) {
            return new ServerUser(true, unshare, 0);
        }
        throw new ServerException("PostgreSQL does not run as root, and neither way to become another user works here: "
                + "setpriv: " + first.text() + "; unshare: " + second.text() + ". Run as an ordinary user, "
                + "or install util-linux (for setpriv).");
    }

    List<String> command(List<String> command) {
        return then(prefix, command);
    }

    /** Gives a directory to that user. */
    void own(Path directory) {
        if (owner != 0) {
            try {
                Folders.checkReachable(directory.toAbsolutePath().getParent());
            } catch (IOException e) {
                throw new ServerException(
                        "The server runs as nobody, who cannot reach " + directory + ": " + e.getMessage(), e);
            }
            Command.Answer answer = Command.run(List.of("chown", "-R", owner + ":" + owner, directory.toString()));
            if (answer.exit() != 0) {
                throw new ServerException("Could not hand " + directory + " to the server's user: " + answer.text());
            }
        }
    }

    private static List<String> then(List<String> prefix, List<String> command) {
        return Stream.concat(prefix.stream(), command.stream()).toList();
    }
}
