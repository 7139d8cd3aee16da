package io.backhoe.notify;

import io.backhoe.ledger.Limit;
import io.backhoe.ledger.TimeLeft;
import io.backhoe.report.Numbers;
import java.util.LinkedHashMap;
import java.util.Map;

/** A message as people read it: a headline, and a few facts below. */
final class Facts {
    private static final int CELLS = 20;

    private Facts() {}

    static String headline(Message message) {
        return message.subject() + ": " + message.title();
    }

    /** Label to text, in order. */
    static Map<String, String> of(Message message) {
        var facts = new LinkedHashMap<String, String>();
        facts.put("Table", message.subject().table());
        HowFar far = message.far();
        if (far != null) {
            facts.put("Progress", progress(far));
            facts.put("Rows", rows(far));
            TimeLeft left = far.left();
            if (left != null) {
                facts.put("Left", Numbers.between(Numbers.rounded(left.low()), Numbers.rounded(left.high())));
            }
            Limit limit = far.limit();
            if (limit != null) {
                facts.put("Limited by", limit.toString());
            }
        }
        if (message.reason() != null) {
            facts.put("Note", message.reason());
        }
        return facts;
    }

    private static String progress(HowFar far) {
        int full = far.percent() * CELLS / 100;
        return "█".repeat(full) + "░".repeat(CELLS - full) + " " + far.percent() + " %, " + Numbers.count(far.done())
                + " of " + Numbers.count(far.chunks()) + " chunks"
                + (far.failed() > 0 ? ", " + Numbers.count(far.failed()) + " failed" : "");
    }

    private static String rows(HowFar far) {
        return Numbers.count(far.changed()) + " changed, " + Numbers.count(far.examined()) + " examined of about "
                + Numbers.count(far.estimated())
                + (far.quarantined() > 0 ? ", " + Numbers.count(far.quarantined()) + " set aside" : "")
                + (far.rate() == null ? "" : ", " + Numbers.count(Math.round(far.rate())) + " rows/s");
    }
}
