package io.backhoe.notify;

import io.backhoe.value.Time;
import java.util.HashMap;
import java.util.Map;

/** A message as a webhook gets it. */
record WebhookLetter(Message message, Webhook to, Time time) implements Letter {
    @Override
    public boolean isProgress() {
        return message.kind() == Message.Kind.PROGRESS;
    }

    @Override
    public boolean isLast() {
        return message.kind().isLast();
    }

    @Override
    public String text() {
        return Body.of(to.format()).text(message);
    }

    @Override
    public Map<String, String> headers(String text) {
        var headers = new HashMap<String, String>();
        headers.put("User-Agent", "backhoe");
        headers.put("Idempotency-Key", message.id());
        Signature signature = to.signature();
        if (signature != null) {
            long seconds = time.now().getEpochSecond();
            headers.put("webhook-id", message.id());
            headers.put("webhook-timestamp", Long.toString(seconds));
            headers.put("webhook-signature", signature.of(message.id(), seconds, text));
        }
        return headers;
    }
}
