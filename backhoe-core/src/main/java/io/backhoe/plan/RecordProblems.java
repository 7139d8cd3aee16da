package io.backhoe.plan;

import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.PriorityQueue;
import java.util.stream.Collectors;

/** What is wrong with the records of a file, by line: the first of them word for word, and how many there are. */
final class RecordProblems {
    private static final int MOST_NAMED = 20;

    private record Problem(long line, String message) {}

    private final String file;

    /** The last line first, which makes way for an earlier one. */
    private final PriorityQueue<Problem> named =
            new PriorityQueue<>(Comparator.comparingLong(Problem::line).reversed());

    private long all;

    /** @param file its name, for people */
    RecordProblems(String file) {
        this.file = file;
    }

    /** @param message holds no value of the file */
    void add(long line, String message) {
        all++;
        keep(line, message);
    }

    /** As {@link #add}, where how many there are is counted otherwise. */
    void keep(long line, String message) {
        named.add(new Problem(line, message));
        if (named.size() > MOST_NAMED) {
            named.remove();
        }
    }

    /** Some that were counted and that nobody has looked at one by one. */
    void count(long more) {
        all += more;
    }

    static int mostNamed() {
        return MOST_NAMED;
    }

    boolean any() {
        return all > 0;
    }

    /** @throws BackhoeException USAGE {@code records_invalid}, naming them in the order of the file */
    void throwIfAny() {
        if (all == 0) {
            return;
        }
        List<Problem> inOrder =
                named.stream().sorted(Comparator.comparingLong(Problem::line)).toList();
        String lines = inOrder.stream()
                .map(p -> file + ":" + p.line() + ": " + p.message())
                .collect(Collectors.joining("\n"));
        long more = all - inOrder.size();
        throw new BackhoeException(
                ExitCode.USAGE,
                "records_invalid",
                lines + (more > 0 ? String.format(Locale.ROOT, "%n%s: and %,d more", file, more) : ""),
                "nothing was changed; mend the file and plan again");
    }
}
