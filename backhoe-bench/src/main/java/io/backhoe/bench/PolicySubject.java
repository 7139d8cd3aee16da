package io.backhoe.bench;

import io.backhoe.Backhoe;
import io.backhoe.postgres.PostgresDatabase;
import io.backhoe.report.RunReport;
import io.backhoe.run.Progress;
import io.backhoe.run.RunListener;
import io.backhoe.run.RunOptions;
import io.backhoe.run.StopSignal;
import io.backhoe.spec.SpecFile;
import io.backhoe.spec.SpecOverrides;
import io.backhoe.value.Policy;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/** Backhoe with two workers and undo, by a policy. */
final class PolicySubject implements HarmSubject {
    private static final int START_SECONDS = 60;

    private final Policy policy;
    private final PostgresDatabase database;
    private final StopSignal stop = new StopSignal();
    private final CountDownLatch working = new CountDownLatch(1);
    private final AtomicLong rows = new AtomicLong();
    private CompletableFuture<RunReport> run = new CompletableFuture<>();
    private long begun;

    PolicySubject(String url, Policy policy) {
        this.policy = policy;
        this.database = PostgresDatabase.at(url, null, null, Map.of());
    }

    @Override
    public String name() {
        return "backhoe, " + policy.word();
    }

    @Override
    public void start() throws InterruptedException {
        String spec = BenchOrders.spec(
                policy.word(),
                policy.word(),
                "server: { cpus: " + Runtime.getRuntime().availableProcessors() + " }");
        var backhoe = new Backhoe(database);
        var plan = backhoe.plan(
                SpecFile.read(spec, "bench.yaml", SpecOverrides.NONE).spec());
        run = CompletableFuture.supplyAsync(() ->
                backhoe.run(plan, new RunOptions(null, null, "bench"), stop, new RunListener() {
                    @Override
                    public void progress(Progress progress) {
                        rows.set(progress.changed());
                        if (progress.changed() > 0) {
                            working.countDown();
                        }
                    }
                }));
        working.await(START_SECONDS, TimeUnit.SECONDS);
        begun = System.nanoTime();
    }

    /** As of the last second or so. */
    @Override
    public long rows() {
        return rows.get();
    }

    @Override
    public double await(double seconds) throws InterruptedException, ExecutionException {
        try {
            var report = run.get((long) (seconds * 1000), TimeUnit.MILLISECONDS);
            rows.set(report.changed());
            return (System.nanoTime() - begun) / 1e9;
        } catch (TimeoutException e) {
            return 0;
        }
    }

    @Override
    public void stop() throws InterruptedException, ExecutionException {
        stop.request("the end of the measurement");
        run.get();
    }
}
