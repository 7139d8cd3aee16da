package io.backhoe.cli;

import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The one document that a command with {@code --json} writes. */
final class Envelope {
    private Envelope() {}

    /** On one line, for readers of many documents. */
    static String line(String verb, Answer answer, List<String> warnings) {
        return JsonText.line(document(verb, answer, warnings));
    }

    /** Piece by piece: the document of a run with very many chunks is larger than the memory that a command takes. */
    static void write(PrintStream to, String verb, Answer answer, List<String> warnings) {
        JsonText.page(to, document(verb, answer, warnings));
        to.println();
    }

    private static Map<String, @Nullable Object> document(String verb, Answer answer, List<String> warnings) {
        var document = new LinkedHashMap<String, @Nullable Object>();
        document.put("schema", "backhoe." + verb + "/v1");
        document.put("ok", answer.failure() == null);
        document.put("exit_code", answer.exit().code());
        document.put("data", answer.data());
        document.put("warnings", warnings);
        document.put("error", answer.failure() == null ? null : error(answer.failure()));
        return document;
    }

    private static Map<String, @Nullable Object> error(Failure failure) {
        var error = new LinkedHashMap<String, @Nullable Object>();
        error.put("code", failure.code());
        error.put("message", failure.message());
        error.put("hint", failure.hint());
        error.put("retryable", failure.retryable());
        return error;
    }
}
