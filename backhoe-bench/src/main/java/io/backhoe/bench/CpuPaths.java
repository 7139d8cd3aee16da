package io.backhoe.bench;

import io.backhoe.ledger.KeyText;
import io.backhoe.plan.CalendarChunks;
import io.backhoe.spec.ChunkBy;
import io.backhoe.spec.ReadSpec;
import io.backhoe.spec.SpecFile;
import io.backhoe.spec.SpecOverrides;
import io.backhoe.value.Key;
import io.backhoe.value.Policy;
import java.time.LocalDateTime;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What Backhoe reckons by itself, with a processor that is warm: planning, a spec's text, and a key for each batch. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class CpuPaths {
    private static final LocalDateTime START = LocalDateTime.of(2013, 1, 1, 0, 0);

    private final String spec = BenchOrders.spec("cpu", Policy.GENTLE.word(), "");
    private final Key key = new Key(List.of("2023-06-13 14:15:16.171819+00", "2718281"));

    /** 96,408 chunks of an hour; a plan has at most 100,000. */
    @Benchmark
    public CalendarChunks.Tiling elevenYearsByTheHour() {
        return CalendarChunks.tile(START, START.plusYears(11), ChunkBy.HOUR, List.of());
    }

    @Benchmark
    public ReadSpec aSpec() {
        return SpecFile.read(spec, "bench.yaml", SpecOverrides.NONE);
    }

    /** To text and back, as a batch does. */
    @Benchmark
    public @Nullable Key aKey() {
        return KeyText.read(KeyText.write(key));
    }
}
