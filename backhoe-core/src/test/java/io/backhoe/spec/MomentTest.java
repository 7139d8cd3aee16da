package io.backhoe.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDateTime;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MomentTest {
    @Test
    void writesTheShortestFormThatReadsBackTheSame() {
        assertThat(Moment.text(LocalDateTime.of(2023, 1, 1, 0, 0))).isEqualTo("2023-01-01");
        assertThat(Moment.text(LocalDateTime.of(2023, 1, 1, 6, 0))).isEqualTo("2023-01-01T06:00:00");
        assertThat(Moment.text(LocalDateTime.of(1, 1, 1, 0, 0, 0, 1000))).isEqualTo("0001-01-01T00:00:00.000001");

        var random = new Random(42);
        for (int i = 0; i < 1000; i++) {
            LocalDateTime moment = LocalDateTime.of(1, 1, 1, 0, 0)
                    .plusSeconds(random.nextLong(315_000_000_000L))
                    .plusNanos(1000L * random.nextInt(3));
            assertThat(Moment.parse(Moment.text(moment))).isEqualTo(moment);
        }
    }
}
