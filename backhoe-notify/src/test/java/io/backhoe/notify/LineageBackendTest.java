package io.backhoe.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backhoe.value.BackhoeException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LineageBackendTest {
    @Test
    void thereIsNoneWhereNoVariableNamesOne() {
        assertThat(LineageBackend.of(Map.of())).isEmpty();
        assertThat(LineageBackend.of(Map.of("OPENLINEAGE_URL", " "))).isEmpty();
        assertThat(LineageBackend.of(Map.of("OPENLINEAGE_URL", "http://x", "OPENLINEAGE_DISABLED", "true")))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "http://x:5000, '', http://x:5000/api/v1/lineage",
        "https://x/base/, /events?tenant=1, https://x/base/events?tenant=1",
    })
    void theEndpointIsBelowTheAddress(String url, String endpoint, String address) {
        var backend = LineageBackend.of(Map.of("OPENLINEAGE_URL", url, "OPENLINEAGE_ENDPOINT", endpoint))
                .orElseThrow();

        assertThat(backend.address()).hasToString(address);
        assertThat(backend.headers()).doesNotContainKey("Authorization");
        assertThat(backend.namespace()).isEqualTo("backhoe");
    }

    @Test
    void showsNeitherKeyNorPath() {
        var backend = LineageBackend.of(Map.of(
                        "OPENLINEAGE_URL", "https://x/t/s3cret",
                        "OPENLINEAGE_API_KEY", "k3y",
                        "OPENLINEAGE_NAMESPACE", "prod"))
                .orElseThrow();

        assertThat(backend).hasToString("OpenLineage at https://x");
        assertThat(backend.headers()).containsEntry("Authorization", "Bearer k3y");
        assertThat(backend.namespace()).isEqualTo("prod");
    }

    @ParameterizedTest
    @ValueSource(strings = {"backend:5000", "http://user:s3cret@x", "http://x?key=s3cret", "ftp://x", "http://s3 cret"})
    void refusesWhatIsNoAddressWithoutRepeatingIt(String url) {
        assertThatThrownBy(() -> LineageBackend.of(Map.of("OPENLINEAGE_URL", url)))
                .isInstanceOf(BackhoeException.class)
                .hasMessageContaining("OPENLINEAGE_URL")
                .hasMessageNotContaining(url);
    }
}
