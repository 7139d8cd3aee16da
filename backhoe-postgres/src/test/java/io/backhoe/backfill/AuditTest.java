package io.backhoe.backfill;

import static io.backhoe.backfill.TestDatabase.OPTIONS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backhoe.ledger.Audit;
import io.backhoe.ledger.Audit.Verdict;
import io.backhoe.ledger.Tuning;
import io.backhoe.run.RunListener;
import io.backhoe.run.RunOptions;
import io.backhoe.run.StopSignal;
import io.backhoe.value.Cause;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The events of a run are a chain that shows whoever tampers with it. */
class AuditTest {
    private static TestDatabase ran() throws SQLException {
        var db = TestDatabase.create();
        db.orders(1_000);
        var options = new RunOptions(1, 2, "ann", "tickets 12 and 13", false);
        db.backhoe().run(db.plan(TestDatabase.addOne()), options, new StopSignal(), RunListener.NONE);
        db.backhoe().tune(1, new Tuning(2, null), new Cause("bob", "nights are quiet"));
        db.backhoe().resume(1, OPTIONS, new StopSignal(), RunListener.NONE);
        return db;
    }

    @Test
    void everyCommandAndChangeOfStateSaysWhoFromWhereAndWhy() throws Exception {
        try (var db = ran()) {
            assertThat(db.one("""
                    SELECT string_agg(concat_ws(' / ', kind, message, who, why, was, became), E'\\n' ORDER BY event_id)
                    FROM backhoe.event WHERE kind <> 'executor'""").lines())
                    .anyMatch(l -> l.equals("state / PLANNED by ann / ann / tickets 12 and 13 / PLANNED"))
                    .anyMatch(l -> l.equals("command / run / ann / tickets 12 and 13 / PLANNED"))
                    .anyMatch(l -> l.startsWith("state / PLANNED -> RUNNING / ") && l.endsWith(" / PLANNED / RUNNING"))
                    .anyMatch(l -> l.equals("command / tune: 2 workers / bob / nights are quiet / PAUSED"))
                    .anyMatch(l -> l.startsWith("tuned / 2 workers") && l.endsWith(" / as planned / 2 workers"))
                    .anyMatch(l -> l.equals("command / resume / test / PAUSED"));
            assertThat(db.number("SELECT count(*) FROM backhoe.event WHERE origin NOT LIKE '%:"
                            + ProcessHandle.current().pid() + ", %, backhoe/%' OR who IS NULL"))
                    .isZero();
            var audit = db.backhoe().audit(1);
            assertThat(audit.verdict()).isEqualTo(Verdict.HOLDS);
            assertThat(audit.events()).isEqualTo(db.number("SELECT count(*) FROM backhoe.event"));
            assertThat(audit.head()).isEqualTo(db.one("SELECT event_head FROM backhoe.run"));
            try (var watch = db.backhoe().watch(1)) {
                assertThat(watch.log(null, 100))
                        .anyMatch(e -> e.kind().equals("command") && "nights are quiet".equals(e.why()));
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "UPDATE backhoe.event SET message = 'nothing' WHERE seq = 3; 3; edited",
                "UPDATE backhoe.event SET why = NULL WHERE seq = 1; 1; edited",
                "UPDATE backhoe.event SET at = at + interval '1 us' WHERE seq = 4; 4; edited",
                "DELETE FROM backhoe.event WHERE seq = 3; 4; removed",
                "DELETE FROM backhoe.event WHERE seq = 1; 2; removed",
                "UPDATE backhoe.event e SET kind = o.kind, message = o.message, who = o.who, why = o.why, was = o.was,"
                        + " became = o.became, origin = o.origin, at = o.at FROM backhoe.event o"
                        + " WHERE (e.seq = 3 AND o.seq = 4) OR (e.seq = 4 AND o.seq = 3); 3; edited",
                "UPDATE backhoe.event SET seq = CASE seq WHEN 3 THEN 4 ELSE 3 END WHERE seq IN (3, 4); 3; removed",
                "INSERT INTO backhoe.event (run_id, kind, message) VALUES (1, 'state', 'RUNNING -> SUCCEEDED'); 0; added by hand",
                "INSERT INTO backhoe.event (run_id, kind, message, seq, hash) SELECT 1, 'state', 'x', max(seq) + 1, 'beef'"
                        + " FROM backhoe.event; 0; by hand",
            })
    void whoeverTampersIsFoundAtTheFirstEventThatDoesNotFit(String tampering, long seq, String how) throws Exception {
        try (var db = ran()) {
            long known = db.number("SELECT coalesce(max(event_id), 0) FROM backhoe.event WHERE seq = " + seq);
            tamper(db, tampering);

            var audit = db.backhoe().audit(1);

            assertThat(audit.verdict()).isEqualTo(Verdict.FAILS);
            assertThat(audit.broken())
                    .isEqualTo(known == 0 ? db.number("SELECT max(event_id) FROM backhoe.event") : known);
            assertThat(audit.evidence()).contains("Event " + audit.broken(), how);
        }
    }

    @Test
    void theLastEventIsMissedToo() throws Exception {
        try (var db = ran()) {
            tamper(db, "DELETE FROM backhoe.event WHERE seq = (SELECT max(seq) FROM backhoe.event)");
            assertThat(db.backhoe().audit(1).evidence()).contains("the last were removed");
        }
    }

    @Test
    void aRunThatSaysAnotherStateThanItsLastEventIsFound() throws Exception {
        try (var db = ran()) {
            db.sql("UPDATE backhoe.run SET state = 'FAILED'");

            assertThat(db.backhoe().audit(1).verdict()).isEqualTo(Verdict.FAILS);
            assertThat(db.backhoe().audit(1).evidence())
                    .isEqualTo("The chain says that the run became SUCCEEDED last, and the run says FAILED.");
        }
    }

    @Test
    void allRunsAreCoveredAndOneThatWasRemovedIsFoundByItsEvents() throws Exception {
        try (var db = ran()) {
            db.sql(
                    "INSERT INTO backhoe.event (run_id, kind, message) SELECT i, 'state', 'x' FROM generate_series(1001, 3000) i");

            var audits = db.backhoe().audits();

            assertThat(audits).hasSize(2_001);
            assertThat(audits.get(2_000).verdict()).isEqualTo(Verdict.HOLDS);
            assertThat(audits.subList(0, 2_000)).allSatisfy(a -> {
                assertThat(a.verdict()).isEqualTo(Verdict.FAILS);
                assertThat(a.evidence()).isEqualTo("The chain is left without its run, whose row was removed.");
            });
        }
    }

    @Test
    void eventsCanOnlyBeAdded() throws Exception {
        try (var db = ran()) {
            for (String change : List.of(
                    "UPDATE backhoe.event SET message = ''", "DELETE FROM backhoe.event", "TRUNCATE backhoe.event")) {
                assertThatThrownBy(() -> db.sql(change)).hasMessageContaining("append-only");
            }
        }
    }

    @Test
    void aRunFromBeforeTheChainIsNotCoveredAndWhatItDoesLaterIs() throws Exception {
        try (var db = TestDatabase.create()) {
            db.orders(1_000);
            db.backhoe()
                    .run(
                            db.plan(TestDatabase.addOne()),
                            new RunOptions(1, 2, "ann"),
                            new StopSignal(),
                            RunListener.NONE);
            tamper(db, "UPDATE backhoe.event SET seq = NULL, hash = NULL, who = NULL, origin = NULL");
            db.sql(
                    "UPDATE backhoe.run SET events = 0, event_head = NULL, events_before = (SELECT count(*) FROM backhoe.event)");
            Audit old = db.backhoe().audit(1);
            assertThat(old.verdict()).isEqualTo(Verdict.COULD_NOT_TELL);
            assertThat(old.evidence()).startsWith("Not covered");

            db.backhoe().resume(1, OPTIONS, new StopSignal(), RunListener.NONE);

            var audit = db.backhoe().audit(1);
            assertThat(audit.verdict()).isEqualTo(Verdict.HOLDS);
            assertThat(audit.notCovered()).isEqualTo(old.notCovered());
            tamper(db, "DELETE FROM backhoe.event WHERE event_id = (SELECT min(event_id) FROM backhoe.event)");
            assertThat(db.backhoe().audit(1).evidence()).contains("has lost 1");
        }
    }

    @Test
    void twoWhoWriteAtOnceDoNotForkIt() throws Exception {
        try (var db = ran()) {
            db.sql("UPDATE backhoe.run SET state = 'PAUSED'");
            var writers = IntStream.range(0, 3)
                    .mapToObj(w -> CompletableFuture.runAsync(() -> {
                        for (int i = 0; i < 10; i++) {
                            db.backhoe().tune(1, new Tuning(w + 1, null), "writer " + w);
                        }
                    }))
                    .toList();
            for (var writer : writers) {
                writer.get();
            }
            db.sql("UPDATE backhoe.run SET state = 'SUCCEEDED'");
            var audit = db.backhoe().audit(1);
            assertThat(audit.evidence()).contains("is whole");
            assertThat(audit.events()).isGreaterThanOrEqualTo(60);
        }
    }

    private static void tamper(TestDatabase db, String sql) throws SQLException {
        db.sql("ALTER TABLE backhoe.event DISABLE TRIGGER append_only");
        db.sql(sql);
        db.sql("ALTER TABLE backhoe.event ENABLE TRIGGER append_only");
    }
}
