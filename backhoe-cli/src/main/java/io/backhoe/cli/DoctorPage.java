package io.backhoe.cli;

import io.backhoe.postgres.Observation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What was looked at, topic by topic, each line with its cure. */
record DoctorPage(Out out, String description, List<Observation> all) {
    private static final List<Map.Entry<String, String>> HEADS = List.of(
            Map.entry("connection", "Connection"),
            Map.entry("rights", "What it may do"),
            Map.entry("ledger", "Ledger"),
            Map.entry("signals", "What can be seen from here"),
            Map.entry("settings", "Settings of the server"));

    List<String> lines() {
        var lines = new ArrayList<String>();
        lines.add(description);
        for (var head : HEADS) {
            lines.add("");
            lines.add(head.getValue());
            all.stream().filter(o -> o.topic().equals(head.getKey())).forEach(o -> add(o, lines));
        }
        lines.add("");
        lines.add(verdict());
        return lines;
    }

    private void add(Observation observation, List<String> lines) {
        String word = DoctorDocument.word(observation.health());
        lines.add("  " + out.state(word) + " ".repeat(11 - word.length()) + observation.text());
        if (observation.cure() != null) {
            lines.add("             cure: " + observation.cure());
        }
    }

    private String verdict() {
        long problems = all.stream().filter(o -> o.health().prevents()).count();
        long attention = all.stream()
                .filter(o -> o.health() == Observation.Health.ATTENTION)
                .count();
        String more = attention == 0
                ? ""
                : " " + attention + (attention == 1 ? " line wants" : " lines want") + " attention.";
        return problems == 0
                ? "A backfill can be run here." + more
                : "A backfill cannot be run here: " + problems + (problems == 1 ? " problem." : " problems.") + more;
    }
}
