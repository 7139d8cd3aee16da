package io.backhoe.backfill;

import static io.backhoe.backfill.TestDatabase.OPTIONS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.backhoe.Backhoe;
import io.backhoe.plan.Plan;
import io.backhoe.plan.PlanFile;
import io.backhoe.run.RunListener;
import io.backhoe.run.StopSignal;
import io.backhoe.spec.BackfillSpec;
import io.backhoe.spec.ChunkBy;
import io.backhoe.spec.SpecFile;
import io.backhoe.spec.SpecOverrides;
import io.backhoe.transform.ChunkFunction;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ChunkState;
import io.backhoe.value.RunState;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A Java function that does all of a chunk by its own means: at least once. */
class ChunkFunctionTest {
    private TestDatabase db;

    @BeforeEach
    void orders() throws SQLException {
        db = TestDatabase.create();
        db.orders(1_000);
    }

    @AfterEach
    void drop() throws SQLException {
        db.close();
    }

    private static BackfillSpec spec() {
        return BackfillSpec.named("by_chunk")
                .table("orders")
                .dates("order_date", LocalDate.of(2023, 1, 1), LocalDate.of(2024, 1, 1))
                .chunkFunction("f", "tier");
    }

    private Plan plan() {
        return db.backhoe().plan(spec().build());
    }

    private Backhoe with(ChunkFunction function) {
        return db.backhoe().withChunkFunction("f", function);
    }

    @Test
    void whatItChangedBesidesCannotBeTold() {
        var spec = SpecFile.read(
                TestDatabase.fillTier()
                        .replace("set: { tier: \"'t' || n\" }", "function: f\n    columns: [tier]\n    per: chunk")
                        .replace(
                                "  strategy:",
                                "  execution: { post_checks: [verify_untouched_columns_unchanged] }\n  strategy:"),
                "test.yaml",
                SpecOverrides.NONE);
        var plan = db.backhoe().plan(spec.spec());

        var report = with((start, end) -> 80).run(plan, OPTIONS, new StopSignal(), RunListener.NONE);

        assertThat(report.run().state()).isEqualTo(RunState.FAILED);
        assertThat(report.run().reason()).contains("could not tell: the Java function 'f' is called for each chunk");
    }

    @Test
    void isCalledForEachChunkWithItsDatesAndSaysThatItIsAtLeastOnce() {
        var months = new ConcurrentLinkedQueue<LocalDateTime>();
        Plan plan = plan();

        var report = with((start, end) -> {
                    assertThat(end).isEqualTo(start.plusMonths(1));
                    months.add(start);
                    return 80;
                })
                .run(PlanFile.read(PlanFile.write(plan), "plan"), OPTIONS, new StopSignal(), RunListener.NONE);

        assertThat(plan.notes()).anySatisfy(note -> assertThat(note).startsWith("At least once"));
        assertThat(report.run().state()).isEqualTo(RunState.SUCCEEDED);
        assertThat(report.changed()).isEqualTo(12 * 80);
        assertThat(months)
                .containsExactlyInAnyOrderElementsOf(java.util.stream.IntStream.rangeClosed(1, 12)
                        .mapToObj(month -> LocalDateTime.of(2023, month, 1, 0, 0))
                        .toList());
    }

    @Test
    void whatItInsertsOrDeletesIsNotSaidToBeNothing() {
        var report = with((start, end) -> 1).run(plan(), OPTIONS, new StopSignal(), RunListener.NONE);

        assertThat(report.checks())
                .filteredOn(check -> check.name().equals("verify_row_count_unchanged"))
                .singleElement()
                .satisfies(check -> assertThat(check.evidence())
                        .startsWith(
                                "not applicable: the Java function 'f' writes outside of our transactions, unseen"));
    }

    @Test
    void cannotBeTakenBack() {
        var report = with((start, end) -> 1).run(plan(), OPTIONS, new StopSignal(), RunListener.NONE);

        var refusal = catchThrowableOfType(
                BackhoeException.class,
                () -> db.backhoe().rollback(report.run().id(), List.of(), OPTIONS, new StopSignal(), RunListener.NONE));

        assertThat(refusal.code()).isEqualTo("not_undoable");
        assertThat(refusal).hasMessageContaining("cannot be taken back");
    }

    /** The chunk is repeated from its start, and no other is. */
    @Test
    void whatWasUnderWayIsDoneAgainByAResume() {
        var stop = new StopSignal();
        var calls = new AtomicInteger();
        Plan plan = db.backhoe().plan(spec().parallelism(1).build());

        var stopped = with((start, end) -> {
                    if (calls.incrementAndGet() == 3) {
                        stop.request("the test");
                        new CountDownLatch(1).await();
                    }
                    return 1;
                })
                .run(plan, OPTIONS, stop, RunListener.NONE);

        assertThat(stopped.run().state()).isEqualTo(RunState.PAUSED);
        assertThat(stopped.count(ChunkState.SUCCESS)).isEqualTo(2);
        var again = new ConcurrentLinkedQueue<LocalDateTime>();
        var resumed = with((start, end) -> {
                    again.add(start);
                    return 1;
                })
                .resume(stopped.run().id(), OPTIONS, new StopSignal(), RunListener.NONE);
        assertThat(resumed.run().state()).isEqualTo(RunState.SUCCEEDED);
        assertThat(again).hasSize(10).contains(LocalDateTime.of(2023, 3, 1, 0, 0));
    }

    @Test
    void aChunkThatFailsIsRetriedWhenAsked() {
        var failing = new AtomicInteger();
        var report = with((start, end) -> {
                    if (start.getMonthValue() == 5 && failing.getAndIncrement() == 0) {
                        throw new SQLException("duplicate key: card 4111", "23505");
                    }
                    return 1;
                })
                .run(plan(), OPTIONS, new StopSignal(), RunListener.NONE);

        assertThat(report.run().state()).isEqualTo(RunState.PARTIAL);
        assertThat(report.chunks().get(4).error()).contains("SQLSTATE 23505").doesNotContain("4111");
        var retried = with((start, end) -> 1).retry(report.run().id(), OPTIONS, new StopSignal(), RunListener.NONE);
        assertThat(retried.run().state()).isEqualTo(RunState.SUCCEEDED);
    }

    @Test
    void stretchesOfKeysAreRefused() {
        var spec = spec().chunkBy(ChunkBy.KEY).build();

        var refusal =
                catchThrowableOfType(BackhoeException.class, () -> db.backhoe().plan(spec));

        assertThat(refusal.code()).isEqualTo("chunk_function_needs_dates");
    }
}
