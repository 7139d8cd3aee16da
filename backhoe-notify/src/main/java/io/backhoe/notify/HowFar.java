package io.backhoe.notify;

import io.backhoe.ledger.Limit;
import io.backhoe.ledger.TimeLeft;
import io.backhoe.report.Numbers;
import io.backhoe.report.RunReport;
import io.backhoe.run.Progress;
import io.backhoe.value.ChunkState;
import io.backhoe.value.RunState;
import org.jspecify.annotations.Nullable;

/**
 * How far a run is, in numbers alone.
 *
 * @param changed rows written; of a rollback those restored
 * @param rate rows examined a second; null while that is not known
 * @param left null while that is not known
 * @param limit null where nothing is being worked on
 */
record HowFar(
        RunState state,
        int percent,
        long chunks,
        long done,
        long failed,
        long estimated,
        long examined,
        long changed,
        long quarantined,
        @Nullable Double rate,
        @Nullable TimeLeft left,
        @Nullable Limit limit) {
    private static final String NOT_READ = "not read for ";

    static HowFar of(Progress p) {
        return new HowFar(
                p.state(),
                p.chunksDone() == p.chunks() ? 100 : Numbers.percent(p.examined(), p.estimatedRows()),
                p.chunks(),
                p.chunksDone(),
                p.chunksFailed(),
                p.estimatedRows(),
                p.examined(),
                p.changed(),
                p.quarantined(),
                p.pace().rowsPerSecond(),
                p.pace().left(),
                told(p.pace().limit()));
    }

    /** Why a signal cannot be read may be in the server's words, in brackets behind how long that has been so. */
    private static Limit told(Limit limit) {
        int why = limit.value().indexOf(" (");
        return limit.value().startsWith(NOT_READ) && why > 0
                ? new Limit(limit.signal(), limit.value().substring(0, why), limit.limit())
                : limit;
    }

    static HowFar of(RunReport report) {
        boolean undoing = report.run().undoing();
        long back = report.count(ChunkState.ROLLED_BACK);
        long done = undoing ? back : report.count(ChunkState.SUCCESS) + report.count(ChunkState.SKIPPED);
        long examined = undoing ? report.restored() + report.kept() : report.examined();
        long estimated = undoing ? report.changed() : report.estimatedRows();
        return new HowFar(
                report.run().state(),
                done == report.allChunks() ? 100 : Numbers.percent(examined, estimated),
                report.allChunks(),
                done,
                report.count(ChunkState.FAILED),
                estimated,
                examined,
                undoing ? report.restored() : report.changed(),
                report.quarantined(),
                null,
                null,
                null);
    }
}
