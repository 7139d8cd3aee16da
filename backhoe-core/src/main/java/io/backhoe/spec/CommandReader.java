package io.backhoe.spec;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads which program does the work of each chunk. */
final class CommandReader {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{\\s*([^{}]*?)\\s*}}");

    private final Section in;

    CommandReader(Section in) {
        this.in = in;
    }

    /** Null where no program does. */
    Spec.@Nullable Function function() {
        boolean stream = in.readOr(false, "stream", Value::yesOrNo);
        Spec.Command command = command(stream ? Spec.Command.OF_STREAMS : Spec.Command.PLACEHOLDERS);
        if (command == null) {
            if (stream) {
                in.problem("stream", "needs transform.command: the program that is given the rows");
            }
            return null;
        }
        return stream
                ? Spec.Function.of(command, new Spec.Rows(new RowsReader(in).reads(), null))
                : Spec.Function.of(command);
    }

    private Spec.@Nullable Command command(List<String> placeholders) {
        var timeout = in.read("timeout", Words::time);
        Value command = in.value("command");
        if (command == null || command.isEmpty()) {
            if (timeout != null) {
                in.problem("timeout", "needs transform.command: the program that it is for");
            }
            return null;
        }
        var words = new ArrayList<String>();
        if (command.isList()) {
            command.items().forEach(item -> add(words, item, placeholders));
            if (command.items().isEmpty()) {
                command.problem("is empty; name the program, and then its arguments");
            }
        } else {
            // A line is for the shell; a list of words is for nobody but the program.
            words.addAll(List.of("/bin/sh", "-c"));
            add(words, command, placeholders);
        }
        return words.isEmpty() ? null : new Spec.Command(words, timeout);
    }

    private static void add(List<String> words, Value value, List<String> placeholders) {
        String word = value.exactText();
        if (word == null) {
            return;
        }
        var found = PLACEHOLDER.matcher(word);
        while (found.find()) {
            if (!placeholders.contains(found.group(1))) {
                value.problem("{{" + found.group(1) + "}} is not known; known are " + String.join(", ", placeholders));
            }
        }
        words.add(word);
    }
}
