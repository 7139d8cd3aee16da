package io.backhoe.spec;

import io.backhoe.value.Deadline;
import io.backhoe.value.Policy;
import io.backhoe.value.SignalName;
import io.backhoe.value.WorkHours;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads how a run gives way: {@code policy}, {@code throttle}, {@code run_between}, {@code deadline}, {@code canary}. */
final class PacingReader {
    private static final Pattern PERCENT = Pattern.compile("(\\d{1,2}(?:\\.\\d{1,3})?)\\s*%");
    private static final double MOST_CANARY = 50;

    /** What a probe has said must not be stale before it says it anew. */
    private static final double LONGEST_PROBE = 13_000;

    private final Section in;

    PacingReader(Section in) {
        this.in = in;
    }

    Pacing pacing() {
        Section throttle = in.read("throttle", Value::section);
        return new Pacing(
                in.read("policy", PacingReader::policy),
                throttle == null ? Pacing.USUAL.throttle() : throttle(throttle),
                in.read("run_between", v -> v.parsed(WorkHours::parse)),
                in.read("deadline", PacingReader::deadline),
                in.read("canary", v -> v.parsed(PacingReader::canary)));
    }

    private static @Nullable Policy policy(Value value) {
        var choices = new LinkedHashMap<String, Policy>();
        for (Policy policy : Policy.values()) {
            choices.put(policy.word(), policy);
        }
        return value.choice(choices);
    }

    private static Pacing.Throttle throttle(Section in) {
        var limits = new EnumMap<SignalName, Double>(SignalName.class);
        for (SignalName name : SignalName.values()) {
            if (name != SignalName.PROBE) {
                Double limit = in.read(name.word(), v -> v.parsed(name::limit));
                if (limit != null) {
                    limits.put(name, limit);
                }
            }
        }
        Section probe = in.read("probe", Value::section);
        return new Pacing.Throttle(
                limits, probe == null ? null : probe(probe), names(in), in.read("vacuum", Value::yesOrNo));
    }

    /** @param warnings is told of what has less effect than it says */
    static void warn(Pacing pacing, List<String> warnings) {
        var probe = pacing.throttle().probe();
        Double limit = probe == null ? null : probe.limitMillis();
        if (limit != null && limit > LONGEST_PROBE) {
            warnings.add(
                    "throttle.probe.limit_ms: no answer is waited for longer than 13 s; one that takes longer is over the limit");
        }
    }

    private static List<String> names(Section in) {
        var names = new ArrayList<String>();
        for (Value item : in.items("ignore_replicas")) {
            String name = item.label();
            if (name != null) {
                names.add(name);
            }
        }
        return names;
    }

    private static Pacing.@Nullable Probe probe(Section in) {
        String query = in.require("query", Value::text);
        Double limit = in.read("limit_ms", v -> v.parsed(PacingReader::positive));
        Double most = in.read("max", v -> v.parsed(PacingReader::positive));
        boolean one = (in.value("limit_ms") == null) != (in.value("max") == null);
        if (!one) {
            in.problem("query", "needs one of limit_ms (what its answer may take) and max (what it may answer)");
        }
        return query == null || (limit == null) == (most == null) ? null : new Pacing.Probe(query, limit, most);
    }

    private static double positive(String text) {
        try {
            double number = Double.parseDouble(text);
            if (number > 0 && number < 1e12) {
                return number;
            }
        } catch (NumberFormatException e) {
            // said below: for the reader of the file the two are the same mistake
        }
        throw new IllegalArgumentException("'" + text + "' is not a number above 0");
    }

    private static @Nullable Deadline deadline(Value value) {
        return value.parsed(text -> {
            int last = text.strip().lastIndexOf(' ');
            boolean named = last > 0 && Character.isLetter(text.strip().charAt(last + 1));
            String zone = named ? text.strip().substring(last + 1) : "UTC";
            if (!ZoneId.getAvailableZoneIds().contains(zone)) {
                throw new IllegalArgumentException(
                        "'" + zone + "' is not a time zone; write its name, such as UTC or Europe/Berlin");
            }
            LocalDateTime local =
                    Moment.parse(named ? text.strip().substring(0, last).strip() : text.strip());
            return new Deadline(local, ZoneId.of(zone));
        });
    }

    private static double canary(String text) {
        var matcher = PERCENT.matcher(text.strip());
        double percent = matcher.matches() ? Double.parseDouble(matcher.group(1)) : 0;
        if (percent <= 0 || percent > MOST_CANARY) {
            throw new IllegalArgumentException("'" + text + "' is not a share of at most 50 %; write 1%");
        }
        return percent;
    }
}
