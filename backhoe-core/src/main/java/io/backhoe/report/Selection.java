package io.backhoe.report;

import io.backhoe.ledger.ChunkRecord;
import io.backhoe.value.ChunkState;
import java.util.List;

/** The chunks that a page names: all, or, of very many, the first that need a look. */
record Selection(List<ChunkRecord> shown, long needingLook, int all) {
    private static final int MOST = 500;

    static Selection of(List<ChunkRecord> chunks) {
        if (chunks.size() <= MOST) {
            return new Selection(chunks, 0, chunks.size());
        }
        var look = chunks.stream().filter(Selection::needsLook).toList();
        return new Selection(look.subList(0, Math.min(MOST, look.size())), look.size(), chunks.size());
    }

    private static boolean needsLook(ChunkRecord chunk) {
        return chunk.state() == ChunkState.FAILED
                || chunk.state() == ChunkState.RUNNING
                || chunk.error() != null
                || chunk.quarantined() > 0
                || chunk.kept() > 0;
    }

    /** What is left out; nothing when nothing is. */
    String remark() {
        if (shown.size() == all) {
            return "";
        }
        String those = needingLook == 0
                ? "None of " + Numbers.of(all, "chunk") + " needs a look, so none is listed."
                : Numbers.count(shown.size()) + " of the " + Numbers.of(needingLook, "chunk")
                        + " that need a look are listed (running, failed, with rows set aside or kept).";
        return those + " " + Numbers.of((long) all - shown.size(), "more chunk")
                + " not listed; the JSON report has all of them.";
    }
}
