package io.backhoe.assess;

import io.backhoe.database.Shown;
import io.backhoe.database.StorageFacts;
import java.util.List;
import java.util.Objects;

/** What room it takes, which no session can see. */
final class DiskQuestion implements Question {
    /** Before-images, and the log of both. */
    private static final double BESIDE = 2;

    @Override
    public String about() {
        return "how much room it takes";
    }

    @Override
    public List<Finding> ask(Subject subject) {
        Shown<StorageFacts> storage = subject.ofTable().storage();
        long table = storage.value().heapBytes();
        long rows = storage.value().estimatedRows();
        GapMap gaps = subject.gaps();
        long changed = gaps == null
                ? Math.max(rows, 0)
                : subject.spec().strategy().preserveExisting() ? gaps.missing() : gaps.total();
        double share = rows <= 0 ? 1 : Math.min(1, changed / (double) rows);
        double growth = table * share;
        String what = "Free disk space is not watched: the server tells it to nobody who is connected. Changing "
                + (gaps == null ? "at most " : "about ") + Amount.of(changed, "row") + " adds up to "
                + Amount.bytes(growth) + " to the table until vacuum has made room, and takes "
                + Amount.bytes(growth * BESIDE) + " more for before-images and log, roughly.";
        Finding finding = growth * (1 + BESIDE) > subject.options().largeBytes()
                ? Finding.warning("disk_not_watched", what)
                : Finding.info("disk_not_watched", what);
        return List.of(finding.with("table_bytes", table)
                .with("growth_bytes", Math.round(growth))
                .with("beside_bytes", Math.round(growth * BESIDE))
                .shownBy(Objects.requireNonNull(storage.sql()))
                .remedy("Look at the free space of the data directory and of pg_wal before (df -h there, or your"
                        + " provider's page), and keep an alarm on it while it runs."));
    }
}
