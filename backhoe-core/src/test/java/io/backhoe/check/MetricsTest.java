package io.backhoe.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.backhoe.database.Row;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MetricsTest {
    @Test
    void keepsTheCommonValuesOfChunksSoThatTheyCanBeComparedAgain() {
        var rows = List.of(row("a"), row("b"), row(null), row("a"), row(""));
        String kept = Metrics.write(Map.of("tier", Metrics.of(ColumnSample.of(rows, 0), false)));

        assertThat(kept)
                .isEqualTo("{\"tier\":{\"rows\":5,\"nulls\":1,\"distinct\":3,\"top\":{\"a\":2,\"\":1,\"b\":1}}}");
        var read = Metrics.read(List.of(kept, kept), "tier");
        assertThat(read.counts()).containsOnly(Map.entry("a", 4L), Map.entry("b", 2L), Map.entry("", 2L));
        assertThat(read.nulls()).isEqualTo(2);
    }

    @Test
    void keepsTheQuantilesOfNumbers() {
        var rows = IntStream.rangeClosed(0, 100)
                .mapToObj(i -> row(Integer.toString(i)))
                .toList();
        String kept = Metrics.write(Map.of("n", Metrics.of(ColumnSample.of(rows, 0), true)));

        var read = Metrics.read(List.of(kept), "n");
        assertThat(read.numbers()).hasSize(21).startsWith(0, 5, 10).endsWith(95, 100);
        assertThat(Difference.of(read, ColumnSample.of(rows, 0), true).value()).isLessThan(0.06);
    }

    private static Row row(@Nullable String value) {
        return new Row(Collections.singletonList(value));
    }
}
