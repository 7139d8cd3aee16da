package io.backhoe.cli;

import io.backhoe.ledger.SignalRecord;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What is watched of the harm that a run may do, for people, and for machines. */
final class SignalLines {
    private static final String DEADLINE = "deadline";

    private SignalLines() {}

    /** How it stands with the run's deadline; no line where it has none. */
    static List<String> deadline(List<SignalRecord> signals) {
        return signals.stream()
                .filter(s -> s.signal().equals(DEADLINE))
                .map(s -> "  deadline     " + (s.value().isEmpty() ? "measuring" : s.value()) + " of " + s.limit())
                .toList();
    }

    /** A table of all; no line where none is known. */
    static List<String> table(List<SignalRecord> signals) {
        var lines = new ArrayList<String>();
        for (SignalRecord signal : signals) {
            if (signal.signal().equals(DEADLINE)) {
                continue;
            }
            lines.add(
                    String.format("  %-12s %-16s %s", lines.isEmpty() ? "signals" : "", signal.signal(), said(signal)));
        }
        return lines;
    }

    private static String said(SignalRecord signal) {
        if (signal.limit().equals("off")) {
            return "off: nobody wants it watched";
        }
        if (signal.value().isEmpty()) {
            return signal.cure().isEmpty() ? "not known yet" : "not watched: " + signal.cure();
        }
        return signal.value() + " of " + signal.limit() + ", " + Figures.time(signal.age()) + " ago";
    }

    static List<Map<String, Object>> data(List<SignalRecord> signals) {
        return signals.stream()
                .map(s -> {
                    Map<String, Object> data = new LinkedHashMap<>();
                    data.put("signal", s.signal());
                    data.put("value", s.value());
                    data.put("limit", s.limit());
                    data.put("age_ms", s.age().toMillis());
                    data.put("not_watched", s.cure());
                    return data;
                })
                .toList();
    }
}
