package io.backhoe.report;

import io.backhoe.database.Session;
import io.backhoe.ledger.CheckRecord;
import io.backhoe.ledger.CheckTable;
import io.backhoe.ledger.ChunkRecord;
import io.backhoe.ledger.ChunkTable;
import io.backhoe.ledger.Purpose;
import io.backhoe.ledger.RunRecord;
import io.backhoe.ledger.RunTotals;
import io.backhoe.value.ChunkState;
import java.util.List;

/**
 * A run as the ledger has it; any process can read it while another executes it.
 *
 * @param chunks all of them, or, in a summary of very many, the first that somebody may have to look at
 * @param purpose what it is for
 * @param checks the newest answer to each question, before, at the end and since
 */
public record RunReport(
        RunRecord run, RunTotals totals, List<ChunkRecord> chunks, List<CheckRecord> checks, Purpose purpose) {
    public RunReport {
        chunks = List.copyOf(chunks);
        checks = List.copyOf(checks);
    }

    /** Of which nobody has said what it is for. */
    public RunReport(RunRecord run, RunTotals totals, List<ChunkRecord> chunks, List<CheckRecord> checks) {
        this(run, totals, chunks, checks, Purpose.NONE);
    }

    /** Without checks. */
    public RunReport(RunRecord run, RunTotals totals, List<ChunkRecord> chunks) {
        this(run, totals, chunks, List.of());
    }

    /** @param chunks all of them */
    public RunReport(RunRecord run, List<ChunkRecord> chunks) {
        this(run, RunTotals.of(chunks), chunks, List.of());
    }

    /** With all of its chunks. */
    public static RunReport read(Session session, RunRecord run) {
        var chunks = ChunkTable.all(session, run.id());
        return new RunReport(
                run,
                RunTotals.of(chunks),
                chunks,
                CheckTable.newest(session, run.id()),
                Purpose.read(session, run.id()));
    }

    /**
     * What a page shows of a run, in a time that hardly grows with its chunks.
     *
     * @param most chunks to read; of more than that only those that need a look
     */
    public static RunReport summary(Session session, RunRecord run, int most) {
        if (most == Integer.MAX_VALUE) {
            return read(session, run);
        }
        var look = ChunkTable.few(session, run.id(), most);
        return new RunReport(
                run,
                look.totals(),
                look.chunks(),
                CheckTable.newest(session, run.id()),
                Purpose.read(session, run.id()));
    }

    /** How many chunks the run has, whether or not they are listed here. */
    public long allChunks() {
        return totals.all();
    }

    public long count(ChunkState state) {
        return totals.count(state);
    }

    /** Rows written by the run. */
    public long changed() {
        return totals.changed();
    }

    /** Rows that batches have looked at. */
    public long examined() {
        return totals.examined();
    }

    public long estimatedRows() {
        return totals.estimatedRows();
    }

    public long quarantined() {
        return totals.quarantined();
    }

    /** Rows that undo restored. */
    public long restored() {
        return totals.restored();
    }

    /** Rows that undo left alone, because somebody has changed or deleted them since. */
    public long kept() {
        return totals.kept();
    }

    /** Of the restored rows those that somebody had changed since: a rollback was asked to write over them. */
    public long overwritten() {
        return totals.overwritten();
    }
}
