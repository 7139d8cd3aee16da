package io.backhoe.backfill;

import static io.backhoe.backfill.TestDatabase.OPTIONS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backhoe.Backhoe;
import io.backhoe.database.Database;
import io.backhoe.database.Session;
import io.backhoe.ledger.ChunkTable;
import io.backhoe.ledger.Phase;
import io.backhoe.ledger.RunTable;
import io.backhoe.ledger.SegmentTable;
import io.backhoe.run.RunListener;
import io.backhoe.run.StopSignal;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import io.backhoe.value.Key;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Two executors meet at the worst moment, which is arranged. */
class CoordinatorsRaceTest {
    private static final int ROWS = 8_000;
    private static final int CHUNKS = 2;

    @Test
    void aLatecomerThatFindsTheRunEndedSaysSoAndChangesNothing() throws Exception {
        try (var db = TestDatabase.create()) {
            var scene = new CrashScene(db, ROWS, CHUNKS);
            scene.leaveDead(2);
            scene.pace(0);
            long run = scene.runId();
            var first = new AtomicBoolean(true);
            // It has seen a dead run; before it asks for the lock, another has resumed and ended it.
            var late = (Database) before(Database.class, db.database(), "open", argument -> {
                if (argument.equals("backhoe/" + run) && first.getAndSet(false)) {
                    db.backhoe().resume(run, OPTIONS, new StopSignal(), RunListener.NONE);
                }
            });

            assertThatThrownBy(() -> new Backhoe(late).resume(run, OPTIONS, new StopSignal(), RunListener.NONE))
                    .isInstanceOfSatisfying(
                            BackhoeException.class, e -> assertThat(e.exit()).isEqualTo(ExitCode.CONFLICT));

            assertThat(first).isFalse();
            scene.everyRowHasOneMore();
        }
    }

    @Test
    void aSegmentThatIsSplitDuringATakeoverIsTakenOverInBothParts() throws Exception {
        try (var db = TestDatabase.create()) {
            var scene = new CrashScene(db, ROWS, CHUNKS);
            scene.leaveDead(1);
            long run = scene.runId();
            var segments = new SegmentTable(run, scene.epoch(), Phase.RUN);
            try (var former = db.database().open("former", Map.of());
                    var heir = db.database().open("heir", Map.of())) {
                var segment = new ChunkTable(run, scene.epoch(), Phase.RUN)
                        .start(former, ChunkTable.all(former, run).get(0))
                        .get(0);
                var takeover = new CompletableFuture<Integer>();
                var held = (Session) before(Session.class, former, "commit", nothing -> {
                    takeover.completeAsync(() -> RunTable.takeOver(heir, run, "heir"));
                    awaitLockOf(db, heir);
                });

                var tail = segments.split(held, segment, new Key(List.of("2023-01-31 00:00:00+00", "1")));

                assertThat(tail).isPresent();
                int epoch = takeover.join();
                assertThat(db.one("SELECT string_agg(DISTINCT CAST(epoch AS text), ' ') FROM backhoe.segment"
                                + " WHERE NOT done AND run_id = " + run))
                        .isEqualTo(Integer.toString(epoch));
            }
        }
    }

    private static void awaitLockOf(TestDatabase db, Session session) throws Exception {
        CrashScene.await(
                () -> db.number("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND pid = "
                                + session.processId())
                        == 1,
                "the takeover to wait");
    }

    private interface Hook {
        void run(Object argument) throws Exception;
    }

    /** The same, with something happening before each call of a method; the hook is given its first argument. */
    private static Object before(Class<?> type, Object real, String name, Hook hook) {
        return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
            if (method.getName().equals(name)) {
                hook.run(arguments == null ? "" : arguments[0]);
            }
            try {
                return method.invoke(real, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        });
    }
}
