package io.backhoe.assess;

import io.backhoe.database.VacuumFacts;
import java.util.ArrayList;
import java.util.List;

/** Whether the server can clean up after the backfill. */
final class VacuumQuestion implements Question {
    /** vacuum_failsafe_age as the server comes; at 2.1 thousand million it takes no writes at all. */
    private static final long CRITICAL_AGE = 1_600_000_000;

    /** Below this nobody minds. */
    private static final long FEW_ROWS = 1_000;

    private static final double DEAD_SHARE = 0.2;

    @Override
    public String about() {
        return "whether vacuum keeps up";
    }

    @Override
    public boolean mayBlock() {
        return true;
    }

    @Override
    public List<Finding> ask(Subject subject) {
        var asked = subject.ofTable().vacuum();
        VacuumFacts facts = asked.value();
        String table = subject.tableSql();
        var findings = new ArrayList<Finding>();
        if (!facts.enabled()) {
            findings.add(Finding.warning(
                            "autovacuum_off",
                            "Autovacuum is off for this table or for the whole server: what the backfill leaves behind"
                                    + " stays, and the table grows with each row that is changed.")
                    .remedy("ALTER TABLE " + table + " RESET (autovacuum_enabled); (and see the settings autovacuum and"
                            + " track_counts), or run VACUUM " + table + "; yourself while it runs and after."));
        }
        if (!facts.analyzed()) {
            findings.add(Finding.warning(
                            "never_analyzed",
                            "There are no statistics of the table: numbers of rows are guesses, and the server may choose"
                                    + " bad plans.")
                    .remedy("ANALYZE " + table + ";"));
        }
        if (facts.known()) {
            findings.addAll(counted(facts, table));
        }
        findings.addAll(age(facts, table));
        return findings.stream().map(f -> f.shownBy(asked.sql())).toList();
    }

    private static List<Finding> counted(VacuumFacts facts, String table) {
        var findings = new ArrayList<Finding>();
        if (facts.running()) {
            findings.add(Finding.info(
                    "vacuum_running",
                    "A vacuum of the table is running now; it and the backfill slow each other down. It is not blocked by"
                            + " batches, nor they by it."));
        }
        if (!facts.vacuumed() && facts.liveRows() > FEW_ROWS) {
            findings.add(Finding.info(
                            "never_vacuumed",
                            "The table has never been vacuumed since its statistics were last reset: the first vacuum"
                                    + " reads all of it.")
                    .remedy("VACUUM " + table + "; beforehand, at a quiet hour."));
        }
        if (facts.deadRows() > Math.max(FEW_ROWS, facts.liveRows() * DEAD_SHARE)) {
            findings.add(Finding.warning(
                            "many_dead_rows",
                            "There are " + Amount.of(facts.deadRows(), "dead row") + " beside "
                                    + Amount.of(facts.liveRows(), "live row") + " ("
                                    + Amount.percent(facts.deadRows(), facts.deadRows() + facts.liveRows())
                                    + "): vacuum does not keep up as it is.")
                    .with("dead_rows", facts.deadRows())
                    .with("live_rows", facts.liveRows())
                    .remedy("VACUUM " + table
                            + "; and find out why autovacuum has not (long transactions, its settings)."));
        }
        return findings;
    }

    private static List<Finding> age(VacuumFacts facts, String table) {
        if (facts.age() <= facts.freezeAge()) {
            return List.of();
        }
        String what = "The oldest transaction number in the table is " + Amount.of(facts.age(), "transaction")
                + " old, and at " + Amount.count(facts.freezeAge()) + " a vacuum is forced";
        Finding finding = facts.age() > CRITICAL_AGE
                ? Finding.blocker(
                        "wraparound_near",
                        what + "; at 2,100,000,000 the server takes no more writes. Cleaning up comes first.")
                : Finding.warning(
                        "wraparound_vacuum_due", what + ": it will run beside the backfill, and cannot be put off.");
        return List.of(finding.with("age", facts.age())
                .with("freeze_age", facts.freezeAge())
                .remedy("VACUUM (FREEZE) " + table + "; beforehand."));
    }
}
