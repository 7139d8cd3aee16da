package io.backhoe.cli;

import io.backhoe.spec.SpecOverrides;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What may be added to a spec on the command line. */
final class SpecFlags {
    @Option(
            names = "--set",
            paramLabel = "COLUMN=EXPRESSION",
            description = "A column and the SQL expression that fills it; may be repeated. Adds to the file's own, or "
                    + "replaces one.")
    private List<String> set = new ArrayList<>();

    @Mixin
    private JoinFlags join = new JoinFlags();

    boolean any() {
        return !set.isEmpty() || join.any();
    }

    /** @param url in place of the file's target, or null */
    SpecOverrides overrides(@Nullable String url) {
        return new SpecOverrides(url, SpecOverrides.parseSet(set), join.from(), join.on(), join.where());
    }
}
