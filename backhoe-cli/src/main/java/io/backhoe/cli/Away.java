package io.backhoe.cli;

import io.backhoe.database.DatabaseException;
import io.backhoe.database.ErrorKind;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Looks at a database that may be away for a while: that is said once on stderr, and once that it is back. */
final class Away {
    private final Out out;
    private boolean away;

    Away(Out out) {
        this.out = out;
    }

    /**
     * @return null while it does not answer
     * @throws RuntimeException when waiting does not help
     */
    <T> @Nullable T ask(Supplier<T> question) {
        try {
            T answer = question.get();
            say(false, "the database answers again");
            return answer;
        } catch (DatabaseException e) {
            if (e.kind() != ErrorKind.CONNECTION_LOST && e.kind() != ErrorKind.TRANSIENT) {
                throw e;
            }
            return away(e);
        } catch (BackhoeException e) {
            if (e.exit() != ExitCode.UNREACHABLE) {
                throw e;
            }
            return away(e);
        }
    }

    private <T> @Nullable T away(RuntimeException why) {
        say(true, "the database does not answer, and is asked again each second: " + why.getMessage());
        return null;
    }

    private void say(boolean now, String text) {
        if (away != now) {
            away = now;
            out.terminal().err().println(text);
        }
    }
}
