package io.backhoe.run;

import io.backhoe.database.DatabaseException;
import io.backhoe.database.ErrorKind;
import io.backhoe.database.Session;
import io.backhoe.run.throttle.Reading;
import io.backhoe.spec.Pacing;
import io.backhoe.value.SignalName;
import io.backhoe.value.Time;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Asks a person's own question. Confined to one thread. */
final class ProbeSignal implements Sampler.Source {
    private static final Duration BEYOND = Duration.ofSeconds(1);

    /** Before what it said last is stale. */
    private static final Duration LONGEST = Reading.STALE_AFTER.minusSeconds(2);

    private final Pacing.Probe probe;
    private final Execution execution;
    private final Time time;

    ProbeSignal(Pacing.Probe probe, Execution execution) {
        this.probe = probe;
        this.execution = execution;
        this.time = execution.time();
    }

    @Override
    public List<SignalName> names() {
        return List.of(SignalName.PROBE);
    }

    @Override
    public Duration patience() {
        // It may have been tuned since.
        Double limit =
                probe.limitMillis() == null ? null : execution.throttling().limit(SignalName.PROBE);
        return limit == null || limit + BEYOND.toMillis() <= PATIENCE.toMillis()
                ? PATIENCE
                : Duration.ofMillis((long) Math.min(LONGEST.toMillis(), limit + BEYOND.toMillis()));
    }

    @Override
    public List<Reading> ask(Session session) {
        long since = time.nanos();
        session.begin(Session.Isolation.READ_ONLY);
        try {
            var rows = session.query(probe.query(), Map.of());
            double took = (time.nanos() - since) / 1e6;
            if (probe.most() == null) {
                return List.of(Reading.of(SignalName.PROBE, took, "ms"));
            }
            if (rows.size() != 1 || rows.get(0).text(0) == null) {
                throw unclear("it answers with " + rows.size() + " rows, and not with one number", null);
            }
            return List.of(Reading.of(SignalName.PROBE, number(rows.get(0).required(0)), ""));
        } catch (DatabaseException e) {
            if (e.kind() == ErrorKind.TIMEOUT || e.kind() == ErrorKind.LOCK_TIMEOUT) {
                // It takes longer than is waited for, which is an answer: it degrades.
                long millis = (time.nanos() - since) / 1_000_000;
                return List.of(Reading.unended(SignalName.PROBE, "no answer within " + millis + " ms"));
            }
            throw e;
        } finally {
            session.rollback();
        }
    }

    private static double number(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw unclear("it answers with something that is not a number", e);
        }
    }

    private static DatabaseException unclear(String what, @org.jspecify.annotations.Nullable Throwable cause) {
        return new DatabaseException(ErrorKind.STATEMENT, "", "throttle.probe: " + what, null, cause);
    }
}
