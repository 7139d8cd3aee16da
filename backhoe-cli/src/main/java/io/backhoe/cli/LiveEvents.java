package io.backhoe.cli;

import java.time.format.DateTimeFormatter;

/** Events of a run in a line, for people who watch. */
final class LiveEvents {
    static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss");

    private LiveEvents() {}

    /** Nothing for what nobody needs to see. */
    static String text(String kind, String chunk, String message) {
        String about = chunk.isEmpty() ? "" : chunk + "  ";
        return switch (kind) {
            case "chunk_done" -> about + "done" + (message.equals("skipped") ? ": no rows" : "");
            case "chunk_failed" -> about + "FAILED: " + message;
            case "state" -> message;
            default -> about + message;
        };
    }
}
