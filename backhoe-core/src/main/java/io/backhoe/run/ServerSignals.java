package io.backhoe.run;

import io.backhoe.database.LoadFacts;
import io.backhoe.database.ServerSurvey;
import io.backhoe.database.Session;
import io.backhoe.database.TableFacts;
import io.backhoe.database.VacuumFacts;
import io.backhoe.ledger.DiskBudget;
import io.backhoe.ledger.ImagesTable;
import io.backhoe.ledger.Phase;
import io.backhoe.run.throttle.Reading;
import io.backhoe.run.throttle.ReplicaLag;
import io.backhoe.value.ExitCode;
import io.backhoe.value.SignalName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What the server tells about what goes on beside us. Confined to one thread. */
final class ServerSignals implements Sampler.Source {
    /** What changes slowly is asked for so often. */
    private static final Duration SLOWLY = Duration.ofSeconds(5);

    /** Who asks once a second does not ask to the millisecond. */
    private static final Duration TOLERANCE = Duration.ofMillis(500);

    private static final long LONG_WAIT_MILLIS = 1_000;
    private static final double DISK_STOP = 95;
    private static final long MOST_DEAD_ROWS = 10_000_000;

    private final Execution execution;
    private final Crew crew;
    private final Vacuum vacuum;
    private final ReplicaLag lag = new ReplicaLag();
    private final Map<String, Long> replayed = new TreeMap<>();
    private @Nullable TableFacts table;
    private long bytesAtFirst = -1;
    private @Nullable Long slowlyAsked;

    ServerSignals(Execution execution, Crew crew, Vacuum vacuum) {
        this.execution = execution;
        this.crew = crew;
        this.vacuum = vacuum;
    }

    @Override
    public List<SignalName> names() {
        return List.of(
                SignalName.REPLICA_LAG,
                SignalName.ACTIVE_SESSIONS,
                SignalName.BLOCKING,
                SignalName.LOCK_WAITS,
                SignalName.WAL_ARCHIVE,
                SignalName.SLOT_RETENTION,
                SignalName.DEAD_TUPLES,
                SignalName.DISK);
    }

    @Override
    public List<Reading> ask(Session session) {
        long now = execution.time().nanos();
        boolean slowly = slowlyAsked == null
                || now - slowlyAsked >= SLOWLY.minus(TOLERANCE).toNanos();
        if (slowly) {
            slowlyAsked = now;
            // By itself: it holds also whoever waits for nothing else, and who cannot read those need not wait for it.
            disk(session).ifPresent(execution.throttling()::read);
        }
        var server = execution.database().survey(session).server();
        var readings = new ArrayList<Reading>();
        var load = server.load().value();
        readings.add(replicaLag(load));
        readings.add(sessions(load));
        readings.add(blocking(load));
        readings.add(Reading.of(SignalName.LOCK_WAITS, longWaits(load), ""));
        if (slowly) {
            readings.add(archive(server));
            readings.add(slots(server));
            readings.add(deadRows(session));
        }
        return readings;
    }

    private Reading replicaLag(LoadFacts load) {
        long now = execution.time().nanos();
        lag.written(now, load.written());
        String cure = load.cure();
        if (load.hidden() > 0 && cure != null) {
            return Reading.notWatched(SignalName.REPLICA_LAG, cure);
        }
        var ignored = execution.throttling().pacing().throttle().ignoreReplicas();
        var here = new HashSet<String>();
        for (var replica : load.replicas()) {
            here.add(replica.name());
            // One that is gone stays where it was: as far as anybody knows it replays nothing.
            replayed.put(replica.name(), replica.replayed());
        }
        replayed.keySet().removeAll(ignored);
        double worst = 0;
        String about = "";
        for (var replica : replayed.entrySet()) {
            double behind = lag.behind(now, replica.getValue());
            if (behind >= worst) {
                worst = behind;
                about = replica.getKey() + (here.contains(replica.getKey()) ? "" : ", which is gone");
            }
        }
        return Reading.of(SignalName.REPLICA_LAG, worst, about);
    }

    private Reading sessions(LoadFacts load) {
        Long active = load.active();
        String cure = load.cure();
        if (execution.throttling().limit(SignalName.ACTIVE_SESSIONS) == null) {
            return Reading.notWatched(
                    SignalName.ACTIVE_SESSIONS,
                    "say in the spec how many processors the server has, server: {cpus: N}, or tune --limit"
                            + " active_sessions=N");
        }
        return active == null
                ? Reading.notWatched(SignalName.ACTIVE_SESSIONS, cure == null ? "" : cure)
                : Reading.of(SignalName.ACTIVE_SESSIONS, active, "");
    }

