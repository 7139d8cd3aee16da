package io.backhoe.run.throttle;

import static org.assertj.core.api.Assertions.assertThat;

import io.backhoe.ledger.Limit;
import io.backhoe.ledger.Tuning;
import io.backhoe.value.Policy;
import io.backhoe.value.SignalName;
import java.time.Duration;
import java.util.List;
import java.util.Map;
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
        assertThat(server.decisions).hasSize(3);
        assertThat(server.decisions.get(1).message()).contains("work goes on at 45 %, after 3");
        assertThat(server.decisions.get(2).message()).contains("full effort again");
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
                .startsWith("held for 10 min by replica_lag: ")
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
        assertThat(server.decisions).hasSize(1);
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
}
