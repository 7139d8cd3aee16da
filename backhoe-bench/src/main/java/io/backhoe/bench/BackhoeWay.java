package io.backhoe.bench;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * {@code backhoe run} of a plan, with start, pre-checks, run and post-checks. The plan is made beforehand, as the statements of the others
 * are written beforehand, and the ledger is new.
 */
record BackhoeWay(FillCase what, String url, Path folder, int workers, boolean undo) implements FillWay {
    @Override
    public String name() {
        return undo ? "Backhoe" : "Backhoe without undo";
    }

    @Override
    public void prepare() throws Exception {
        try (var connection = BenchOrders.connect(url)) {
            BenchOrders.dropLedger(connection);
        }
        String rollback = undo ? "before_image" : "none";
        Path spec = Files.writeString(folder.resolve("spec.yaml"), what.spec(rollback, workers, rollback));
        new BackhoeProcess(url, folder).execute("plan", spec.toString(), "--output", plan().toString());
    }

    @Override
    public double fill() throws Exception {
        return new BackhoeProcess(url, folder)
                .execute("run", plan().toString(), "--yes")
                .peakMebibytes();
    }

    private Path plan() {
        return folder.resolve("plan.yaml");
    }
}
