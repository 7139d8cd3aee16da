package io.backhoe.report;

import io.backhoe.ledger.ChunkRecord;
import io.backhoe.ledger.RunRecord;
import io.backhoe.value.ChunkState;
import java.util.List;

/** A run as the ledger has it; any process can read it while another executes it. */
public record RunReport(RunRecord run, List<ChunkRecord> chunks) {
    public RunReport {
        chunks = List.copyOf(chunks);
    }

    public long count(ChunkState state) {
        return chunks.stream().filter(c -> c.state() == state).count();
    }

    /** Rows written by the run. */
    public long changed() {
        return chunks.stream().mapToLong(ChunkRecord::changed).sum();
    }

    /** Rows that batches have looked at. */
    public long examined() {
        return chunks.stream().mapToLong(ChunkRecord::examined).sum();
    }

    public long estimatedRows() {
        return chunks.stream().mapToLong(ChunkRecord::estimatedRows).sum();
    }

    public long quarantined() {
        return chunks.stream().mapToLong(ChunkRecord::quarantined).sum();
    }

    /** Rows that undo restored. */
    public long restored() {
        return chunks.stream().mapToLong(ChunkRecord::restored).sum();
    }

    /** Rows that undo left alone, because somebody has changed or deleted them since. */
    public long kept() {
        return chunks.stream().mapToLong(ChunkRecord::kept).sum();
    }
}
