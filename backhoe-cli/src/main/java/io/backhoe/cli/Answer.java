package io.backhoe.cli;

import io.backhoe.value.ExitCode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a verb has to say in the end.
 *
 * @param data for machines; what people read has been written by then
 * @param failure null when all that was asked is done
 * @param streamed whether its documents are written already
 */
record Answer(Map<String, ?> data, @Nullable Failure failure, boolean streamed) {
    Answer(Map<String, ?> data, @Nullable Failure failure) {
        this(data, failure, false);
    }

    /** Documents have been written one by one, and there is none in the end. */
    static Answer alreadyWritten() {
        return new Answer(Map.of(), null, true);
    }

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
