package io.backhoe.notify;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Block Kit: a header, a section of facts, and what to type. A header holds 150 characters, a text of a section 3,000
 * (docs.slack.dev/reference/block-kit/blocks).
 */
final class SlackBody implements Body {
    private static final int HEADER = 150;
    private static final int SECTION = 3_000;

    @Override
    public Object of(Message message) {
        String headline = Body.cut(Facts.headline(message), HEADER);
        List<Object> blocks = new ArrayList<>();
        blocks.add(Map.of("type", "header", "text", Map.of("type", "plain_text", "text", headline, "emoji", false)));
        blocks.add(section(Facts.of(message).entrySet().stream()
                .map(fact -> "*" + fact.getKey() + "*  " + escaped(fact.getValue()))
                .collect(Collectors.joining("\n"))));
        if (message.command() != null) {
            blocks.add(section("```" + escaped(message.command()) + "```"));
        }
        var body = new LinkedHashMap<String, Object>();
        body.put("text", escaped(headline));
        body.put("blocks", blocks);
        return body;
    }

    private static Object section(String text) {
        return Map.of("type", "section", "text", Map.of("type", "mrkdwn", "text", Body.cut(text, SECTION)));
    }

    /** The three characters that control what Slack makes of a text. */
    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
