package io.backhoe.cli;

import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;
import java.util.function.Function;

/** A list seen through a function, an entry when it is looked at: a document of very many chunks is never whole in memory. */
final class Each<A, B> extends AbstractList<B> implements RandomAccess {
    private final List<A> of;
    private final Function<? super A, ? extends B> seen;

    Each(List<A> of, Function<? super A, ? extends B> seen) {
        this.of = of;
        this.seen = seen;
    }

    @Override
    public B get(int index) {
        return seen.apply(of.get(index));
    }

    @Override
    public int size() {
        return of.size();
    }
}
