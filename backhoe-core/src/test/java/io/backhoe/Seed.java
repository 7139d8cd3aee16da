package io.backhoe;

import java.util.Random;
import org.junit.jupiter.api.Assertions;

/** Random tests that can be had again: {@code -Dbackhoe.seed=N} replays the seed that a failure names. */
public final class Seed {
    private Seed() {}

    /** What is checked, with a source of chance. */
    public interface Property {
        void check(Random random);
    }

    /** Checks a property as often as said, each time with a seed of its own. */
    public static void times(int times, Property property) {
        Long replay = Long.getLong("backhoe.seed");
        long first = replay != null ? replay : new Random().nextLong();
        System.out.println("seed " + first);
        for (long seed = first; seed < first + (replay != null ? 1 : times); seed++) {
            try {
                property.check(new Random(seed));
            } catch (AssertionError | RuntimeException e) {
                Assertions.fail("with -Dbackhoe.seed=" + seed, e);
            }
        }
    }
}
