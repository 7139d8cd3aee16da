package io.backhoe.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class WatchTest {
    @Test
    void listensTwiceASecondSoThatWhatIsTunedHoldsWithinOne() {
        assertThat(Watch.POLL).isLessThanOrEqualTo(Duration.ofMillis(500));
    }
}
