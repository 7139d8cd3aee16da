package io.backhoe.check;

import io.backhoe.database.CheckSql;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Pages of the before-images, some at a time: all of them, or stretches evenly spread over them. What a run wrote first and
 * last is in both.
 *
 * @param pages how many there are
 * @param taken the stretches to read, each {@code [first, end)}
 */
record Stretches(long pages, List<Stretch> taken) {
    private static final int PAGES_AT_ONCE = 128;
    private static final int SAMPLED_AT_ONCE = 16;

    record Stretch(long first, long end) {
        Map<String, String> parameters() {
            return Map.of("first_page", Long.toString(first), "end_page", Long.toString(end));
        }
    }

    static Stretches of(Ground ground, CheckSql.Images images, double share) {
        long pages = ground.query(images.pages(), Map.of()).get(0).number(0);
        return of(pages, share);
    }

    /** Of little everything is taken: a sample of it would be no cheaper. */
    static Stretches of(long pages, double share) {
        boolean all = share >= 1 || pages <= PAGES_AT_ONCE;
        int size = all ? PAGES_AT_ONCE : SAMPLED_AT_ONCE;
        double step = all ? size : size / share;
        var taken = new ArrayList<Stretch>();
        for (double at = 0; at < pages; at += step) {
            long first = (long) at;
            taken.add(new Stretch(first, Math.min(pages, first + size)));
        }
        return new Stretches(pages, taken);
    }

    boolean whole() {
        return read() == pages;
    }

    long read() {
        return taken.stream().mapToLong(s -> s.end() - s.first()).sum();
    }

    /** For people: how much of what was written is looked at. */
    String said() {
        return whole() ? "all" : "sampled " + Said.share(read() / (double) pages);
    }
}
