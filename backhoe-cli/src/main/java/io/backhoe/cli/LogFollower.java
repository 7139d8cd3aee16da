package io.backhoe.cli;

import io.backhoe.RunWatch;
import io.backhoe.ledger.LogEntry;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The log of a run as it grows: each line once. Reckons with the ledger's times alone. Confined to one thread. */
final class LogFollower {
    /** What was written by transactions that were still open at the last look. */
    private static final Duration LATE = Duration.ofSeconds(10);

    private final RunWatch watch;
    private final Set<String> told = new HashSet<>();
    private @Nullable Instant first;
    private @Nullable Instant newest;

    LogFollower(RunWatch watch) {
        this.watch = watch;
    }

    /** The newest so many, to begin with. */
    List<LogEntry> last(int lines) {
        var entries = watch.log(null, lines);
        // What is older was not asked for, also if it is written only now.
        first = entries.size() < lines ? null : entries.get(0).at();
        return untold(entries);
    }

    /** Nothing of what is there now is told. */
    void skip() {
        var now = watch.now();
        watch.log(now.minus(LATE), Integer.MAX_VALUE).forEach(entry -> told.add(entry.id()));
        first = now;
        newest = now;
    }

    /** What has come since. */
    List<LogEntry> more() {
        Instant last = newest;
        return untold(watch.log(last == null ? null : last.minus(LATE), Integer.MAX_VALUE));
    }

    /** What was not told when its time had come, because whoever wrote it had not committed for long. */
    List<LogEntry> rest() {
        return untold(watch.log(first, Integer.MAX_VALUE));
    }

    private List<LogEntry> untold(List<LogEntry> entries) {
        var fresh = entries.stream().filter(entry -> told.add(entry.id())).toList();
        for (LogEntry entry : fresh) {
            // That of a check is the clock of whoever asked it.
            boolean counts = !entry.kind().equals("check")
                    && (newest == null || entry.at().isAfter(newest));
            newest = counts ? entry.at() : newest;
        }
        return fresh;
    }
}
