package io.backhoe.cli;

import io.backhoe.ledger.LedgerSchema;
import io.backhoe.ledger.LedgerState;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A ledger, for machines. */
final class LedgerDocument {
    private LedgerDocument() {}

    static Map<String, @Nullable Object> of(LedgerState ledger) {
        var data = new LinkedHashMap<String, @Nullable Object>();
        data.put("state", ledger.kind().name().toLowerCase(Locale.ROOT));
        data.put("version", ledger.version());
        data.put("program_version", LedgerSchema.VERSION);
        data.put("owner", ledger.owner());
        data.put("bytes", ledger.bytes());
        data.put("before_image_bytes", ledger.imageBytes());
        data.put(
                "before_images",
                ledger.images().stream()
                        .map(images -> Map.of("run_id", Long.toString(images.runId()), "bytes", images.bytes()))
                        .toList());
        data.put("runs", ledger.runs());
        return data;
    }
}
