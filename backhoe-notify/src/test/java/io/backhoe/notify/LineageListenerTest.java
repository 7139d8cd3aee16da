package io.backhoe.notify;

import static org.assertj.core.api.Assertions.assertThat;

import io.backhoe.ledger.CheckRecord;
import io.backhoe.ledger.Limit;
import io.backhoe.ledger.RunTotals;
import io.backhoe.report.KnownRun;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.CheckVerdict;
import io.backhoe.value.ChunkState;
import io.backhoe.value.ExitCode;
import io.backhoe.value.RunState;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class LineageListenerTest {
    private static final Limit WORKERS = new Limit("workers", "2 busy", "2");

    private final Receiver receiver = new Receiver();
    private final HandTime clock = new HandTime();
    private final Troubles trouble = new Troubles();

    @AfterEach
    void close() {
        receiver.close();
    }

    @Test
    void aRunStartsGoesOnAndCompletes() throws InterruptedException {
        var listener = listener(KnownRuns.in(RunState.PLANNED));
        listener.event("state", "", "RUNNING");
        var start = next();
        for (int examined = 0; examined <= 2_500; examined += 100) {
            listener.progress(Messages.progress(0, 0, examined, WORKERS));
            if (examined == 1_000 || examined == 2_000) {
                var running = next();
                assertThat(type(running)).isEqualTo("RUNNING");
                assertThat(rows(running)).isEqualTo(examined);
            }
        }
        listener.ended(KnownRuns.report(RunState.SUCCEEDED, false, 0, List.of()), null);
        var complete = next();
        listener.close();

        assertThat(type(start)).isEqualTo("START");
        assertThat(start.json().at("/outputs/0/outputFacets").isMissingNode()).isTrue();
        assertThat(type(complete)).isEqualTo("COMPLETE");
        assertThat(rows(complete)).isZero();
        assertThat(complete.event().getRun().getRunId())
                .isEqualTo(start.event().getRun().getRunId());
        assertThat(receiver.all()).isEmpty();
        assertThat(trouble.told()).isEmpty();
    }

    @Test
    void anEventSaysWhatIsReadAndWrittenAndByWhichPlan() throws InterruptedException {
        clock.now = 1_500_000_000;
        var listener = listener(KnownRuns.in(RunState.PLANNED));
        listener.event("state", "", "RUNNING");
        var start = next();
        listener.close();

        assertThat(start.event().getEventTime().toInstant()).isEqualTo(Instant.parse("1970-01-01T00:00:01.500Z"));
        assertThat(start.event().getJob().getNamespace()).isEqualTo("backhoe");
        assertThat(start.event().getJob().getName()).isEqualTo("tiers");
        assertThat(start.event().getInputs())
                .extracting(d -> d.getNamespace() + "/" + d.getName())
                .containsExactly(
                        "postgres://db.example:5432/shop_db.shop.orders",
                        "postgres://db.example:5432/shop_db.shop.customers");
        assertThat(start.event().getOutputs())
                .extracting(d -> d.getNamespace() + "/" + d.getName())
                .containsExactly("postgres://db.example:5432/shop_db.shop.orders");
        assertThat(start.event().getOutputs().get(0).getFacets().getSchema().getFields())
                .extracting(f -> f.getName() + " " + f.getType())
                .containsExactlyInAnyOrder("tier text", "region text", "customer_id bigint");
        assertThat(start.madeOf("tier")).isEqualTo("shop_db.shop.customers.value");
        assertThat(start.madeOf("region")).isNull();
        assertThat(start.decidedBy())
                .isEqualTo("shop_db.shop.customers.id JOIN, shop_db.shop.orders.customer_id JOIN,"
                        + " shop_db.shop.orders.tier FILTER");
        var plan = start.json().at("/run/facets/backhoe_plan");
        assertThat(plan.get("planHash").asString()).isEqualTo(KnownRuns.plan().hash());
        assertThat(plan.get("runId").asString()).isEqualTo("7");
        assertThat(plan.get("columnsNotTold").toString()).isEqualTo("[\"region\"]");
    }

    @ParameterizedTest
    @CsvSource({
        "SUCCEEDED, false, 0, COMPLETE",
        "PARTIAL, false, 5, FAIL",
        "FAILED, false, 6, FAIL",
        "CANCELLED, false, 9, ABORT",
        "ROLLED_BACK, true, 0, COMPLETE",
        "ROLLBACK_PARTIAL, true, 0, COMPLETE",
        "ROLLBACK_PARTIAL, true, 5, FAIL",
    })
    void endsAsTheRunDid(RunState state, boolean undoing, int exit, String expected) throws InterruptedException {
        var listener = listener(KnownRuns.in(undoing ? RunState.SUCCEEDED : RunState.PLANNED));
        listener.event("state", "", undoing ? "ROLLING_BACK" : "RUNNING");
        assertThat(type(next())).isEqualTo("START");
        listener.ended(KnownRuns.report(state, undoing, exit, List.of()), "backhoe status 7");
        var end = next();
        listener.close();

        assertThat(type(end)).isEqualTo(expected);
        assertThat(end.json().at("/run/facets/errorMessage").isMissingNode()).isEqualTo(!expected.equals("FAIL"));
        assertThat(end.event().getJob().getName()).isEqualTo(undoing ? "tiers.rollback" : "tiers");
    }

    @Test
    void saysWhyItFailedWithoutTheServersWords() throws InterruptedException {
        var failing = new CheckRecord(
                CheckRecord.Phase.POST,
                "verify_no_nulls_in_tier",
                CheckVerdict.FAILS,
                null,
                "row 42 has 'secret'",
                null,
                Instant.EPOCH);
        var listener = listener(KnownRuns.in(RunState.PLANNED));
        listener.event("chunk_failed", "2023-01", "invalid input syntax for type integer: \"secret\"");
        listener.ended(KnownRuns.report(RunState.FAILED, false, 6, List.of(failing)), null);
        assertThat(type(next())).isEqualTo("START");
        var end = next();
        listener.close();

        assertThat(end.event().getRun().getFacets().getErrorMessage().getMessage())
                .isEqualTo("FAILED: check verify_no_nulls_in_tier fails");
        assertThat(end.json().toString()).doesNotContain("secret");
    }

    @ParameterizedTest
    @EnumSource(names = {"PAUSED", "RUNNING", "VERIFYING"})
    void aPauseIsNoEndAndWhoeverResumesGoesOn(RunState left) throws InterruptedException {
        var first = listener(KnownRuns.in(RunState.PLANNED));
        first.event("state", "", "RUNNING");
        first.ended(KnownRuns.report(RunState.PAUSED, false, 9, List.of()), "backhoe resume 7");
        first.broke(new BackhoeException(ExitCode.CONFLICT, "run_taken_over", "value 42 of a row", null));
        first.close();
        var start = next();
        assertThat(receiver.all()).isEmpty();

        var second = listener(KnownRuns.in(left));
        second.progress(Messages.progress(3, 0, 3_000, WORKERS));
        second.close();
        var running = next();
        assertThat(type(running)).isEqualTo("RUNNING");
        assertThat(running.event().getRun().getRunId())
                .isEqualTo(start.event().getRun().getRunId());
    }

    @Test
    void aRollbackIsARunOfAJobOfItsOwn() throws InterruptedException {
        var known = KnownRuns.known(KnownRuns.run(RunState.SUCCEEDED, false, 0), 1);
        var listener = listener(known);
        listener.event("state", "", "ROLLING_BACK");
        listener.ended(KnownRuns.report(RunState.ROLLED_BACK, true, 0, List.of()), null);
        var start = next();
        var complete = next();
        listener.close();

        assertThat(List.of(type(start), type(complete))).containsExactly("START", "COMPLETE");
        assertThat(start.event().getJob().getName()).isEqualTo("tiers.rollback");
        assertThat(start.event().getRun().getRunId())
                .isEqualTo(complete.event().getRun().getRunId())
                .isNotEqualTo(LineageId.of(KnownRuns.in(RunState.PLANNED), false));
        assertThat(complete.madeOf("tier")).isNull();
        assertThat(complete.event().getInputs()).hasSize(1);
    }

    @Test
    void aRunThatIsTakenBackBeforeItHasEndedIsAborted() throws InterruptedException {
        var known = KnownRuns.in(RunState.PAUSED);
        var listener = listener(known);
        listener.event("state", "", "ROLLING_BACK");
        var abort = next();
        var start = next();
        listener.close();

        assertThat(type(abort)).isEqualTo("ABORT");
        assertThat(abort.event().getJob().getName()).isEqualTo("tiers");
        assertThat(abort.event().getRun().getRunId()).isEqualTo(LineageId.of(known, false));
        assertThat(type(start)).isEqualTo("START");
        assertThat(start.event().getJob().getName()).isEqualTo("tiers.rollback");
    }

    @Test
    void whatHasEndedBeginsAnewWhenItIsRetried() throws InterruptedException {
        KnownRun ended = KnownRuns.known(KnownRuns.run(RunState.PARTIAL, false, 5), 1);
        var listener = listener(ended);
        listener.event("state", "", "RUNNING");
        var start = next();
        listener.close();

        assertThat(type(start)).isEqualTo("START");
        assertThat(start.event().getRun().getRunId()).isNotEqualTo(LineageId.of(KnownRuns.in(RunState.PLANNED), false));
    }

    @Test
    void aRetryDoesNotCountAgainWhatWasWrittenBefore() throws InterruptedException {
        var done = new RunTotals(Map.of(ChunkState.SUCCESS, 3L), 10_000, 4_000, 4_000, 0, 0, 0, 0);
        var retry = listener(KnownRuns.known(KnownRuns.run(RunState.PARTIAL, false, 5), 1, done));
        retry.progress(Messages.progress(3, 0, 4_000, WORKERS));
        next();
        retry.progress(Messages.progress(4, 0, 5_500, WORKERS));
        assertThat(rows(next())).isEqualTo(1_500);
        retry.close();

        // Another process goes on with the retry: how much of it was done before is not known.
        var later = listener(KnownRuns.known(KnownRuns.run(RunState.PAUSED, false, 9), 1, done));
        later.progress(Messages.progress(4, 0, 5_500, WORKERS));
        next();
        later.progress(Messages.progress(6, 0, 7_000, WORKERS));
        assertThat(next().json().at("/outputs/0/outputFacets").isMissingNode()).isTrue();
        later.close();
    }

    @Test
    void aBackendThatIsSlowCostsNothingAndHearsTheEnd() throws InterruptedException {
        receiver.then(Receiver.hang());
        var listener = listener(KnownRuns.in(RunState.PLANNED));
        listener.event("state", "", "RUNNING");
        next();
        long begun = System.nanoTime();
        for (int examined = 0; examined < 10_000; examined++) {
            listener.progress(Messages.progress(0, 0, examined, WORKERS));
        }
        assertThat(System.nanoTime() - begun).isLessThan(1_000_000_000);
        listener.ended(KnownRuns.report(RunState.SUCCEEDED, false, 0, List.of()), null);
        listener.close();

        assertThat(receiver.all())
                .extracting(r -> type(OpenLineageEvent.read(r.body())))
                .last()
                .isEqualTo("COMPLETE");
    }

    @Test
    void whatIsNotTakenIsTriedAgainAndThenTold() throws InterruptedException {
        receiver.then(Receiver.status(500))
                .then(Receiver.status(429, "Retry-After: 0"))
                .then(Receiver.half());
        var listener = listener(KnownRuns.in(RunState.PLANNED));
        listener.event("state", "", "RUNNING");
        for (int i = 0; i < 3; i++) {
            assertThat(type(next())).isEqualTo("START");
        }
        listener.ended(KnownRuns.report(RunState.SUCCEEDED, false, 0, List.of()), null);
        listener.close();

        String who = "OpenLineage at " + receiver.url("");
        assertThat(trouble.told())
                .containsExactly(
                        "lost " + who + " breaks off without an answer", "back " + who + " takes messages again");
        assertThat(type(next())).isEqualTo("COMPLETE");
    }

    @Test
    void neitherEventsNorTheKeyGoToAnotherHost() throws InterruptedException {
        try (var other = new Receiver()) {
            receiver.then(Receiver.status(302, "Location: " + other.url("/api/v1/lineage")));
            var listener = listener(KnownRuns.in(RunState.PLANNED));
            listener.event("state", "", "RUNNING");
            var sent = receiver.next();
            listener.close();

            assertThat(sent.line()).isEqualTo("POST /api/v1/lineage HTTP/1.1");
            assertThat(sent.header("Authorization")).isEqualTo("Bearer a-secret");
            assertThat(sent.header("Content-Type")).isEqualTo("application/json");
            assertThat(other.all()).isEmpty();
            assertThat(trouble.told())
                    .containsExactly("lost OpenLineage at " + receiver.url("")
                            + " redirects to another host, which is not followed");
            assertThat(trouble.told().toString()).doesNotContain("a-secret");
        }
    }

    private OpenLineageEvent next() throws InterruptedException {
        return OpenLineageEvent.read(receiver.next().body());
    }

    private static String type(OpenLineageEvent event) {
        return event.event().getEventType().name();
    }

    private static long rows(OpenLineageEvent event) {
        return event.event()
                .getOutputs()
                .get(0)
                .getOutputFacets()
                .getOutputStatistics()
                .getRowCount();
    }

    private LineageListener listener(KnownRun known) {
        var to = LineageBackend.of(Map.of("OPENLINEAGE_URL", receiver.url(""), "OPENLINEAGE_API_KEY", "a-secret"))
                .orElseThrow();
        return new LineageListener(to, known, clock, trouble, Messages.QUICK);
    }
}
