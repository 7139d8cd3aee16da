package io.backhoe.report;

import io.backhoe.database.Session;
import io.backhoe.ledger.ChunkRecord;
import io.backhoe.ledger.DatabaseTime;
import io.backhoe.ledger.EventRecord;
import io.backhoe.ledger.EventTable;
import io.backhoe.ledger.PaceRecord;
import io.backhoe.ledger.RunPace;
import io.backhoe.ledger.RunRecord;
import io.backhoe.run.RunListener;
import io.backhoe.value.ChunkState;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a run stands and how fast it is, read in a time that hardly grows with its chunks.
 *
 * @param report its totals, and its chunks if they are few, else the first that somebody may have to look at
 * @param deaf why those whom it tells do not hear of it, as its newest executor noticed; null when that has noticed nothing
 * @param readAt when this was true, by the database's clock
 */
public record RunStatus(
        RunReport report, RunPace pace, @Nullable EventRecord deaf, Instant readAt) {
    private static final String LOST = RunListener.Kind.WEBHOOK_LOST.word();
    private static final List<String> HEARING = List.of(LOST, RunListener.Kind.WEBHOOK_BACK.word(), "executor");

    public static RunStatus read(Session session, RunRecord run, int most) {
        return new RunStatus(
                RunReport.summary(session, run, most),
                RunPace.read(session, run.id()),
                EventTable.newest(session, run.id(), HEARING)
                        .filter(event -> event.kind().equals(LOST))
                        .orElse(null),
                DatabaseTime.now(session));
    }

    public RunRecord run() {
        return report.run();
    }

    /** How fast it is now; null when no process executes it, or none has said so lately. */
    public @Nullable PaceRecord now() {
        var last = pace.last();
        return run().executed() && last != null && last.isFresh(readAt) ? last : null;
    }

    /** The chunks that are being worked on, of those that are listed. */
    public List<ChunkRecord> running() {
        return report.chunks().stream()
                .filter(c -> run().undoing()
                        ? c.undoAsked() && c.state() != ChunkState.ROLLED_BACK && c.restored() + c.kept() > 0
                        : c.state() == ChunkState.RUNNING)
                .toList();
    }
}
