package io.backhoe.run.throttle;

import static org.assertj.core.api.Assertions.assertThat;

import io.backhoe.ledger.Limit;
import io.backhoe.ledger.Tuning;
import io.backhoe.value.Policy;
import io.backhoe.value.SignalName;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ControllerTest {
    private static final int WORKERS = 4;

    private final SimulatedServer server = new SimulatedServer(
            nanos -> new Controller(Policy.BALANCED, Limits.of(2, Map.of()), WORKERS, nanos), WORKERS);
    private final Controller controller = server.controller();

    @Test
    void worksAtFullSpeedWhereAllIsWell() {
        server.pass(Duration.ofHours(1));

        assertThat(server.share()).isEqualTo(1);
        assertThat(server.decisions).isEmpty();
        assertThat(controller.limit()).isNull();
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.1, 0.3, 0.5, 0.7, 0.9, 0.99})
    void settlesAtWhatAReplicaBearsAndDoesNotSwingAroundIt(double bears) {
        server.replays = bears;
        server.pass(Duration.ofMinutes(10));
        int before = server.holds();
        server.share();
        server.worstLag = 0;

        server.pass(Duration.ofHours(4));

        assertThat(server.holds() - before).isLessThanOrEqualTo(4);
        assertThat(server.worstLag).isLessThan(8);
        assertThat(server.share()).isBetween(0.8 * bears, bears + 0.001);
        assertThat(server.decisions.size()).isLessThan(60);
    }

    @Test
    void recoversWhenAReplicaThatStoodStillGoesOn() {
        server.pass(Duration.ofMinutes(1));
        server.replays = 0;
        server.pass(Duration.ofSeconds(12));

        assertThat(controller.course().hold()).isNotNull();
        assertThat(controller.limit()).isNotNull().extracting(Limit::signal).isEqualTo("replica_lag");
        assertThat(server.decisions).hasSize(1);
        assertThat(server.decisions.get(0).message())
                .matches("replica_lag: [5-7][.\\d]* s \\(replica_1\\) of 5 s: no batch begins until it is well again");

        server.pass(Duration.ofMinutes(5));
        assertThat(server.decisions)
                .as("what does not change is not told again")
                .hasSize(1);
        server.replays = 3;
        server.pass(Duration.ofMinutes(10));

        assertThat(controller.course().hold()).isNull();
        assertThat(controller.course().workers()).isEqualTo(WORKERS);
        assertThat(server.decisions).hasSize(5);
        assertThat(server.decisions.get(1).message()).contains("work goes on at 45 %, after 3");
        assertThat(server.decisions.get(2).message()).matches("replica_lag: 0 s \\(replica_1\\) of 5 s: effort 7\\d %");
        assertThat(server.decisions.get(4).message()).endsWith(" of 5 s: full effort again");
    }

    @Test
    void holdsWhenASignalThatCouldBeReadNoLongerCanAndGoesOnWhenItCan() {
        server.pass(Duration.ofMinutes(1));
        server.answers = false;
        controller.unread(List.of(SignalName.REPLICA_LAG), "no connection");
        server.pass(Duration.ofSeconds(14));
        assertThat(controller.course().hold()).isNull();

        server.pass(Duration.ofSeconds(3));

        assertThat(controller.course().hold())
                .isNotNull()
                .satisfies(hold -> assertThat(hold.value()).matches("not read for 1[67] s \\(no connection\\)"));

        server.answers = true;
        server.pass(Duration.ofSeconds(2));
        assertThat(controller.course().hold()).isNull();
    }

    @Test
    void whatHasNeverSaidAnythingIsDoubtToo() {
        controller.watch(SignalName.PROBE);
        controller.tune(new Tuning(null, null, null, Map.of(SignalName.PROBE, 300.0)));
        server.pass(Duration.ofSeconds(17));

        assertThat(controller.course().hold())
                .isNotNull()
                .extracting(Limit::signal)
                .isEqualTo("probe");
    }

    @Test
    void whatCanNeverBeReadIsToldOnceWithItsCureAndHoldsNothing() {
        for (int i = 0; i < 100; i++) {
            controller.read(Reading.notWatched(SignalName.WAL_ARCHIVE, "GRANT pg_monitor TO app;"));
            server.pass(Duration.ofSeconds(30));
        }

        assertThat(server.decisions).containsExactly(Decision.notWatched("wal_archive: GRANT pg_monitor TO app;"));
        assertThat(controller.course().hold()).isNull();
        assertThat(server.share()).isEqualTo(1);
    }

    @Test
    void saysAfterTenMinutesOfHoldWhichKnobToTurn() {
        server.pass(Duration.ofMinutes(1));
        server.replays = 0;
        server.pass(Duration.ofMinutes(10).plusSeconds(30));

        assertThat(server.decisions).hasSize(2);
        assertThat(server.decisions.get(1).kind()).isEqualTo(Decision.Kind.WARNING);
        assertThat(server.decisions.get(1).message())
                .startsWith("held for 10 min because of replica_lag: ")
                .endsWith("backhoe tune --limit replica_lag=VALUE, or off");
    }

    @Test
    void goesOnAtOnceWhenSomebodyTurnsTheKnob() {
        server.replays = 0;
        server.pass(Duration.ofMinutes(1));
        assertThat(controller.course().hold()).isNotNull();

        controller.tune(new Tuning(null, null, null, Map.of(SignalName.REPLICA_LAG, SignalName.OFF)));
        controller.decide();

        assertThat(controller.course().hold()).isNull();
        assertThat(controller.drain().get(0).message()).startsWith("replica_lag is not watched any more");
    }

    @Test
    void aMaintenanceWindowWaitsForNothingButAFullDisk() {
        server.replays = 0;
        server.pass(Duration.ofMinutes(1));

        controller.tune(new Tuning(null, null, Policy.FAST, Map.of()));
        server.pass(Duration.ofMinutes(1));
        assertThat(controller.course()).isEqualTo(new Course(WORKERS, Policy.FAST.batchTime(), 0, null));

        controller.read(Reading.of(SignalName.DISK, 10, ""));
        server.pass(Duration.ofSeconds(14));
        assertThat(controller.course().hold()).isNull();
        server.pass(Duration.ofSeconds(2));
        assertThat(controller.course().hold())
                .as("who cannot see how full the disk is does not go on")
                .isNotNull()
                .satisfies(hold -> assertThat(hold.toString()).startsWith("disk: not read for 1"));

        controller.read(Reading.of(SignalName.DISK, 86, ""));
        server.pass(Duration.ofSeconds(1));
        assertThat(controller.course().hold())
                .isNotNull()
                .extracting(Limit::signal)
                .isEqualTo("disk");
    }

    @Test
    void worksLessWhereSomebodyIsBlockedAndDoesNotWait() {
        for (int second = 0; second < 12; second++) {
            controller.read(Reading.of(SignalName.BLOCKING, 1_500, ""));
            server.pass(Duration.ofSeconds(1));
        }

        assertThat(controller.course().hold()).isNull();
        assertThat(controller.course().workers()).isEqualTo(1);
        assertThat(controller.limit()).isNotNull().extracting(Limit::signal).isEqualTo("blocking");
        assertThat(server.decisions).hasSize(2);
    }

    @Test
    void doesInProportionToTheEffort() {
        var effort = new Effort();
        for (int i = 0; i < 20; i++) {
            var course = effort.course(WORKERS, Duration.ofMillis(100), 1, null);
            double done = course.workers() / (1 + course.rest()) * 2 / WORKERS;
            assertThat(Math.round(done * 100) + " %").isEqualTo(effort.toString());
            assertThat(course.batchTime()).isBetween(Duration.ofMillis(20), Duration.ofMillis(100));
            effort.ease();
        }
    }

    @Test
    void waitsForItsHoursWhateverTheSignalsSay() {
        var closed = new Limit("run_between", "it is 07:00 there", "22:00-06:00 UTC");
        controller.closed(closed);
        server.pass(Duration.ofMinutes(30));

        assertThat(controller.course().hold()).isEqualTo(closed);
        assertThat(server.decisions)
                .as("that it waits is as planned: no warning")
                .hasSize(1);

        controller.closed(null);
        server.pass(Duration.ofSeconds(1));
        assertThat(controller.course().hold()).isNull();
        assertThat(controller.course().workers()).isEqualTo(WORKERS);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4})
    void oneReadingOverItsLimitCountsWheneverItComes(int second) {
        server.pass(Duration.ofMinutes(1));
        for (int now = 0; now < 5; now++) {
            controller.read(Reading.of(SignalName.COMMIT_LATENCY, now == second ? 900 : 20, ""));
            controller.decide();
            assertThat(controller.course().workers()).isEqualTo(now < second ? WORKERS : WORKERS / 2);
            server.pass(Duration.ofSeconds(1));
        }

        assertThat(server.decisions)
                .extracting(Decision::message)
                .containsExactly("commit_latency: 900 ms of 200 ms: effort 50 %");
    }

    @Test
    void whatJumpsIsAveragedSoThatASpikeChangesNothing() {
        var second = new AtomicInteger();
        server.says =
                () -> List.of(Reading.of(SignalName.ACTIVE_SESSIONS, second.getAndIncrement() % 5 == 0 ? 9 : 1, ""));
        server.pass(Duration.ofHours(4));

        assertThat(server.holds()).isZero();
        assertThat(server.share()).isEqualTo(1);
    }

    @Test
    void doesNotSwingBesideSessionsThatComeAndGo() {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        server.says = () -> List.of(Reading.of(SignalName.ACTIVE_SESSIONS, poisson(random, 1.5), ""));
        server.pass(Duration.ofHours(4));

        assertThat(server.holds()).as("seed %d", seed).isLessThan(20);
        assertThat(server.share()).as("seed %d", seed).isGreaterThan(0.85);
    }

    @Test
    void waitsWhereTheServerIsFullIndeed() {
        server.says = () -> List.of(Reading.of(SignalName.ACTIVE_SESSIONS, 8, ""));
        server.pass(Duration.ofSeconds(3));

        assertThat(controller.course().hold()).isNotNull().hasToString("active_sessions: 8 of 4");
    }

    @Test
    void aShortHoldAfterAShortHoldDoesNotHalveEachTime() {
        var second = new AtomicInteger();
        server.says = () -> List.of(Reading.of(SignalName.REPLICA_LAG, second.getAndIncrement() % 2 == 0 ? 9 : 0, ""));
        server.pass(Duration.ofSeconds(5));

        assertThat(server.holds()).isGreaterThan(1);
        assertThat(controller.limit()).isNotNull();
        assertThat(controller.course().workers()).isEqualTo(WORKERS / 2);
    }

    @Test
    void nothingGrowsBeforeASignalHasSaidAnything() {
        controller.read(Reading.of(SignalName.LOCK_WAITS, 9, ""));
        server.pass(Duration.ofSeconds(1));
        controller.read(Reading.of(SignalName.LOCK_WAITS, 0, ""));
        controller.tune(new Tuning(null, null, null, Map.of(SignalName.PROBE, 300.0)));
        controller.watch(SignalName.PROBE);
        server.share();
        server.pass(Duration.ofSeconds(14));
        assertThat(server.share()).isEqualTo(0.5);

        server.says = () -> List.of(Reading.of(SignalName.PROBE, 1, ""), Reading.of(SignalName.LOCK_WAITS, 0, ""));
        server.pass(Duration.ofSeconds(20));
        assertThat(server.share()).isGreaterThan(0.5);
    }

    @Test
    void aProbeThatDoesNotEndIsOverAnyLimit() {
        controller.tune(new Tuning(null, null, null, Map.of(SignalName.PROBE, 300.0)));
        controller.read(Reading.unended(SignalName.PROBE, "no answer within 5 s"));
        controller.decide();

        assertThat(controller.course().hold())
                .isNotNull()
                .hasToString("probe: not ended (no answer within 5 s) of 300");
    }

    @Test
    void saysAfterTenMinutesWithoutGrowthWhichKnobToTurn() {
        server.says = () -> List.of(Reading.of(SignalName.LOCK_WAITS, 4, ""));
        controller.read(Reading.of(SignalName.LOCK_WAITS, 9, ""));
        controller.decide();
        server.pass(Duration.ofMinutes(9));
        assertThat(server.decisions).hasSize(1);

        server.pass(Duration.ofMinutes(12));

        assertThat(server.decisions)
                .filteredOn(d -> d.kind() == Decision.Kind.WARNING)
                .extracting(Decision::message)
                .containsExactly(
                        "no more than effort 50 % for 10 min because of lock_waits: 4 of 5; who wants it to go on all the"
                                + " same: backhoe tune --limit lock_waits=VALUE, or off",
                        "no more than effort 50 % for 20 min because of lock_waits: 4 of 5; who wants it to go on all the"
                                + " same: backhoe tune --limit lock_waits=VALUE, or off");
    }

    @Test
    void tellsOfEachQuarterThatIsLostAndWon() {
        for (int second = 0; second < 8; second++) {
            controller.read(Reading.of(SignalName.LOCK_WAITS, 9, ""));
            server.pass(Duration.ofSeconds(1));
        }
        server.says = () -> List.of(Reading.of(SignalName.LOCK_WAITS, 1, ""));
        server.pass(Duration.ofMinutes(20));

        assertThat(server.decisions)
                .extracting(Decision::message)
                .containsExactly(
                        "lock_waits: 9 of 5: effort 50 %",
                        "lock_waits: 9 of 5: effort 25 %",
                        "lock_waits: 1 of 5: effort 50 %",
                        "lock_waits: 1 of 5: effort 75 %",
                        "lock_waits: 1 of 5: full effort again");
    }

    /** How many of many come at once, that come independently (Knuth, The Art of Computer Programming, 3.4.1). */
    private static int poisson(Random random, double mean) {
        int count = -1;
        for (double product = 1; product > Math.exp(-mean); product *= random.nextDouble()) {
            count++;
        }
        return count;
    }
}
