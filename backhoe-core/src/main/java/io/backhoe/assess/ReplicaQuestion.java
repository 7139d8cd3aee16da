package io.backhoe.assess;

import io.backhoe.database.ReplicaFacts;
import io.backhoe.value.SqlName;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Who has to replay what the backfill writes, and whether anybody waits for that. */
final class ReplicaQuestion implements Question {
    private static final double LAG_SECONDS = 5;

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
            findings.add(finding(replica).shownBy(asked.sql()));
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

    private static Finding finding(ReplicaFacts.Replica replica) {
        double seconds = Objects.requireNonNullElse(replica.lagSeconds(), 0.0);
        long bytes = Objects.requireNonNullElse(replica.lagBytes(), 0L);
        Finding finding = seconds > LAG_SECONDS
                ? Finding.warning(
                                "replica_lags",
                                "Replica " + replica.name() + " is " + Amount.time(Math.round(seconds))
                                        + " behind already (" + Amount.bytes(bytes)
                                        + " of log); the backfill adds to that.")
                        .remedy("Find out why it lags, and start when it has caught up.")
                : Finding.info(
                        "replica",
                        "Replica " + replica.name()
                                + " replays what is written here; it keeps up now. Queries there may"
                                + " be cancelled when it replays the clean-up of old row versions.");
        return finding.with("replica", replica.name())
                .with("lag_seconds", seconds)
                .with("lag_bytes", bytes);
    }
}
