package io.backhoe.plan;

import io.backhoe.spec.Pacing;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** How a run gives way, as the text of a plan has it: what was said, and no default. */
final class PacingText {
    private PacingText() {}

    static void write(Pacing pacing, YamlText out) {
        out.bare("policy", pacing.policy() == null ? null : pacing.policy().word());
        out.text("run_between", text(pacing.runBetween())).text("deadline", text(pacing.deadline()));
        out.bare("canary", pacing.canary() == null ? null : number(pacing.canary()) + "%");
        var throttle = pacing.throttle();
        if (throttle.equals(Pacing.USUAL.throttle())) {
            return;
        }
        out.open("throttle");
        throttle.limits().forEach((name, limit) -> out.text(name.word(), name.written(limit)));
        Pacing.Probe probe = throttle.probe();
        if (probe != null) {
            out.open("probe").block("query", probe.query());
            out.bare("limit_ms", probe.limitMillis() == null ? null : number(probe.limitMillis()));
            out.bare("max", probe.most() == null ? null : number(probe.most())).close();
        }
        if (!throttle.ignoreReplicas().isEmpty()) {
            out.list("ignore_replicas", throttle.ignoreReplicas());
        }
        out.bare("vacuum", throttle.vacuum()).close();
    }

    private static @Nullable String text(@Nullable Object value) {
        return value == null ? null : value.toString();
    }

    private static String number(double value) {
        return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
    }
}
