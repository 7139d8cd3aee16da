package io.backhoe.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.backhoe.value.ChunkState;
import io.backhoe.value.RunState;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

class HtmlReportTest {
    @Test
    void thePageIsWellFormedAndNeedsNothingElse() throws Exception {
        var chunks =
                Accounts.months(12, i -> i < 6 ? ChunkState.SUCCESS : i == 6 ? ChunkState.RUNNING : ChunkState.PENDING);

        var page = parsed(HtmlReport.write(Accounts.of("orders_tier", RunState.RUNNING, true, chunks), ""));

        assertThat(all(page, "h1").map(Element::getTextContent)).containsExactly("Backfill Progress: orders_tier");
        assertThat(all(page, "svg").map(e -> e.getAttribute("aria-label")))
                .containsExactly(
                        "▶ 1 running, ○ 5 waiting, ✓ 6 done",
                        "6,500 rows changed from 2024-05-06T07:00:00Z to 2024-05-06T07:01:00Z",
                        "Forecast bands and actual values");
        assertThat(all(page, "g").map(Element::getTextContent))
                .hasSize(12)
                .contains("2023-01-01T00: ✓ done, 1,000 rows changed✓ 2023-01…");
        assertThat(all(page, "dt").map(Element::getTextContent)).contains("Rows Processed:", "Estimated Remaining:");
        assertThat(all(page, "script")).isEmpty();
        assertThat(all(page, "*").flatMap(e -> Stream.of(e.getAttribute("src"), e.getAttribute("href"))))
                .containsOnly("");
    }

    @Test
    void namesStayText() throws Exception {
        String nasty = "<script>alert(\"x\")</script> & 'Grüße' ]]> 日本 \u0000\ud800";

        String text = HtmlReport.write(
                Accounts.of(nasty, RunState.SUCCEEDED, false, Accounts.months(3, i -> ChunkState.SUCCESS)),
                " --url 'x&y'");

        var page = parsed(text);
        assertThat(text).doesNotContain("<script");
        assertThat(all(page, "h1").map(Element::getTextContent))
                .containsExactly("Backfill Progress: <script>alert(\"x\")</script> & 'Grüße' ]]> 日本  ?");
        assertThat(all(page, "code").map(Element::getTextContent)).containsExactly("backhoe rollback 3 --url 'x&y'");
    }

    @Test
    void veryManyChunksMakeNoLargePage() throws Exception {
        var chunks = Accounts.hours(100_000, i -> i % 2 == 0 ? ChunkState.FAILED : ChunkState.SUCCESS);

        String page = HtmlReport.write(Accounts.of("a", RunState.PARTIAL, false, chunks), "");

        assertThat(page.getBytes(StandardCharsets.UTF_8).length).isLessThan(500_000);
        assertThat(all(parsed(page), "g").count()).isBetween(300L, 366L);
    }

    private static Document parsed(String page) throws Exception {
        assertThat(page).startsWith("<!DOCTYPE html>\n");
        var factory = DocumentBuilderFactory.newInstance();
        return factory.newDocumentBuilder().parse(new InputSource(new StringReader(page)));
    }

    private static Stream<Element> all(Document page, String tag) {
        var nodes = page.getElementsByTagName(tag);
        return IntStream.range(0, nodes.getLength()).mapToObj(i -> (Element) nodes.item(i));
    }
}
