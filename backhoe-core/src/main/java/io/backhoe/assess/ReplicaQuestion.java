package io.backhoe.assess;

import io.backhoe.database.ReplicaFacts;
import io.backhoe.value.SqlName;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who has to replay what the backfill writes, and whether anybody waits for that. */
final class ReplicaQuestion implements Question {
    private static final double LAG_SECONDS = 5;

    /** The server's figure in seconds stands still when a replica replays nothing; the log that piles up does not. */
    private static final long LAG_BYTES = 64L << 20;

    @Override
    public String about() {
        return "whether replicas keep up";
    }

    @Override
    public Needs needs() {
        return Needs.SERVER;
    }

    @Override
    public List<Finding> ask(Subject subject) {
        var asked = subject.ofServer().replicas();
        ReplicaFacts facts = asked.value();
        var findings = new ArrayList<Finding>();
        for (ReplicaFacts.Replica replica : facts.replicas()) {
            findings.add(finding(replica).with("replica", replica.name()).shownBy(asked.sql()));
        }
        if (facts.hidden() > 0) {
            findings.add(Finding.couldNotTell(
                            about(),
                            "the state of " + Amount.of(facts.hidden(), "replica") + " is not shown to role "
                                    + subject.server().user() + ".")
                    .shownBy(asked.sql())
                    .remedy("GRANT pg_monitor TO "
                            + SqlName.quote(subject.server().user()) + ";"));
        }
        if (!facts.synchronous().isEmpty()) {
            findings.add(
                    Finding.warning(
                                    "synchronous_standby",
                                    "COMMIT waits for synchronous standbys (" + facts.synchronous()
                                            + "). Batches do not wait, but everybody else's commits queue behind the log that they"
                                            + " write.")
                            .with("synchronous_standby_names", facts.synchronous())
                            .shownBy("SELECT current_setting('synchronous_standby_names')")
                            .remedy(
                                    "Start with one worker (strategy.parallelism: 1) and watch the application's commit times."));
        }
        return findings;
    }

    private Finding finding(ReplicaFacts.Replica replica) {
        Double seconds = replica.lagSeconds();
        Long bytes = replica.lagBytes();
        if (bytes == null && seconds == null) {
            return unknown(replica.name());
        }
        boolean late = seconds != null && seconds > LAG_SECONDS;
        Finding finding = late || bytes != null && bytes > LAG_BYTES
                ? lags(replica.name(), late ? seconds : null, bytes)
                : Finding.info(
                        "replica",
                        "Replica " + replica.name()
                                + " replays what is written here; it keeps up now. Queries there may"
                                + " be cancelled when it replays the clean-up of old row versions.");
        // A replica that has replayed everything and hears nothing new says no seconds.
        Finding timed = seconds == null ? finding : finding.with("lag_seconds", seconds);
        return bytes == null ? timed : timed.with("lag_bytes", bytes);
    }

    private static Finding lags(String name, @Nullable Double seconds, @Nullable Long bytes) {
        String log = bytes == null ? "" : Amount.bytes(bytes) + " of log";
        String behind = seconds == null
                ? log + " behind already"
                : Amount.time(Math.round(seconds)) + " behind already" + (log.isEmpty() ? "" : " (" + log + ")");
        return Finding.warning("replica_lags", "Replica " + name + " is " + behind + "; the backfill adds to that.")
                .remedy("Find out why it lags, and start when it has caught up.");
    }

    private Finding unknown(String name) {
        return Finding.couldNotTell(
                        about(), "replica " + name + " is connected and does not say how much it has replayed.")
                .remedy("If it is just being copied or started, assess again when it replays (replay_lsn is not NULL"
                        + " then); if it only receives the log, as pg_receivewal does, nothing there can lag.");
    }
}
