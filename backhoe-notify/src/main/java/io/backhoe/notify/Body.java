package io.backhoe.notify;

import io.backhoe.spec.Monitoring.Format;
import tools.jackson.databind.json.JsonMapper;

/** A message as the receiver wants it, in JSON. */
interface Body {
    JsonMapper JSON = new JsonMapper();

    /** A tree of maps and lists. */
    Object of(Message message);

    default String text(Message message) {
        return JSON.writeValueAsString(of(message));
    }

    static Body of(Format format) {
        return switch (format) {
            case SLACK -> new SlackBody();
            case TEAMS -> new TeamsBody();
            case JSON -> new JsonBody();
        };
    }

    /** At most so many characters, of which none is half of a pair. */
    static String cut(String text, int most) {
        if (text.length() <= most) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(most - 2)) ? most - 2 : most - 1;
        return text.substring(0, end) + "…";
    }
}
