package io.backhoe.cli;

import io.backhoe.value.BackhoeException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** Where every period that is expected has rows there is nothing to plan, and so nothing to do: that is no refusal. */
final class NothingMissing {
    private static final String CODE = "nothing_missing";

    private NothingMissing() {}

    /** What the work answers; where it finds that nothing is missing, that. */
    static Answer or(Out out, Callable<Answer> work) throws Exception {
        try {
            return work.call();
        } catch (BackhoeException e) {
            if (!e.code().equals(CODE)) {
                throw e;
            }
            return answer(out, e);
        }
    }

    private static Answer answer(Out out, BackhoeException e) {
        // Standard output may be a plan's, of which there is none.
        var err = out.terminal().err();
        err.println(e.getMessage());
        if (e.hint() != null) {
            err.println(e.hint());
        }
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put("nothing_missing", e.getMessage());
        data.put("path", null);
        data.put("run_id", null);
        data.put("state", null);
        data.put("total_chunks", 0);
        data.put("successful", 0);
        data.put("failed", 0);
        data.put("total_rows", 0);
        data.put("chunks", List.of());
        return Answer.done(data);
    }
}
