package io.backhoe.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class JsonTextTest {
    private static Map<String, @Nullable Object> document() {
        var document = new LinkedHashMap<String, @Nullable Object>();
        document.put("text", "Ω \"quoted\" \\ \n\u0001");
        document.put("rows", 9_007_199_254_740_993L);
        document.put("workers", 2);
        document.put("rate", 0.5);
        document.put("yes", true);
        document.put("none", null);
        document.put("list", Arrays.asList("a", null, Map.of("b", List.of())));
        return document;
    }

    @Test
    void readsBackAsItWasWritten() {
        var page = new ByteArrayOutputStream();
        JsonText.page(page, document());

        var read = JsonMapper.builder().build().readTree(page.toString(StandardCharsets.UTF_8));

        assertThat(read).isEqualTo(JsonMapper.builder().build().readTree(JsonText.line(document())));
        assertThat(read.get("text").asString()).isEqualTo("Ω \"quoted\" \\ \n\u0001");
        assertThat(read.get("rows").asLong()).isEqualTo(9_007_199_254_740_993L);
        assertThat(read.get("rate").asDouble()).isEqualTo(0.5);
        assertThat(read.get("none").isNull()).isTrue();
        assertThat(read.get("list").get(2).get("b").isArray()).isTrue();
    }

    @Test
    void aLineIsOneLineAndAPageHasOneForEachName() {
        assertThat(JsonText.line(document())).doesNotContain("\n");
        var page = new ByteArrayOutputStream();
        JsonText.page(page, Map.of("rows", 1));

        assertThat(page.toString(StandardCharsets.UTF_8).lines()).hasSize(3);
    }

    @Test
    void whatIsNoPartOfADocumentIsRefused() {
        var moment = List.of(Instant.EPOCH);

        assertThatThrownBy(() -> JsonText.line(moment))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("java.time.Instant");
    }
}
