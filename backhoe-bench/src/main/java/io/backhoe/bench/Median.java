package io.backhoe.bench;

import java.util.Collection;
import java.util.function.ToDoubleFunction;

/** The middle of what was measured, of an even number the upper of both; 0 of nothing. */
final class Median {
    private Median() {}

    static <T> double of(Collection<T> taken, ToDoubleFunction<T> figure) {
        var sorted = taken.stream().mapToDouble(figure).sorted().toArray();
        return sorted.length == 0 ? 0 : sorted[sorted.length / 2];
    }
}
