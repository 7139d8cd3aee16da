package io.backhoe.notify;

import io.backhoe.backup.BackupException;
import io.backhoe.ledger.CheckRecord;
import io.backhoe.ledger.ChunkRecord;
import io.backhoe.report.Numbers;
import io.backhoe.report.RunReport;
import io.backhoe.value.ChunkState;
import io.backhoe.value.ExitCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Why a run is no further, in words of our own. What the ledger has in the server's words, or of the answers to checks, may
 * hold values of rows; it stays there.
 */
final class Reasons {
    private static final int NAMED = 10;

    private Reasons() {}

    /** Null where there is nothing to say. */
    static @Nullable String of(RunReport report) {
        var reasons = new ArrayList<String>();
        reasons.add(ofState(report));
        if (report.count(ChunkState.FAILED) > 0) {
            var failed = report.chunks().stream()
                    .filter(c -> c.state() == ChunkState.FAILED)
                    .map(ChunkRecord::id)
                    .toList();
            reasons.add("failed: " + names(failed, report.count(ChunkState.FAILED)));
        }
        if (report.quarantined() > 0) {
            reasons.add(Numbers.count(report.quarantined()) + " rows could not be changed and were set aside");
        }
        if (report.kept() > 0) {
            reasons.add(Numbers.count(report.kept()) + " rows that somebody has changed since were left alone");
        }
        reasons.addAll(checks(report.checks()));
        String said = reasons.stream().filter(Objects::nonNull).collect(Collectors.joining("; "));
        return said.isEmpty() ? null : said;
    }

    private static @Nullable String ofState(RunReport report) {
        var run = report.run();
        return switch (run.state()) {
            case PAUSED -> paused(run.exitCode(), run.reason());
            // who asked for it, in our words
            case CANCELLED -> run.reason();
            case PARTIAL -> "not all could be done";
            default -> null;
        };
    }

    private static @Nullable String paused(@Nullable Integer exit, @Nullable String reason) {
        if (exit == null || exit == ExitCode.STOPPED.code()) {
            // where backups are, and what that place answers, stays inside too
            boolean backup = reason != null && reason.contains(BackupException.STOPS);
            return backup ? "the " + BackupException.STOPS : reason;
        }
        if (exit == ExitCode.PARTIAL.code()) {
            return "too much has failed";
        }
        if (exit == ExitCode.DRIFTED.code()) {
            return "the table is no longer as it was planned for";
        }
        if (exit == ExitCode.UNREACHABLE.code()) {
            return "the database was out of reach, or does not permit it";
        }
        return "an error that Backhoe does not know";
    }

    private static List<String> checks(List<CheckRecord> checks) {
        return checks.stream()
                .filter(c -> !c.holds())
                .map(c -> "check " + c.name() + " " + c.verdict().word().replace('_', ' '))
                .limit(NAMED)
                .toList();
    }

    /** The first few. */
    static String names(List<String> names, long all) {
        int named = Math.min(NAMED, names.size());
        return String.join(", ", names.subList(0, named))
                + (all > named ? " and " + Numbers.count(all - named) + " more" : "");
    }
}
