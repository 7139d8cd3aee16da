package io.backhoe.notify;

import io.backhoe.report.KnownRun;
import io.backhoe.value.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * The id of a run, the same in each process that works on it: a UUID of version 7 (RFC 9562, 5.7) with the time at which the
 * run was entered, and SHA-256 of what the ledger knows of it in place of chance.
 */
final class LineageId {
    private LineageId() {}

    /** @param undo of its rollback, which is a run of its own */
    static UUID of(KnownRun known, boolean undo) {
        var run = known.run();
        // After an end something new begins: a retry, another rollback.
        String text = String.join(
                "\n",
                "backhoe",
                Long.toString(run.id()),
                run.name(),
                run.planHash(),
                run.createdAt().toString(),
                Integer.toString(known.ends()),
                undo ? "rollback" : "run");
        var hash = ByteBuffer.wrap(Sha256.begin().digest(text.getBytes(StandardCharsets.UTF_8)));
        long high = (run.createdAt().toEpochMilli() << 16) | 0x7000 | (hash.getLong() & 0x0FFF);
        long low = (hash.getLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
        return new UUID(high, low);
    }
}
