package io.backhoe.cli;

import io.backhoe.value.ExitCode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a verb has to say in the end.
 *
 * @param data for machines; what people read has been written by then
 * @param failure null when all that was asked is done
 */
record Answer(Map<String, ?> data, @Nullable Failure failure) {
    static Answer done(Map<String, ?> data) {
        return new Answer(data, null);
    }

    static Answer failed(Failure failure) {
        return new Answer(Map.of(), failure);
    }

    ExitCode exit() {
        return failure == null ? ExitCode.SUCCESS : failure.exit();
    }
}
