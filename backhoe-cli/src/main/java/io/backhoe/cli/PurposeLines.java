package io.backhoe.cli;

import io.backhoe.spec.Correction;
import io.backhoe.spec.Spec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a plan is for, which records it has, and what it comes after. */
final class PurposeLines {
    private PurposeLines() {}

    /** As a reviewer reads it; nothing for a plan that says nothing of it. */
    static List<String> of(Spec spec) {
        var lines = new ArrayList<String>();
        String reason = spec.about().reason();
        if (reason != null) {
            lines.add("  why      " + reason.strip().replaceAll("\\s+", " "));
        }
        if (!spec.after().isEmpty()) {
            lines.add("  comes    after " + String.join(", ", spec.after()) + ", range by range where ranges compare");
        }
        Correction.Records records = spec.records();
        if (records != null) {
            lines.add("  records  " + (records.rows() == null ? "" : Figures.count(records.rows()) + " of ")
                    + records.file() + ", each finds its row by " + String.join(", ", records.key()));
        }
        Correction.Expected expected = expected(spec);
        if (expected != null) {
            lines.add("  expects  " + expected + " rows, and does nothing with any other number");
        }
        return lines;
    }

    /** Each by its key, for a comparison. */
    static Map<String, @Nullable Object> keys(Spec spec) {
        var keys = new LinkedHashMap<String, @Nullable Object>();
        keys.put("reason", spec.about().reason());
        keys.put("after", spec.after().isEmpty() ? null : String.join(", ", spec.after()));
        Correction correction = spec.correction();
        Correction.Records records = spec.records();
        keys.put("correction.keys", records == null ? null : records.file());
        keys.put("correction.sha256", records == null ? null : records.sha256());
        keys.put("correction.records", records == null ? null : records.rows());
        keys.put("correction.key", records == null ? null : String.join(", ", records.key()));
        keys.put("correction.columns", records == null ? null : String.join(", ", records.columns()));
        keys.put(
                "correction.unknown_keys",
                correction == null || records == null ? null : correction.skipUnknown() ? "skip" : "refuse");
        keys.put("correction.expect_rows", expected(spec));
        return keys;
    }

    private static Correction.@Nullable Expected expected(Spec spec) {
        return spec.correction() == null ? null : spec.correction().expected();
    }
}
