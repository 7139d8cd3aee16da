package io.backhoe.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backhoe.spec.Monitoring;
import io.backhoe.spec.Monitoring.Format;
import io.backhoe.spec.Secrets;
import io.backhoe.spec.UpdateFrequency;
import io.backhoe.value.BackhoeException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WebhookTest {
    @ParameterizedTest
    @CsvSource({
        "https://hooks.slack.com/services/T0/B0/s3cret, SLACK",
        "https://acme.webhook.office.com/webhookb2/s3cret, TEAMS",
        "https://prod-1.westeurope.logic.azure.com:443/workflows/s3cret, TEAMS",
        "https://hooks.slack.com.evil.example/s3cret, JSON",
        "https://example.com/hooks.slack.com/s3cret, JSON",
        "http://localhost:8080/s3cret?token=s3cret, JSON"
    })
    void tellsTheFormatByTheHostAndKeepsTheRestToItself(String url, Format format) {
        Webhook webhook = Messages.to(url);

        assertThat(webhook.format()).isEqualTo(format);
        assertThat(webhook.toString()).doesNotContain("s3cret").contains("/... (");
    }

    @ParameterizedTest
    @CsvSource({
        "'not a url s3cret', is not a URL",
        "ftp://h/s3cret, does not begin with https:// or http://",
        "s3cret, does not begin with https:// or http://",
        "https:///s3cret, names no host",
        "https://u:s3cret@h/x, names a user"
    })
    void refusesWhatItCannotUseWithoutTellingIt(String url, String why) {
        assertThatThrownBy(() -> Messages.to(url))
                .isInstanceOf(BackhoeException.class)
                .hasMessageContaining(why)
                .hasNoCause()
                .message()
                .doesNotContain("s3cret");
    }

    @Test
    void whatIsWrittenOutIsKeptOutOfTexts() {
        var monitoring = new Monitoring("https://h/s3cret", UpdateFrequency.DEFAULT, null, "s3cret");

        assertThat(monitoring.toString()).doesNotContain("s3cret");
        assertThat(monitoring.withoutLiteralSecrets())
                .isEqualTo(new Monitoring(null, UpdateFrequency.DEFAULT, null, null));
        assertThat(Webhook.of(monitoring, new Secrets(Map.of()))).isPresent();
        assertThatThrownBy(() -> Signature.with("whsec_=s3cret="))
                .hasMessageContaining("signing_secret")
                .hasNoCause()
                .message()
                .doesNotContain("s3cret");
    }
}
