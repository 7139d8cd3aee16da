package io.backhoe.notify;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An Adaptive Card 1.4 in a message, as the webhooks of Teams workflows take it. */
final class TeamsBody implements Body {
    private static final int LONGEST = 2_000;

    @Override
    public Object of(Message message) {
        List<Object> lines = new ArrayList<>();
        lines.add(block(Facts.headline(message), Map.of("weight", "Bolder", "size", "Medium")));
        lines.add(Map.of(
                "type",
                "FactSet",
                "facts",
                Facts.of(message).entrySet().stream()
                        .map(fact -> Map.of("title", fact.getKey(), "value", Body.cut(fact.getValue(), LONGEST)))
                        .toList()));
        if (message.command() != null) {
            lines.add(block(message.command(), Map.of("fontType", "Monospace")));
        }
        return Map.of(
                "type",
                "message",
                "attachments",
                List.of(Map.of("contentType", "application/vnd.microsoft.card.adaptive", "content", card(lines))));
    }

    private static Object card(List<Object> lines) {
        var card = new LinkedHashMap<String, Object>();
        card.put("$schema", "http://adaptivecards.io/schemas/adaptive-card.json");
        card.put("type", "AdaptiveCard");
        card.put("version", "1.4");
        card.put("body", lines);
        return card;
    }

    private static Object block(String text, Map<String, String> how) {
        var block = new LinkedHashMap<String, Object>(how);
        block.put("type", "TextBlock");
        block.put("text", Body.cut(text, LONGEST));
        block.put("wrap", true);
        return block;
    }
}
