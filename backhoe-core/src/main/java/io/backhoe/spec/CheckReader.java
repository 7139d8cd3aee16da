package io.backhoe.spec;

import io.backhoe.database.SqlFragment;
import io.backhoe.value.Spelling;
import io.backhoe.value.TimeText;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads the checks that a file lists, either side of the run: names, or maps with a name. */
final class CheckReader {
    private final boolean pre;
    private final Spec.@Nullable Transform transform;
    private final List<String> warnings;
    private final Set<String> names = new HashSet<>();

    /** @param transform whose columns the checks may name, or null when it is not known yet */
    CheckReader(boolean pre, Spec.@Nullable Transform transform, List<String> warnings) {
        this.pre = pre;
        this.transform = transform;
        this.warnings = warnings;
    }

    List<Check> read(List<Value> items) {
        var checks = new ArrayList<Check>();
        for (Value item : items) {
            Check check = item.isSection() ? ofSection(item) : ofName(item, item.text(), Map.of());
            if (check != null && !names.add(check.name())) {
                item.problem("'" + check.name() + "' is listed twice");
            } else if (check != null) {
                checks.add(check);
            }
        }
        return checks;
    }

    private @Nullable Check ofSection(Value item) {
        Section section = item.section();
        String name = section == null ? null : section.require("name", Value::label);
        if (section == null || name == null) {
            return null;
        }
        Map<String, String> with = parameters(section);
        return with.containsKey("query") ? sql(item, name, with) : ofName(item, name, with);
    }

    private Check sql(Value item, String name, Map<String, String> with) {
        refuseUnknown(item, CheckKind.SQL, with);
        if (CheckKind.named(name).isPresent() || name.startsWith(CheckKind.NO_NULLS.word())) {
            item.problem("'" + name + "' is the name of a check that takes no query; give yours another name");
        }
        SqlFragment.problem(String.valueOf(with.get("query"))).ifPresent(p -> item.problem("the query " + p));
        if (!with.containsKey("expect")) {
            item.problem("'" + name + "' does not say what to expect: a value, or empty");
        }
        return new Check(name, CheckKind.SQL, null, with);
    }

    private @Nullable Check ofName(Value item, @Nullable String name, Map<String, String> with) {
        if (name == null) {
            return null;
        }
        CheckName column;
        try {
            column = transform == null
                    ? CheckName.unresolved(name)
                    : CheckName.resolve(name, transform.set().keySet());
        } catch (IllegalArgumentException e) {
            item.problem(String.valueOf(e.getMessage()));
            return null;
        }
        if (column.note() != null) {
            warnings.add(column.note());
        }
        CheckKind kind = column.speaksOfNulls()
                ? CheckKind.NO_NULLS
                : CheckKind.named(name).orElse(null);
        if (kind == null) {
            var known = CheckKind.known(pre);
            item.problem(
                    "there is no check '" + name + "'; there are " + String.join(", ", known)
                            + ", and your own with a name, a query and what to expect",
                    Spelling.nearest(name, known));
            return null;
        }
        if (!kind.fits(pre)) {
            item.problem("'" + name + "' is asked " + (pre ? "after" : "before") + " a run; list it under "
                    + (pre ? "post_checks" : "pre_checks"));
        }
        refuseUnknown(item, kind, with);
        String canonical = kind == CheckKind.NO_NULLS
                ? column.column() == null ? name : kind.word() + column.column()
                : kind.word();
        return new Check(canonical, kind, column.column(), with);
    }

    /** Whatever stands beside the name; which keys there may be depends on it. */
    private static Map<String, String> parameters(Section section) {
        var with = new LinkedHashMap<String, String>();
        section.free().forEach((key, value) -> {
            String text =
                    value.isList() ? String.join(", ", value.texts()) : key.equals("name") ? "" : value.exactText();
            if (text != null && !key.equals("name")) {
                with.put(key, text);
            }
        });
        return with;
    }

    private static void refuseUnknown(Value item, CheckKind kind, Map<String, String> with) {
        for (String key : with.keySet()) {
            if (!kind.parameters().contains(key)) {
                String known = kind.parameters().stream().sorted().collect(Collectors.joining(", "));
                item.problem(
                        "a check '" + kind.word() + "' has no '" + key + "'; it "
                                + (known.isEmpty() ? "has a name alone" : "may have " + known),
                        Spelling.nearest(key, kind.parameters()));
            }
        }
        with.forEach((key, text) -> {
            String problem = problem(key, text);
            if (problem != null) {
                item.problem(key + ": '" + text + "' " + problem);
            }
        });
    }

    private static @Nullable String problem(String key, String text) {
        return switch (key) {
            case "timeout" -> TimeText.parse(text) == null ? "is not a time; write 30s, 5min or 1h" : null;
            case "full" -> text.equals("true") || text.equals("false") ? null : "is not true or false";
            case "against" -> text.equals("recent") || text.equals("baseline") ? null : "is not recent or baseline";
            case "sample" ->
                isNumber(text.replace("%", "").strip(), "100") ? null : "is not a share; write 1 % or 100 %";
            case "warn_at", "fail_at" -> isNumber(text, "100") ? null : "is not a number; write 0.25";
            default -> null;
        };
    }

    private static boolean isNumber(String text, String most) {
        try {
            var number = new BigDecimal(text);
            return number.signum() > 0 && number.compareTo(new BigDecimal(most)) <= 0;
        } catch (NumberFormatException e) {
            return false;
        }
    }
}
