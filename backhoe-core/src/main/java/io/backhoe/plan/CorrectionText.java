package io.backhoe.plan;

import io.backhoe.spec.Correction;
import org.jspecify.annotations.Nullable;

/** What only a correction says, as a plan has it. */
final class CorrectionText {
    private CorrectionText() {}

    static void write(@Nullable Correction correction, YamlText out) {
        if (correction == null) {
            return;
        }
        Correction.Records records = correction.records();
        Correction.Expected expected = correction.expected();
        if (records == null && expected == null) {
            return;
        }
        out.open("correction");
        if (records != null) {
            out.text("keys", records.file()).bare("unknown_keys", correction.skipUnknown() ? "skip" : "refuse");
            out.text("sha256", records.sha256()).bare("records", records.rows());
            out.list("key", records.key()).list("columns", records.columns());
        }
        if (expected != null) {
            out.bare("expect_rows", "{ min: " + expected.least() + ", max: " + expected.most() + " }");
        }
        out.close();
    }
}
