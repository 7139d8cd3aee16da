package io.backhoe.assess;

import io.backhoe.database.Shown;
import io.backhoe.database.StorageFacts;
import java.util.List;
import java.util.Objects;

/** What room it takes, which no session can see. */
final class DiskQuestion implements Question {
    /** Before-images, and the log of both. */
    private static final double BESIDE = 2;

    private static final double MARGIN = 1.5;

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
        String needed =
                "Changing " + (gaps == null ? "at most " : "about ") + Amount.of(changed, "row") + " adds up to "
                        + Amount.bytes(growth) + " to the table until vacuum has made room, and takes "
                        + Amount.bytes(growth * BESIDE) + " more for before-images and log, roughly.";
        Finding finding = finding(subject, growth * (1 + BESIDE), needed);
        return List.of(finding.with("table_bytes", table)
                .with("growth_bytes", Math.round(growth))
                .with("beside_bytes", Math.round(growth * BESIDE))
                .shownBy(Objects.requireNonNull(storage.sql())));
    }

    private static Finding finding(Subject subject, double needed, String what) {
        Long free = subject.spec().server().diskFree();
        if (free == null) {
            String unseen = "Free disk space is not watched: the server tells it to nobody who is connected. " + what;
            Finding finding = needed > subject.options().largeBytes()
                    ? Finding.warning("disk_not_watched", unseen)
                    : Finding.info("disk_not_watched", unseen);
            return finding.remedy(
                    "Look at the free space of the data directory and of pg_wal before (df -h there, or your"
                            + " provider's page), and keep an alarm on it while it runs. server.disk_free in the spec (such as"
                            + " 200GB) lets the plan compare.");
        }
        String said = " The spec says that " + Amount.bytes(free) + " are free (server.disk_free).";
        Finding finding = free < MARGIN * needed
                ? Finding.warning("disk_may_not_do", what + said + " That is less than one and a half times as much.")
                        .remedy(
                                "Make room, or narrow the scope and let vacuum work in between; the plan forecasts what it"
                                        + " takes, and is refused where that does not fit.")
                : Finding.info("disk_will_do", what + said);
        return finding.with("disk_free", free);
    }
}
