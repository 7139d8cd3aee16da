package io.backhoe.bench;

import io.backhoe.Backhoe;
import io.backhoe.database.BatchSql;
import io.backhoe.database.Database;
import io.backhoe.database.Session;
import io.backhoe.plan.Plan;
import io.backhoe.postgres.PostgresDatabase;
import io.backhoe.run.RunListener;
import io.backhoe.run.RunOptions;
import io.backhoe.run.StopSignal;
import io.backhoe.run.batch.Batch;
import io.backhoe.run.batch.BatchStatements;
import io.backhoe.run.batch.Fence;
import io.backhoe.run.batch.TimeSlice;
import io.backhoe.spec.SpecFile;
import io.backhoe.spec.SpecOverrides;
import io.backhoe.value.ChunkState;
import io.backhoe.value.Key;
import io.backhoe.value.KeyRange;
import io.backhoe.value.RunState;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What the ledger costs where it weighs most: a chunk of one to five rows each hour, two workers. Each round does the same
 * batches twice, on the same connections' settings: their own statements alone, behind a fence that is always open, and as a
 * run with its ledger. What lies between the two is the ledger's.
 *
 * <p>{@code TinyChunks URL CHUNKS ROUNDS}. The schemas {@code bench} and {@code backhoe} of that database are dropped.
 */
public final class TinyChunks {
    private static final int WORKERS = 2;
    private static final int BATCH_ROWS = 1_000;

    private static final Fence OPEN = new Fence() {
        @Override
        public boolean pass(Session session, @Nullable Key position, long examined, boolean done) {
            return true;
        }

        @Override
        public void count(Session session, long changed) {}

        @Override
        public @Nullable ChunkState finish(Session session, long changed) {
            return null;
        }
    };

    private final Database database;
    private final int chunks;

    private TinyChunks(Database database, int chunks) {
        this.database = database;
        this.chunks = chunks;
    }

    public static void main(String[] args) throws Exception {
        var bench =
                new TinyChunks(PostgresDatabase.at(args[0], null, null, System.getenv()), Integer.parseInt(args[1]));
        int rounds = Integer.parseInt(args[2]);
        var bare = new double[rounds];
        var run = new double[rounds];
        for (int round = 0; round < rounds; round++) {
            bench.build();
            bare[round] = bench.bare(bench.plan());
            bench.build();
            run[round] = bench.run(bench.plan());
            System.err.printf(
                    Locale.ROOT,
                    "round %d: %.3f ms a chunk bare, %.3f ms as a run%n",
                    round + 1,
                    bare[round],
                    run[round]);
        }
        System.out.printf(Locale.ROOT, "| what | ms a chunk, median of %d | from | to |%n|---|---|---|---|%n", rounds);
        print("the batches' own statements", bare);
        print("a run, start to end", run);
        System.out.printf(Locale.ROOT, "| the ledger's part | %.2f | | |%n", Math.max(0, median(run) - median(bare)));
    }

    private void build() {
        try (var session = database.open("backhoe-bench", Map.of("client_min_messages", "warning"))) {
            session.execute("DROP SCHEMA IF EXISTS bench CASCADE");
            session.execute("DROP SCHEMA IF EXISTS backhoe CASCADE");
            session.execute("CREATE SCHEMA bench");
            session.execute("CREATE TABLE bench.tiny (id bigint PRIMARY KEY, at timestamp NOT NULL, value text)");
            session.update("""
                    INSERT INTO bench.tiny (id, at)
                    SELECT h * 5 + n, timestamp '2020-01-01' + h * interval '1 hour' + n * interval '1 minute'
                    FROM generate_series(0, CAST(:chunks AS integer) - 1) AS h, generate_series(0, h % 5) AS n
                    """, Map.of("chunks", Integer.toString(chunks)));
            session.execute("CREATE INDEX ON bench.tiny (at, id)");
            session.execute("VACUUM ANALYZE bench.tiny");
            session.execute("CHECKPOINT");
        }
    }

    private Plan plan() {
        String end = LocalDateTime.of(2020, 1, 1, 0, 0).plusHours(chunks).toString();
        var spec = SpecFile.read("""
                backfill:
                  name: tiny
                  policy: fast
                  scope: { table: bench.tiny, date_column: at, date_range: { start: 2020-01-01, end: %s } }
                  transform: { set: { value: "'filled'" } }
                  strategy: { chunk_by: hour, parallelism: %d }
                """.formatted(end.replace('T', ' '), WORKERS), "tiny.yaml", SpecOverrides.NONE);
        return new Backhoe(database).plan(spec.spec(), List.of());
    }

    private double run(Plan plan) {
        long begun = System.nanoTime();
        var report = new Backhoe(database)
                .run(plan, new RunOptions(null, null, "bench"), new StopSignal(), RunListener.NONE);
        double elapsed = elapsed(begun);
        if (report.run().state() != RunState.SUCCEEDED) {
            throw new IllegalStateException("the run is " + report.run().state());
        }
        return elapsed;
    }

    /** The batches as the run does them, each with the same flush at its end, and nothing around them. */
    private double bare(Plan plan) throws Exception {
        var statements = BatchStatements.run(plan.sql(), 1);
        try (var session = database.open("backhoe-bench", Map.of())) {
            session.execute("CREATE SCHEMA backhoe");
            session.execute(Objects.requireNonNull(plan.sql().images()).replace(BatchSql.RUN, "1"));
        }
        var next = new AtomicInteger();
        Callable<Void> worker = () -> {
            try (var session = database.open("backhoe-bench", Map.of("synchronous_commit", "off"))) {
                for (int i = next.getAndIncrement(); i < plan.chunks().size(); i = next.getAndIncrement()) {
                    new Batch(statements, i + 1, plan.chunks().get(i).extent())
                            .execute(session, KeyRange.ALL, new Batch.Portion(BATCH_ROWS, TimeSlice.ALL), OPEN);
                }
            }
            return null;
        };
        long begun = System.nanoTime();
        var threads = Executors.newFixedThreadPool(WORKERS);
        for (var done : threads.invokeAll(Collections.nCopies(WORKERS, worker))) {
            done.get();
        }
        threads.shutdown();
        return elapsed(begun);
    }

    private double elapsed(long begun) {
        return (System.nanoTime() - begun) / 1e6 / chunks;
    }

    private static void print(String what, double[] taken) {
        System.out.printf(
                Locale.ROOT,
                "| %s | %.2f | %.2f | %.2f |%n",
                what,
                median(taken),
                Arrays.stream(taken).min().orElse(0),
                Arrays.stream(taken).max().orElse(0));
    }

    private static double median(double[] taken) {
        return Arrays.stream(taken).sorted().skip(taken.length / 2).findFirst().orElseThrow();
    }
}
