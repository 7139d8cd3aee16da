package io.backhoe.notify;

import static org.assertj.core.api.Assertions.assertThat;

import io.backhoe.spec.Monitoring.Format;
import java.time.Instant;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class BodyTest {
    private final JsonMapper json = new JsonMapper();

    @Test
    void slackIsToldInBlocks() {
        JsonNode body = json.readTree(Body.of(Format.SLACK).text(Messages.of(Message.Kind.PROGRESS)));

        assertThat(body.get("text").asString()).isEqualTo("orders_tier_backfill (run 12): 41 %");
        assertThat(body.get("blocks").get(0).get("type").asString()).isEqualTo("header");
        assertThat(body.get("blocks").get(1).get("text").get("text").asString()).isEqualTo("""
                        *Table*  shop.orders
                        *Progress*  ████████░░░░░░░░░░░░ 40 %, 5 of 12 chunks
                        *Rows*  2,100,000 changed, 2,100,000 examined of about 5,200,000, 131,000 rows/s
                        *Left*  20 s to 30 s
                        *Limited by*  workers: 2 busy of 2
                        *Note*  2023-04, 2023-05""");
        assertThat(body.get("blocks").get(2).get("text").get("text").asString()).isEqualTo("```backhoe status 12```");
    }

    /** docs.slack.dev/reference/block-kit/blocks: 50 blocks; a header of 150 characters; a section's text of 3,000. */
    @Test
    void slackTakesItHoweverLargeTheRunIs() {
        var names =
                IntStream.range(0, 10_000).mapToObj(i -> "part-<" + i + ">&").toList();
        for (var reason : new String[] {Reasons.names(names, 10_000), String.join(", ", names)}) {
            JsonNode body = json.readTree(Body.of(Format.SLACK)
                    .text(new Message(
                            Message.Kind.CHUNKS_FAILED,
                            new Subject(1, "n".repeat(100), "t".repeat(130)),
                            "10,000 chunks have failed 🙂".repeat(9),
                            Messages.far(0, 10_000, 10),
                            reason,
                            "backhoe status 1 --url " + "u".repeat(4_000),
                            Instant.EPOCH)));

            JsonNode blocks = body.get("blocks");
            assertThat(blocks.size()).isBetween(1, 50);
            assertThat(blocks.get(0).get("text").get("text").asString()).hasSizeBetween(1, 150);
            for (int i = 1; i < blocks.size(); i++) {
                assertThat(blocks.get(i).get("text").get("text").asString()).hasSizeBetween(1, 3_000);
            }
            assertThat(body.get("text").asString().length()).isLessThan(40_000);
        }
    }

    @Test
    void nobodyIsCalledByAName() {
        var message = new Message(
                Message.Kind.TEST, new Subject(0, "<!channel> & co", "t"), "x", null, null, null, Instant.EPOCH);

        assertThat(json.readTree(Body.of(Format.SLACK).text(message))
                        .get("text")
                        .asString())
                .isEqualTo("&lt;!channel&gt; &amp; co: x");
    }

    /** learn.microsoft.com, "Create incoming webhooks with Workflows": a message with one card; 28 KB. */
    @Test
    void teamsIsToldInACard() {
        String text = Body.of(Format.TEAMS).text(Messages.of(Message.Kind.PROGRESS));
        JsonNode body = json.readTree(text);

        assertThat(body.get("type").asString()).isEqualTo("message");
        JsonNode attachment = body.get("attachments").get(0);
        assertThat(attachment.get("contentType").asString()).isEqualTo("application/vnd.microsoft.card.adaptive");
        JsonNode card = attachment.get("content");
        assertThat(card.get("type").asString()).isEqualTo("AdaptiveCard");
        assertThat(card.get("body").get(0).get("text").asString()).isEqualTo("orders_tier_backfill (run 12): 41 %");
        assertThat(card.get("body").get(1).get("facts").get(0).get("value").asString())
                .isEqualTo("shop.orders");
        assertThat(text.length()).isLessThan(28_000);
    }

    @Test
    void programsAreToldAllThatIsKnown() {
        JsonNode body = json.readTree(Body.of(Format.JSON).text(Messages.of(Message.Kind.PROGRESS)));

        assertThat(body.get("schema").asString()).isEqualTo("backhoe.notification/v1");
        assertThat(body.get("event").asString()).isEqualTo("progress");
        assertThat(body.get("run_id").asString()).isEqualTo("12");
        assertThat(body.get("at").asString()).isEqualTo("2026-01-05T12:00:00Z");
        JsonNode progress = body.get("progress");
        assertThat(progress.get("done_chunks").asInt()).isEqualTo(5);
        assertThat(progress.get("left_ms").get("high").asInt()).isEqualTo(31_000);
        assertThat(progress.get("limit").get("signal").asString()).isEqualTo("workers");
    }
}
