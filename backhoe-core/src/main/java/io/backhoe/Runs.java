package io.backhoe;

import io.backhoe.database.Database;
import io.backhoe.database.Session;
import io.backhoe.ledger.LedgerSchema;
import io.backhoe.ledger.LedgerState;
import io.backhoe.ledger.RunRecord;
import io.backhoe.ledger.RunTable;
import io.backhoe.report.RunReport;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import io.backhoe.value.RunState;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Finds runs in the ledger of a database, if it has one. Thread-safe. */
record Runs(Database database) {
    static final Set<RunState> ENDED = EnumSet.of(
            RunState.SUCCEEDED,
            RunState.PARTIAL,
            RunState.FAILED,
            RunState.CANCELLED,
            RunState.ROLLED_BACK,
            RunState.ROLLBACK_PARTIAL);

    /**
     * The run that a person means.
     *
     * @param idOrName a run's id, a backfill's name (its newest run), or null: the only run that has not ended, else the
     *     newest run
     */
    long find(@Nullable String idOrName) {
        return read(s -> find(s, idOrName)).id();
    }

    RunRecord find(Session session, @Nullable String idOrName) {
        if (idOrName != null && idOrName.matches("[0-9]{1,18}")) {
            return required(session, Long.parseLong(idOrName));
        }
        var runs = RunTable.list(session, idOrName, 1000);
        if (runs.isEmpty()) {
            throw new BackhoeException(
                    ExitCode.USAGE,
                    "run_not_found",
                    idOrName == null
                            ? "There is no run in the ledger of " + database.describe() + "."
                            : "There is no run '" + idOrName + "' in the ledger of " + database.describe() + ".",
                    "backhoe list");
        }
        var open = runs.stream().filter(r -> !ENDED.contains(r.state())).toList();
        if (idOrName == null && open.size() > 1) {
            throw new BackhoeException(
                    ExitCode.USAGE,
                    "run_ambiguous",
                    open.size() + " runs have not ended.",
                    "Name one: "
                            + String.join(
                                    ", ",
                                    open.stream()
                                            .map(r -> r.id() + " (" + r.name() + ")")
                                            .toList()));
        }
        return open.size() == 1 ? open.get(0) : runs.get(0);
    }

    /** The run with all of its chunks, and what its checks found. */
    RunReport report(long runId) {
        return read(s -> RunReport.read(s, required(s, runId)));
    }

    <T> T read(Function<Session, T> work) {
        try (var session = open()) {
            return work.apply(session);
        }
    }

    /**
     * A session of a database that has a ledger.
     *
     * @throws BackhoeException USAGE when it has none
     */
    Session open() {
        var session = database.open("backhoe/look", Backhoe.SETTINGS);
        boolean current = false;
        try {
            current = isCurrent(session);
            if (!current) {
                throw new BackhoeException(
                        ExitCode.USAGE,
                        "no_ledger",
                        "There is no ledger (schema backhoe) in " + database.describe() + ": nothing has run there.",
                        "Check --url; backhoe run makes the ledger when it first runs a plan.");
            }
            return session;
        } finally {
            if (!current) {
                session.close();
            }
        }
    }

    /**
     * Whether there is a ledger at all.
     *
     * @throws BackhoeException when there is one of another version
     */
    boolean isCurrent(Session session) {
        boolean current = new LedgerSchema(database).isCurrent(session);
        if (!current && LedgerState.read(session).kind() == LedgerState.Kind.OLD) {
            throw new BackhoeException(
                    ExitCode.REFUSED,
                    "ledger_too_old",
                    "The ledger in " + database.describe() + " is older than this program. Nothing was changed.",
                    "backhoe ledger --create brings it up to date, and backhoe ledger --sql prints how.");
        }
        return current;
    }

    RunRecord required(Session session, long runId) {
        return RunTable.find(session, runId)
                .orElseThrow(() -> new BackhoeException(
                        ExitCode.USAGE,
                        "run_not_found",
                        "There is no run " + runId + " in the ledger of " + database.describe() + ".",
                        "backhoe list"));
    }

    static BackhoeException wrongState(RunRecord run, String verb, String hint) {
        return new BackhoeException(
                ExitCode.CONFLICT,
                "wrong_state",
                "Run " + run.id() + " is " + run.state() + " and cannot be " + verb + ". Nothing was changed.",
                hint);
    }
}
