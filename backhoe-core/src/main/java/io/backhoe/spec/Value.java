package io.backhoe.spec;

import io.backhoe.value.Spelling;
import io.backhoe.value.TableName;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * What stands at a key. Each reading method answers null, and has noted a problem at this line and column, when what
 * stands there cannot be read so. Not thread-safe.
 */
public final class Value {
    /** {@code 5_200_000}, {@code ~500,000 rows}. */
    private static final Pattern ROWS = Pattern.compile("~?\\s*(\\d[\\d_,]*)(?:\\s*rows?)?");

    private final Node node;
    private final String path;
    private final Problems problems;
    private @Nullable Section section;
    private @Nullable List<Value> items;

    Value(Node node, String path, Problems problems) {
        this.node = node;
        this.path = path;
        this.problems = problems;
    }

    public void problem(String message) {
        problem(message, null);
    }

    public void problem(String message, @Nullable String suggestion) {
        problems.add(node, path, message, suggestion);
    }

    /** Whether nothing was written, or a bare {@code null}. */
    boolean isNothing() {
        return node instanceof ScalarNode scalar
                && scalar.getScalarStyle() == ScalarStyle.PLAIN
                && (scalar.getValue().isEmpty()
                        || scalar.getValue().equals("~")
                        || scalar.getValue().equalsIgnoreCase("null"));
    }

    boolean isEmpty() {
        return isNothing() || (node instanceof MappingNode map && map.getValue().isEmpty());
    }

    boolean isSection() {
        return node instanceof MappingNode;
    }

    boolean isList() {
        return node instanceof SequenceNode;
    }

    /** Any text, not blank. */
    public @Nullable String text() {
        String text = isNothing() ? "" : exactText();
        if (text != null && text.isBlank()) {
            problem("is empty; give it a value, or leave the key out");
            return null;
        }
        return text;
    }

    /** Any text, also an empty one in quotes. */
    public @Nullable String exactText() {
        if (!(node instanceof ScalarNode scalar)) {
            problem("is " + kind() + ", expected a single value");
            return null;
        }
        if (!scalar.getTag().getValue().startsWith("tag:yaml.org,2002:")) {
            problem("has a tag (!...), and tags mean nothing here");
            return null;
        }
        if (scalar.getValue().indexOf('\0') >= 0) {
            problem("has a NUL character, which no text of PostgreSQL can hold");
            return null;
        }
        return scalar.getValue();
    }

    /** Text for people, that may as well not be there. */
    @Nullable
    String remark() {
        return isNothing() ? null : text();
    }

    /** Text that ends up in names and labels: one line, not too long. */
    public @Nullable String label() {
        String text = text();
        if (text != null && (text.length() > 100 || text.codePoints().anyMatch(Character::isISOControl))) {
            problem("is not one line of at most 100 characters");
            return null;
        }
        return text;
    }

    /** A number of rows, also approximate. */
    public @Nullable Long rows() {
        String text = text();
        if (text == null) {
            return null;
        }
        Matcher matcher = ROWS.matcher(text.strip());
        String digits = matcher.matches() ? matcher.group(1).replaceAll("[_,]", "") : "";
        if (digits.isEmpty() || digits.length() > 18) {
            problem("'" + text + "' is not a number of rows; write 500000, 500_000 or ~500_000 rows");
            return null;
        }
        return Long.parseLong(digits);
    }

    /** A whole number between two others, both allowed. */
    public @Nullable Integer number(int least, int most) {
        String text = text();
        if (text == null) {
            return null;
        }
        try {
            int number = Integer.parseInt(text.replace("_", ""));
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // said below: for the reader of the file the two are the same mistake
        }
        problem("'" + text + "' is not a whole number from " + least + " to " + most);
        return null;
    }

    public @Nullable Boolean yesOrNo() {
        String text = text();
        if (text == null) {
            return null;
        }
        switch (text.toLowerCase(Locale.ROOT)) {
            case "true":
                return true;
            case "false":
                return false;
            case "yes", "on":
                problem("'" + text + "' is not true or false", "true");
                return null;
            case "no", "off":
                problem("'" + text + "' is not true or false", "false");
                return null;
            default:
                problem("'" + text + "' is not true or false");
                return null;
        }
    }

    /** A local date, with or without a time of day. */
    public @Nullable LocalDateTime moment() {
        return parsed(Moment::parse);
    }

    public @Nullable TableName table() {
        return parsed(TableName::parse);
    }

    @Nullable
    String column() {
        return parsed(ColumnName::parse);
    }

    /** A region of the time zone database; offsets are left out because the server reads their sign the other way. */
    @Nullable
    ZoneId zone() {
        String text = text();
        if (text == null) {
            return null;
        }
        if (!ZoneId.getAvailableZoneIds().contains(text)) {
            problem(
                    "'" + text + "' is not a time zone; write its name, such as UTC or Europe/Berlin",
                    Spelling.nearest(text, ZoneId.getAvailableZoneIds()));
            return null;
        }
        return ZoneId.of(text);
    }

    /** One of several words. */
    <T> @Nullable T choice(Map<String, T> choices) {
        String text = text();
        if (text == null) {
            return null;
        }
        if (!choices.containsKey(text)) {
            problem(
                    "'" + text + "' is not one of " + String.join(", ", choices.keySet()),
                    Spelling.nearest(text, choices.keySet()));
        }
        return choices.get(text);
    }

    /** The entries of a list; nothing written is an empty list. */
    public List<Value> items() {
        if (items == null) {
            items = new ArrayList<>();
            if (node instanceof SequenceNode sequence) {
                for (Node item : sequence.getValue()) {
                    items.add(new Value(item, path + "[" + items.size() + "]", problems));
                }
            } else if (!isNothing()) {
                problem("is " + kind() + ", expected a list");
            }
        }
        return items;
    }

    /** The two entries of a list; null when there are not two. */
    public @Nullable List<Value> pair() {
        if (node instanceof SequenceNode && items().size() == 2) {
            return items();
        }
        problem(
                node instanceof SequenceNode
                        ? "has " + items().size() + " entries, expected [start, end]"
                        : "is " + kind() + ", expected [start, end]");
        return null;
    }

    /** The text of each entry of a list, in order; entries that cannot be read are left out. */
    public List<String> texts() {
        var texts = new ArrayList<String>();
        for (Value item : items()) {
            String text = item.exactText();
            if (text != null) {
                texts.add(text);
            }
        }
        return texts;
    }

    /** The keys below this one; null also when nothing is written there. */
    public @Nullable Section section() {
        return sectionAt(path);
    }

    @Nullable
    Section sectionAt(String pathOfKeys) {
        if (section == null && node instanceof MappingNode mapping) {
            section = new Section(mapping, pathOfKeys, problems);
        } else if (section == null && !isNothing()) {
            problem("is " + kind() + ", expected keys and values");
        }
        return section;
    }

    /** The sections that were opened here: this one, or those of a list. */
    Stream<Section> opened() {
        if (section != null) {
            return Stream.of(section);
        }
        return items == null ? Stream.empty() : items.stream().flatMap(Value::opened);
    }

    /** What a parser makes of the text; its IllegalArgumentException is the problem. */
    <T> @Nullable T parsed(Function<String, T> parser) {
        String text = text();
        if (text == null) {
            return null;
        }
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException e) {
            problem(String.valueOf(e.getMessage()));
            return null;
        }
    }

    private String kind() {
        return node instanceof MappingNode ? "a map" : node instanceof SequenceNode ? "a list" : "a single value";
    }
}
