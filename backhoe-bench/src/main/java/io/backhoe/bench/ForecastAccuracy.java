package io.backhoe.bench;

import io.backhoe.Backhoe;
import io.backhoe.PlanOptions;
import io.backhoe.plan.Forecast;
import io.backhoe.postgres.PostgresDatabase;
import io.backhoe.report.RunReport;
import io.backhoe.run.RunListener;
import io.backhoe.run.RunOptions;
import io.backhoe.run.StopSignal;
import io.backhoe.spec.SpecFile;
import io.backhoe.spec.SpecOverrides;
import io.backhoe.value.RunState;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;

/**
 * How far forecasts are off: plans and runs backfills of tables of several shapes and sizes, and sets what was forecast
 * beside what it took. {@code ForecastAccuracy URL [POLICY]}, a database of its own on a server where nothing else runs, with
 * a role that may CHECKPOINT; the URL is libpq's, the policy gentle unless it is named.
 */
public final class ForecastAccuracy {
    private final String url;
    private final String policy;
    private final Connection connection;
    private final List<Sample> samples = new ArrayList<>();

    private record Actual(long changed, long millis, long wal, long table, long index, long images) {}

    private record Sample(String shape, ForecastShape variant, Forecast forecast, Actual actual) {
        String row() {
            var f = forecast;
            return String.format(
                    Locale.ROOT,
                    "| %s | %,d | %,d to %,d | %,d%s | %.1f to %.1f | %.1f%s | %.0f / %.0f (%+.0f %%) | %+.0f %% | %+.0f %% | %+.0f %% |",
                    shape,
                    variant.rows(),
                    f.rowsChanged().low(),
                    f.rowsChanged().high(),
                    actual.changed(),
                    f.rowsChanged().holds(actual.changed()) ? "" : " **out**",
                    f.durationMillis().low() / 1000.0,
                    f.durationMillis().high() / 1000.0,
                    actual.millis() / 1000.0,
                    f.durationMillis().holds(actual.millis()) ? "" : " **out**",
                    f.walBytes() / 1e6,
                    actual.wal() / 1e6,
                    off(f.walBytes(), actual.wal()),
                    off(f.tableGrowthBytes(), actual.table()),
                    off(f.indexGrowthBytes(), actual.index()),
                    off(f.imageBytes(), actual.images()));
        }
    }

    private ForecastAccuracy(String url, String policy, Connection connection) {
        this.url = url;
        this.policy = policy;
        this.connection = connection;
    }

    public static void main(String[] args) throws SQLException {
        try (var connection = BenchOrders.connect(args[0])) {
            var bench = new ForecastAccuracy(args[0], args.length > 1 ? args[1] : "gentle", connection);
            for (ForecastShape shape : ForecastShape.ALL) {
                bench.measure(shape);
            }
            bench.print();
        }
    }

    private void measure(ForecastShape shape) throws SQLException {
        execute("DROP SCHEMA IF EXISTS backhoe CASCADE");
        execute("DROP SCHEMA IF EXISTS bench CASCADE");
        for (String sql : shape.statements()) {
            execute(sql);
        }
        execute("VACUUM ANALYZE bench.t");
        // As a table is that nobody has written to of late: each page is logged whole when it is first changed.
        execute("CHECKPOINT");
        var backhoe = new Backhoe(PostgresDatabase.at(url, null, null, Map.of()));
        var read = SpecFile.read(shape.spec(policy), shape.name(), SpecOverrides.NONE);
        var plan = backhoe.plan(read.spec(), read.warnings(), new PlanOptions(true, text -> {}));
        execute("CHECKPOINT");
        long table = number("SELECT pg_relation_size('bench.t')");
        long indexes = number("SELECT pg_indexes_size('bench.t')");
        String from = text("SELECT pg_current_wal_insert_lsn()");
        RunReport report = backhoe.run(plan, new RunOptions(null, null, "bench"), new StopSignal(), RunListener.NONE);
        if (report.run().state() != RunState.SUCCEEDED) {
            throw new IllegalStateException(shape.name() + ": " + report.run());
        }
        long images = number("SELECT coalesce(pg_relation_size(to_regclass('backhoe.before_image_1')), 0)");
        var actual = new Actual(
                report.changed(),
                Duration.between(
                                Objects.requireNonNull(report.run().startedAt()),
                                Objects.requireNonNull(report.run().endedAt()))
                        .toMillis(),
                number("SELECT CAST(pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '" + from + "') AS bigint)"),
                number("SELECT pg_relation_size('bench.t')") - table,
                number("SELECT pg_indexes_size('bench.t')") - indexes,
                images);
        samples.add(new Sample(shape.name(), shape, Objects.requireNonNull(plan.forecast()), actual));
        System.err.println(samples.get(samples.size() - 1).row());
    }

    private void print() {
        System.out.println(
                "| shape | rows | changed: forecast | actual | seconds: forecast | actual | WAL MB: forecast /"
                        + " actual | table growth off | index growth off | before-images off |");
        System.out.println("|---|---|---|---|---|---|---|---|---|---|");
        samples.forEach(sample -> System.out.println(sample.row()));
        System.out.println();
        within("rows changed", s -> s.forecast().rowsChanged().holds(s.actual().changed()) ? 1 : 0);
        within("duration", s -> s.forecast().durationMillis().holds(s.actual().millis()) ? 1 : 0);
        p90(
                "duration, from the middle of the band",
                s -> off(middle(s.forecast()), s.actual().millis()));
        p90("WAL", s -> off(s.forecast().walBytes(), s.actual().wal()));
        p90("table growth", s -> off(s.forecast().tableGrowthBytes(), s.actual().table()));
        p90("index growth", s -> off(s.forecast().indexGrowthBytes(), s.actual().index()));
        p90("before-images", s -> off(s.forecast().imageBytes(), s.actual().images()));
    }

    /** The geometric one: a band of 1 to 4 seconds is twice as far as half as far. */
    private static double middle(Forecast forecast) {
        return Math.sqrt((double) forecast.durationMillis().low()
                * forecast.durationMillis().high());
    }

    private void within(String what, ToDoubleFunction<Sample> inside) {
        System.out.printf(
                Locale.ROOT,
                "- %s: %.0f of %d runs within the band%n",
                what,
                samples.stream().mapToDouble(inside).sum(),
                samples.size());
    }

    private void p90(String what, ToDoubleFunction<Sample> error) {
        var sorted = samples.stream()
                .mapToDouble(s -> Math.abs(error.applyAsDouble(s)))
                .sorted()
                .toArray();
        System.out.printf(
                Locale.ROOT,
                "- %s: off by %.0f %% in the median, %.0f %% in nine of ten%n",
                what,
                sorted[sorted.length / 2],
                sorted[(int) Math.ceil(0.9 * sorted.length) - 1]);
    }

    /** In percent of what it was; below a megabyte nobody minds. */
    private static double off(double forecast, long actual) {
        return Math.max(forecast, actual) < 1e6 && actual < 1000 ? 0 : 100 * (forecast - actual) / Math.max(1, actual);
    }

    private void execute(String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private long number(String sql) throws SQLException {
        return Long.parseLong(text(sql));
    }

    private String text(String sql) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }
}
