package io.backhoe.assess;

import java.util.ArrayList;
import java.util.List;

/** Whether this is a server, and a way to it, that a backfill can run on. */
final class ServerQuestion implements Question {
    @Override
    public String about() {
        return "what kind of server this is";
    }

    @Override
    public Needs needs() {
        return Needs.SERVER;
    }

    @Override
    public boolean mayBlock() {
        return true;
    }

    @Override
    public List<Finding> ask(Subject subject) {
        var findings = new ArrayList<Finding>();
        var server = subject.server();
        if (server.pooled()) {
            findings.add(Finding.blocker(
                            "pooler_in_between",
                            "A connection pooler stands between here and " + server.product()
                                    + ": the lock that keeps two executors apart does not hold through it.")
                    .remedy("Connect to the server itself (its own host and port)."));
        }
        if (server.readOnly()) {
            findings.add(readOnly(subject));
        }
        int newest = subject.ofServer().newestTested();
        if (server.major() > newest) {
            findings.add(Finding.warning(
                            "server_newer_than_tested",
                            server.product() + " is newer than the newest version that this Backhoe was tested on, "
                                    + newest + ".")
                    .with("major", (long) server.major())
                    .with("newest_tested", (long) newest)
                    .remedy("Look for a newer Backhoe, or try it on a copy first."));
        }
        String crowded = Workers.moreThanCpus(subject.spec());
        if (crowded != null) {
            findings.add(Finding.warning("more_workers_than_cpus", crowded)
                    .with("workers", (long) subject.spec().strategy().parallelism())
                    .remedy("Lower strategy.parallelism: half of the processors at most leaves room for others."));
        }
        return findings;
    }

    private static Finding readOnly(Subject subject) {
        var standby = subject.ofServer().standby();
        Finding finding = standby.value()
                ? Finding.warning(
                                "on_a_standby",
                                "This is a standby. What was asked of the tables holds for the primary too; who has"
                                        + " transactions open there, its replicas, slots and vacuum do not show here.")
                        .remedy("Assess once more on the primary before running; the run has to connect there anyway.")
                : Finding.blocker(
                                "server_read_only",
                                "Sessions of this role or database take no writes: default_transaction_read_only is on.")
                        .remedy("Connect as a role for which it is off: ALTER ROLE ... SET"
                                + " default_transaction_read_only = off.");
        return finding.shownBy(
                standby.value() ? standby.sql() : "SELECT current_setting('default_transaction_read_only')");
    }
}