    /** Lets those pass who have waited too long for a batch of ours. */
    private Reading blocking(LoadFacts load) {
        Double limit = execution.throttling().limit(SignalName.BLOCKING);
        var ours = crew.processIds();
        var waits =
                load.waits().stream().filter(w -> ours.contains(w.blocker())).toList();
        var tooLong = waits.stream()
                .filter(w -> limit != null && w.millis() > limit)
                .map(LoadFacts.Wait::blocker)
                .collect(Collectors.toSet());
        crew.letPass(tooLong);
        vacuum.giveWay(load.waits().stream().map(LoadFacts.Wait::blocker).collect(Collectors.toSet()));
        return Reading.of(
                SignalName.BLOCKING,
                waits.stream().mapToLong(LoadFacts.Wait::millis).max().orElse(0),
                waits.isEmpty() ? "" : "process " + waits.get(0).process() + " waits");
    }

    private static long longWaits(LoadFacts load) {
        return load.waits().stream()
                .filter(w -> w.millis() > LONG_WAIT_MILLIS)
                .map(LoadFacts.Wait::process)
                .distinct()
                .count();
    }

    private static Reading archive(ServerSurvey server) {
        var facts = server.archive().value();
        Long waiting = facts.waiting();
        String cure = facts.cure();
        return waiting == null
                ? Reading.notWatched(SignalName.WAL_ARCHIVE, cure == null ? "" : cure)
                : Reading.of(SignalName.WAL_ARCHIVE, waiting, "");
    }

    private static Reading slots(ServerSurvey server) {
        var facts = server.slots().value();
        if (facts.slots().isEmpty()) {
            return Reading.of(SignalName.SLOT_RETENTION, 0, "");
        }
        if (facts.limitBytes() <= 0) {
            return Reading.notWatched(
                    SignalName.SLOT_RETENTION,
                    "the server keeps log for its replication slots without limit; ALTER SYSTEM SET"
                            + " max_slot_wal_keep_size = '10GB'; SELECT pg_reload_conf();");
        }
        // The one that keeps most comes first.
        var slot = facts.slots().get(0);
        return Reading.of(SignalName.SLOT_RETENTION, 100.0 * slot.keptBytes() / facts.limitBytes(), slot.name());
    }

    private Reading deadRows(Session session) {
        VacuumFacts facts = execution
                .database()
                .survey(session)
                .table(table(session))
                .vacuum()
                .value();
        double share = 100.0 * facts.deadRows() / Math.max(1, facts.liveRows());
        Double limit = execution.throttling().limit(SignalName.DEAD_TUPLES);
        vacuum.consider(share, facts.running());
        // Only a vacuum makes it less: without one there is nothing to wait for.
        if (!facts.running()) {
            return Reading.of(SignalName.DEAD_TUPLES, 0, "");
        }
        double value = facts.deadRows() > MOST_DEAD_ROWS && limit != null ? Math.max(share, limit + 1) : share;
        return Reading.of(SignalName.DEAD_TUPLES, value, "a vacuum works on the table");
    }

    private Optional<Reading> disk(Session session) {
        Long free = execution.plan().spec().server().diskFree();
        if (free == null) {
            return Optional.empty();
        }
        var sizes = execution.database().sizes(session, table(session).name());
        long images = ImagesTable.find(session, execution.run().id())
                .map(ImagesTable.Found::bytes)
                .orElse(0L);
        long bytes = sizes.heapBytes() + sizes.indexBytes() + images;
        if (bytesAtFirst < 0) {
            // Taking back makes room in the end, and must not be kept from it by what the run has taken.
            bytesAtFirst = execution.phase() == Phase.UNDO
                    ? bytes
                    : DiskBudget.bytesAtFirst(session, execution.run().id(), bytes);
        }
        double share = 100.0 * Math.max(0, bytes - bytesAtFirst) / Math.max(1, free);
        Double limit = execution.throttling().limit(SignalName.DISK);
        if (limit != null && limit != SignalName.OFF && share > Math.max(DISK_STOP, limit)) {
            execution
                    .gate()
                    .close(Halt.pause(
                            ExitCode.PARTIAL,
                            String.format(
                                    Locale.ROOT,
                                    "the run has taken %.0f %% of the disk that server.disk_free says was free;"
                                            + " what was committed stays. Where there is room by now: backhoe tune %d"
                                            + " --limit disk=VALUE, above that, or off; then resume",
                                    share,
                                    execution.run().id())));
            execution.queue().close();
        }
        return Optional.of(Reading.of(SignalName.DISK, share, ""));
    }

    private TableFacts table(Session session) {
        TableFacts known = table;
        if (known == null) {
            known = execution
                    .database()
                    .table(session, execution.plan().spec().scope().table());
            table = known;
        }
        return known;
    }
}
