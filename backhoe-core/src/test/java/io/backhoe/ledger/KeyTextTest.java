package io.backhoe.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backhoe.value.Key;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyTextTest {
    @ParameterizedTest
    @ValueSource(strings = {"", "1", "\"quoted\"", "back\\slash", "line\nbreak\t", "[1]", "Ω 😀 \u0000 \u2028", "null"})
    void comesBackAsItWas(String value) {
        var key = new Key(List.of(value, "2"));

        assertThat(KeyText.read(KeyText.write(key))).isEqualTo(key);
    }

    @Test
    void isAJsonArray() {
        assertThat(KeyText.write(new Key(List.of("7", "a\"b")))).isEqualTo("[\"7\",\"a\\\"b\"]");
        assertThat(KeyText.array(List.of())).isEqualTo("[]");
    }

    @Test
    void noKeyIsNoText() {
        assertThat(KeyText.write(null)).isNull();
        assertThat(KeyText.read(null)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"7", "{}", "[7]", "[null]", "[\"7\"] 8", ""})
    void whatIsNoArrayOfTextsIsRefusedAndNotShown(String text) {
        assertThatThrownBy(() -> KeyText.read(text))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the ledger holds a key that is no array of texts");
    }
}
