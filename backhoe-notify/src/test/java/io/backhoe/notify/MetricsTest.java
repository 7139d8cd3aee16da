package io.backhoe.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.backhoe.ledger.Limit;
import io.backhoe.run.BatchOutcome;
import io.backhoe.run.throttle.Reading;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.SignalName;
import io.backhoe.value.SystemTime;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MetricsTest {
    private static final Limit WORKERS = new Limit("workers", "2 busy", "2");
    private static final Limit LAG = new Limit("replica_lag", "12 s", "5 s");
    private static final Pattern NAME = Pattern.compile("backhoe_[a-z_]+");

    private final HandTime time = new HandTime();
    private final MetricsListener metrics = MetricsListener.at(new InetSocketAddress("127.0.0.1", 0), time);

    @BeforeEach
    void run() {
        metrics.begins(7);
        metrics.progress(Messages.progress(0, 0, 100, WORKERS));
        metrics.batch(new BatchOutcome("2023-01", Duration.ofMillis(480), 4_000, 3_900, null));
        metrics.batch(new BatchOutcome("2023-01", Duration.ofMillis(20), 0, 0, "40001"));
        metrics.progress(Messages.progress(3, 1, 4_100, LAG));
        time.now += Duration.ofSeconds(3).toNanos();
        metrics.progress(Messages.progress(3, 1, 4_100, LAG));
        metrics.reading(Reading.of(SignalName.REPLICA_LAG, 12.4, "standby"));
    }

    @AfterEach
    void close() {
        metrics.close();
    }

    @Test
    void tellsWhatHappened() throws Exception {
        assertThat(get("/metrics")
                        .body()
                        .lines()
                        .map(line -> line.replace("name=\"\",run=\"7\",", "").replace(",table=\"\"", "")))
                .contains(
                        "backhoe_chunks{state=\"done\"} 3.0",
                        "backhoe_chunks{state=\"failed\"} 1.0",
                        "backhoe_chunks{state=\"pending\"} 20.0",
                        "backhoe_held_seconds_total{signal=\"replica_lag\"} 3.0",
                        "backhoe_limited{signal=\"replica_lag\"} 1.0",
                        "backhoe_limited{signal=\"workers\"} 0.0",
                        "backhoe_batches_failed_total{sqlstate_class=\"40\"} 1.0",
                        "backhoe_remaining_seconds{bound=\"high\"} 20.0",
                        "backhoe_run_state{state=\"RUNNING\"} 1.0",
                        "backhoe_workers{kind=\"allowed\"} 2.0");
        assertThat(get("/metrics").body())
                .contains("backhoe_rows_examined_total{name=\"\",run=\"7\",table=\"\"} 4000.0")
                .contains("backhoe_rows_changed_total{name=\"\",run=\"7\",table=\"\"} 3900.0")
                .contains("backhoe_batch_duration_seconds_bucket{name=\"\",run=\"7\",table=\"\",le=\"0.5\"} 1")
                .contains("backhoe_batch_duration_seconds_bucket{name=\"\",run=\"7\",table=\"\",le=\"0.25\"} 0");
    }

    @Test
    void tellsHowFarReplicasAreBehindForAsLongAsThatIsKnown() throws Exception {
        assertThat(lag()).isEqualTo("12.4");
        metrics.reading(Reading.of(SignalName.BLOCKING, 700, ""));
        time.now += Duration.ofSeconds(15).toNanos();
        assertThat(lag()).isEqualTo("12.4");
        time.now += 1;
        assertThat(lag()).isEqualTo("NaN");
        metrics.reading(Reading.of(SignalName.REPLICA_LAG, 0, ""));
        assertThat(lag()).isEqualTo("0.0");
        metrics.reading(Reading.notWatched(SignalName.REPLICA_LAG, "GRANT pg_monitor TO backhoe"));
        assertThat(lag()).isEqualTo("NaN");
    }

    private String lag() throws Exception {
        return get("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith("backhoe_replica_lag_seconds{"))
                .map(line -> line.substring(line.indexOf(' ') + 1))
                .collect(Collectors.joining());
    }

    @Test
    void prometheusUnderstandsItAndFindsNothingToMend() throws Exception {
        String promtool = promtool();
        assumeTrue(
                promtool != null,
                "promtool (Debian's package prometheus) is neither on the PATH nor named by PROMTOOL");
        var process = new ProcessBuilder(promtool, "check", "metrics")
                .redirectErrorStream(true)
                .start();
        try (var in = process.getOutputStream()) {
            in.write(get("/metrics").body().getBytes(StandardCharsets.UTF_8));
        }
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(said).isEmpty();
        assertThat(process.exitValue()).isZero();
    }

    @Test
    void theDashboardAsksForNothingElseAndShowsAll() throws Exception {
        String dashboard = Files.readString(Path.of("..", "docs", "grafana-dashboard.json"));
        var panels = Body.JSON.readTree(dashboard).get("panels");
        assertThat(panels.size()).isPositive();
        var asked = new TreeSet<String>();
        panels.forEach(panel -> panel.get("targets")
                .forEach(target -> asked.addAll(names(target.get("expr").asString()))));

        var shown = new TreeSet<String>();
        get("/metrics").body().lines().filter(line -> !line.startsWith("#")).forEach(line -> shown.addAll(names(line)));
        shown.removeAll(Set.of(
                "backhoe_batch_duration_seconds_count",
                "backhoe_batch_duration_seconds_sum",
                "backhoe_batch_duration_seconds_max"));
        assertThat(asked).isEqualTo(shown);
    }

    @Test
    void showsNothingElse() throws Exception {
        assertThat(get("/").statusCode()).isEqualTo(404);
        assertThat(get("/metrics").headers().firstValue("Content-Type").orElse(""))
                .startsWith("text/plain; version=0.0.4");
    }

    @Test
    void aPortThatIsTakenIsRefused() {
        assertThatThrownBy(() -> MetricsListener.at(metrics.address(), new SystemTime()))
                .isInstanceOf(BackhoeException.class)
                .hasMessageContaining("Metrics cannot be shown at 127.0.0.1:"
                        + metrics.address().getPort())
                .hasMessageContaining("Nothing was run.");
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        var uri = URI.create("http://127.0.0.1:" + metrics.address().getPort() + path);
        return HttpClient.newHttpClient().send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }

    private static Set<String> names(String text) {
        var names = new TreeSet<String>();
        var matcher = NAME.matcher(text);
        while (matcher.find()) {
            names.add(matcher.group());
        }
        return names;
    }

    private static @Nullable String promtool() {
        String named = System.getenv("PROMTOOL");
        if (named != null) {
            return named;
        }
        for (String folder : System.getenv("PATH").split(":")) {
            Path program = Path.of(folder, "promtool");
            if (Files.isExecutable(program)) {
                return program.toString();
            }
        }
        return null;
    }
}
