package io.backhoe.notify;

import static io.backhoe.notify.Receiver.half;
import static io.backhoe.notify.Receiver.hang;
import static io.backhoe.notify.Receiver.status;
import static org.assertj.core.api.Assertions.assertThat;

import io.backhoe.notify.Message.Kind;
import io.backhoe.spec.Monitoring.Format;
import io.backhoe.value.SystemTime;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CourierTest {
    private final Receiver receiver = new Receiver();
    private final SystemTime time = new SystemTime();

    @AfterEach
    void close() {
        receiver.close();
    }

    @Test
    void sendsAgainWhatWasNotTakenUnderTheSameKey() throws InterruptedException {
        receiver.then(status(500)).then(half());

        assertThat(deliver(Kind.STARTED)).isNull();

        var sent = receiver.all();
        assertThat(sent).hasSize(3);
        assertThat(sent.get(0).header("Idempotency-Key")).hasSize(36);
        assertThat(sent)
                .extracting(r -> r.header("idempotency-key"))
                .containsOnly(sent.get(0).header("Idempotency-Key"));
        assertThat(sent)
                .extracting(Receiver.Request::body)
                .containsOnly(sent.get(0).body());
    }

    @Test
    void saysWhyNothingWasTaken() throws InterruptedException {
        receiver.then(hang()).then(hang()).then(hang());
        assertThat(deliver(Kind.STARTED)).isEqualTo("does not answer within 1.0 s");

        receiver.then(half()).then(half()).then(half());
        assertThat(deliver(Kind.STARTED)).isEqualTo("breaks off without an answer");

        receiver.then(status(500)).then(status(502)).then(status(503));
        assertThat(deliver(Kind.STARTED)).isEqualTo("answers HTTP 503");

        receiver.close();
        assertThat(deliver(Kind.STARTED)).isEqualTo("cannot be connected to");
    }

    @Test
    void doesNotInsistWhereItIsRefused() throws InterruptedException {
        receiver.then(status(404));

        assertThat(deliver(Kind.STARTED)).isEqualTo("answers HTTP 404");
        assertThat(receiver.all()).hasSize(1);
    }

    @Test
    void waitsAsLongAsItIsAskedTo() throws InterruptedException {
        receiver.then(status(429, "Retry-After: 1"));
        long begun = time.nanos();

        assertThat(deliver(Kind.STARTED)).isNull();

        assertThat(Duration.ofNanos(time.nanos() - begun)).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
        assertThat(receiver.all()).hasSize(2);
    }

    @Test
    void followsNobodyToAnotherHost() throws InterruptedException {
        try (var other = new Receiver()) {
            receiver.then(status(302, "Location: " + other.url("/steal")));
            assertThat(deliver(Kind.STARTED)).isEqualTo("redirects to another host, which is not followed");

            receiver.then(status(307, "Location: " + receiver.url("/x").replace("127.0.0.1", "localhost")));
            assertThat(deliver(Kind.STARTED)).isEqualTo("redirects to another host, which is not followed");

            assertThat(other.all()).isEmpty();
            assertThat(receiver.all()).hasSize(2);
        }
    }

    @Test
    void followsWithinTheHostWithTheMessage() throws InterruptedException {
        receiver.then(status(302, "Location: /elsewhere"));

        assertThat(deliver(Kind.STARTED)).isNull();

        assertThat(receiver.all())
                .extracting(Receiver.Request::line)
                .containsExactly("POST /hook/s3cret HTTP/1.1", "POST /elsewhere HTTP/1.1");
        assertThat(receiver.all().get(1).body()).isEqualTo(receiver.all().get(0).body());
    }

    @Test
    void followsNoCircle() throws InterruptedException {
        for (int i = 0; i < 10; i++) {
            receiver.then(status(307, "Location: /again"));
        }

        assertThat(deliver(Kind.STARTED)).isEqualTo("redirects again and again");
        assertThat(receiver.all()).hasSize(4);
    }

    @Test
    void leavesADeadReceiverAloneButForTheLastMessage() throws InterruptedException {
        for (int i = 0; i < 9; i++) {
            receiver.then(status(500));
        }
        var courier = courier();
        for (int i = 0; i < 3; i++) {
            assertThat(courier.deliver(letter(Kind.PROGRESS))).isEqualTo("answers HTTP 500");
        }

        assertThat(courier.deliver(letter(Kind.PROGRESS))).isEqualTo("is left alone for a while, as it took nothing");
        assertThat(receiver.all()).hasSize(9);

        assertThat(courier.deliver(letter(Kind.FINISHED))).isNull();
        assertThat(receiver.all()).hasSize(10);
    }

    @Test
    void signsAsStandardWebhooksDo() throws Exception {
        String secret = "whsec_" + Base64.getEncoder().encodeToString("twenty-four bytes of it".getBytes(UTF_8));
        courier().deliver(new WebhookLetter(Messages.of(Kind.STARTED), to(secret), time));

        var sent = receiver.next();
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec("twenty-four bytes of it".getBytes(UTF_8), "HmacSHA256"));
        String signed = sent.header("webhook-id") + "." + sent.header("webhook-timestamp") + "." + sent.body();
        assertThat(sent.header("webhook-signature"))
                .isEqualTo("v1," + Base64.getEncoder().encodeToString(mac.doFinal(signed.getBytes(UTF_8))));
        assertThat(sent.header("webhook-id")).isEqualTo(sent.header("Idempotency-Key"));
        assertThat(Long.parseLong(sent.header("webhook-timestamp")))
                .isCloseTo(new SystemTime().now().getEpochSecond(), org.assertj.core.data.Offset.offset(30L));
    }

    /** The example of the specification's own libraries. */
    @Test
    void signsTheKnownExample() {
        String signature = Signature.with("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
                .of("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, "{\"test\": 2432232314}");

        assertThat(signature).isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    @Test
    void doesNotSignWithoutASecret() throws InterruptedException {
        deliver(Kind.STARTED);

        assertThat(receiver.next().headers()).doesNotContainKey("webhook-signature");
    }

    @Test
    void noProblemTellsTheAddress() throws InterruptedException {
        for (var reply :
                List.of(status(500), half(), hang(), status(302, "Location: http://x.example/s3cret"), status(404))) {
            receiver.then(reply).then(reply).then(reply);
            assertThat(String.valueOf(deliver(Kind.STARTED))).doesNotContain("s3cret");
        }
    }

    private @Nullable String deliver(Kind kind) throws InterruptedException {
        return courier().deliver(letter(kind));
    }

    private Letter letter(Kind kind) {
        return new WebhookLetter(Messages.of(kind), to(null), time);
    }

    private Webhook to(@Nullable String secret) {
        return Messages.to(receiver.url("/hook/s3cret"), "per_chunk", Format.JSON, secret);
    }

    private Courier courier() {
        return new Courier(to(null).address(), Messages.QUICK, time);
    }

    private static final java.nio.charset.Charset UTF_8 = java.nio.charset.StandardCharsets.UTF_8;
}
