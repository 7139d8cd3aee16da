package io.backhoe.value;

import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Where a chunk stands. */
public enum ChunkState {
    PENDING,
    RUNNING,
    SUCCESS,
    FAILED,
    SKIPPED,
    ROLLED_BACK;

    private static final Map<ChunkState, Set<ChunkState>> NEXT = Map.of(
            PENDING, Set.of(RUNNING, SKIPPED, ROLLED_BACK),
            RUNNING, Set.of(SUCCESS, SKIPPED, FAILED, PENDING, ROLLED_BACK),
            SUCCESS, Set.of(ROLLED_BACK, RUNNING),
            FAILED, Set.of(PENDING, ROLLED_BACK),
            SKIPPED, Set.of(ROLLED_BACK),
            ROLLED_BACK, Set.of());

    public boolean mayBecome(ChunkState next) {
        return NEXT.getOrDefault(this, Set.of()).contains(next);
    }

    /** As it stands in files, in JSON and in the ledger: {@code success}, {@code rolled_back}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static ChunkState of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
