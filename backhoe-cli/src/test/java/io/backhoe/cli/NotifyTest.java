package io.backhoe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class NotifyTest {
    private static final String TOLD = """
              monitoring: { progress_webhook: "${env:HOOK}", update_frequency: per_chunk }
            """;

    @TempDir
    private Path folder = Path.of("");

    private final Shop shop = new Shop(12_000);
    private final List<String> messages = new CopyOnWriteArrayList<>();
    private HttpServer receiver = server();
    private Shell shell = shop.shell();
    private volatile int status = 200;
    private volatile int metricsPort;
    private volatile String metrics = "";

    @BeforeEach
    void listen() {
        receiver.createContext("/", exchange -> {
            messages.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            if (metricsPort != 0) {
                metrics = read("http://127.0.0.1:" + metricsPort + "/metrics");
            }
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        receiver.start();
        shell = shell.with("HOOK", url());
    }

    @AfterEach
    void close() {
        receiver.stop(0);
        shop.close();
    }

    @Test
    void aRunTellsThatItHasBegunAndHowItEnded() throws IOException {
        assertThat(shell.run("run", write(Specs.TIERS + TOLD), "--yes").exit()).isZero();

        JsonNode first = message(0);
        JsonNode last = message(messages.size() - 1);
        assertThat(first.get("event").asString()).isEqualTo("started");
        assertThat(first.get("run_id").asString()).isEqualTo("1");
        assertThat(first.get("table").asString()).isEqualTo("shop.orders");
        assertThat(first.get("reason").asString()).startsWith("all of it is expected to take ");
        assertThat(last.get("event").asString()).isEqualTo("finished");
        assertThat(last.get("title").asString()).isEqualTo("SUCCEEDED");
        assertThat(last.get("progress").get("changed_rows").asLong()).isEqualTo(11_760);
        assertThat(last.get("command").isNull()).isTrue();
        assertThat(shell.run("status", "--json").data().get("not_heard").isNull())
                .isTrue();
    }

    @Test
    void whoResumesOrTakesBackTellsToo() throws IOException {
        String spec = write(Specs.TIERS + TOLD);
        assertThat(shell.run("run", spec, "--yes", "--max-chunks", "5").exit()).isEqualTo(9);

        JsonNode paused = message(messages.size() - 1);
        assertThat(paused.get("event").asString()).isEqualTo("stopped");
        assertThat(paused.get("title").asString()).isEqualTo("PAUSED");
        assertThat(paused.get("command").asString()).isEqualTo("backhoe resume 1");
        assertThat(paused.get("progress").get("done_chunks").asInt()).isEqualTo(5);

        assertThat(shell.run("resume").exit()).isZero();
        assertThat(message(messages.size() - 1).get("title").asString()).isEqualTo("SUCCEEDED");
        int told = messages.size();
        assertThat(shell.run("rollback", "--yes").exit()).isZero();
        assertThat(message(told).get("title").asString()).isEqualTo("ROLLING_BACK");
        assertThat(message(told).get("reason").isNull())
                .as("no forecast, which is of the run")
                .isTrue();
        JsonNode back = message(messages.size() - 1);
        assertThat(back.get("title").asString()).isEqualTo("ROLLED_BACK");
        assertThat(back.get("progress").get("changed_rows").asLong()).isEqualTo(11_760);
    }

    @Test
    void aDeadReceiverStopsNothingAndStatusSaysSo() throws IOException {
        status = 410;
        var run = shell.run("run", write(Specs.TIERS + TOLD), "--yes", "--plain");

        String where = "http://127.0.0.1:" + receiver.getAddress().getPort() + "/... answers HTTP 410";
        assertThat(run.exit()).isZero();
        assertThat(run.all()).contains(where);
        assertThat(shop.missingTiers()).isZero();
        assertThat(shell.run("status").out()).contains("not heard    since ", where);
        JsonNode data = shell.run("status", "--json").data();
        assertThat(data.get("not_heard").get("message").asString()).isEqualTo(where);
        assertThat(shell.run("logs").out()).contains("webhook_lost", where);
    }

    @Test
    void aSecretThatIsNotSetStopsNothingEither() throws IOException {
        var run = shop.shell().run("run", write(Specs.TIERS + TOLD), "--yes", "--plain");

        assertThat(run.exit()).isZero();
        assertThat(run.all()).contains("nobody is told of the run: the environment variable HOOK is not set");
        assertThat(shop.shell().run("status").out()).contains("not heard    since ");
    }

    @Test
    void theAddressIsWrittenNowhere() throws IOException {
        status = 500;
        String literal = Specs.TIERS + TOLD.replace("${env:HOOK}", url());
        String spec = write(literal);
        var said = new StringBuilder();
        for (String[] words : new String[][] {
            {"plan", spec},
            {"run", spec, "--yes", "--plain"},
            {"run", folder.resolve("orders_tier_backfill.plan.yaml").toString()},
            {"status", "--json"},
            {"logs"},
            {"logs", "--json"},
            {"report", "--md", folder.resolve("report.md").toString()},
            {"notify", "--test", spec},
            {"notify", "--test", spec, "--json"}
        }) {
            said.append(shell.run(words).all());
        }

        assertThat(messages).isNotEmpty();
        assertThat(said.toString()).contains("/... answers HTTP 500").doesNotContain("s3cret");
        try (var files = Files.list(folder)) {
            for (Path file : files.filter(f -> !f.endsWith("spec.yaml")).toList()) {
                assertThat(Files.readString(file)).doesNotContain("s3cret");
            }
        }
        assertThat(shop.number("""
                SELECT (SELECT count(*) FROM backhoe.event e WHERE CAST(e AS text) LIKE '%s3cret%')
                     + (SELECT count(*) FROM backhoe.plan p WHERE CAST(p AS text) LIKE '%s3cret%')
                     + (SELECT count(*) FROM backhoe.run r WHERE CAST(r AS text) LIKE '%s3cret%')
                """)).isZero();
    }

    @Test
    void noValueOfARowLeaves() throws IOException {
        shop.execute("ALTER TABLE shop.orders ADD COLUMN remark text NOT NULL DEFAULT 'row-value'");
        String spec = write(
                Specs.POISON.replace("CAST(1 / (orders.id % 99) AS text)", "CAST(CAST(remark AS integer) AS text)")
                        + TOLD);

        var run = shell.run("run", spec, "--yes", "--no-rehearsal");

        assertThat(run.exit()).isNotZero();
        assertThat(run.all()).contains("invalid input syntax").doesNotContain("row-value");
        assertThat(shop.number("SELECT count(*) FROM backhoe.quarantine WHERE detail LIKE '%row-value%'"))
                .isPositive();
        assertThat(messages).isNotEmpty();
        assertThat(String.join("\n", messages)).doesNotContain("row-value");
    }

    @Test
    void whatTheChecksOfACanaryFoundStaysInTheDatabase() throws IOException {
        // Says one thing in a batch, and another in a check, which reads only.
        shop.execute("""
                CREATE FUNCTION shop.tier(id bigint) RETURNS text LANGUAGE sql STABLE AS
                $$ SELECT CASE current_setting('transaction_read_only') WHEN 'off' THEN 'gold' ELSE 'lead' END $$
                """);
        String spec = write(Specs.POISON.replace("CAST(1 / (orders.id % 99) AS text)", "shop.tier(orders.id)")
                + "  canary: 10%\n" + TOLD);

        var run = shell.run("run", spec, "--yes", "--no-rehearsal");

        assertThat(run.exit()).isEqualTo(9);
        String found = run.all()
                .lines()
                .filter(line -> line.contains("fails  verify_values_match_expression: "))
                .collect(Collectors.joining());
        assertThat(found).contains("rows were written as something else");
        JsonNode paused = message(messages.size() - 1);
        assertThat(paused.get("event").asString()).isEqualTo("stopped");
        assertThat(paused.get("reason").asString())
                .startsWith("the canary of 10 % is done")
                .endsWith("; check verify_values_match_expression fails");
    }

    @Test
    void whoGoesOnWithARunWhoseProcessDiedSaysThatNobodyHears() throws IOException {
        String spec = write(Specs.TIERS + TOLD);
        assertThat(shell.run("run", spec, "--yes", "--max-chunks", "5").exit()).isEqualTo(9);
        shop.execute("UPDATE backhoe.run SET state = 'RUNNING'");

        assertThat(shop.shell().run("resume", "--plain").exit()).isZero();

        assertThat(shop.shell().run("status").out()).contains("not heard    since ", "HOOK is not set");
    }

    @Test
    void aMalformedVariableOfTheEnvironmentStopsNothing() throws IOException {
        var run = shell.with("OTEL_EXPORTER_OTLP_ENDPOINT", url())
                .with("OTEL_EXPORTER_OTLP_HEADERS", "authorization=Bearer 50%")
                .run("run", write(Specs.TIERS), "--yes", "--plain");

        assertThat(run.exit()).isZero();
        assertThat(run.all()).contains("nobody is told of the run: OTEL_EXPORTER_OTLP_HEADERS");
    }

    @Test
    void aSecretToSignWithThatStandsInClearLeavesTheSavedPlanWithNobodyToTell() throws IOException {
        String spec = write(Specs.TIERS
                + TOLD.replace("update_frequency", "signing_secret: s3cret-s3cret-s3cret, update_frequency"));
        assertThat(shell.run("plan", spec).all()).contains("a secret stands in the file in clear", "tell nobody");
        assertThat(folder.resolve("orders_tier_backfill.plan.yaml")).content().doesNotContain("s3cret", "env:HOOK");

        assertThat(shell.run(
                                "run",
                                folder.resolve("orders_tier_backfill.plan.yaml").toString())
                        .exit())
                .isZero();
        assertThat(messages).isEmpty();
    }

    @Test
    void aTrialSaysWhetherItWasTaken() throws IOException {
        String spec = write(Specs.TIERS + TOLD);

        var taken = shell.run("notify", "--test", spec);
        assertThat(taken.exit()).isZero();
        assertThat(taken.out()).contains("/... has taken a message (json); runs tell it per_chunk");
        assertThat(message(0).get("event").asString()).isEqualTo("test");

        status = 404;
        var not = shell.run("notify", "--test", spec, "--json");
        assertThat(not.exit()).isEqualTo(4);
        assertThat(not.errorCode()).isEqualTo("webhook_not_taken");

        var nobody = shell.run("notify", "--test", write(Specs.TIERS), "--json");
        assertThat(nobody.exit()).isEqualTo(2);
        assertThat(nobody.errorCode()).isEqualTo("webhook_missing");
    }

    @Test
    void metricsCanBeReadUntilTheEndOfTheRun() throws IOException {
        try (var free = new ServerSocket(0)) {
            metricsPort = free.getLocalPort();
        }
        var run = shell.run("run", write(Specs.TIERS + TOLD), "--yes", "--metrics-port", "" + metricsPort);

        assertThat(run.exit()).isZero();
        assertThat(run.all()).contains("Metrics: http://127.0.0.1:" + metricsPort + "/metrics");
        String labels = "name=\"orders_tier_backfill\",run=\"1\"";
        assertThat(metrics)
                .contains("backhoe_rows_changed_total{" + labels + ",table=\"shop.orders\"} 11760.0")
                .contains("backhoe_run_state{" + labels + ",state=\"SUCCEEDED\",table=\"shop.orders\"} 1.0");
    }

    @Test
    void tracesGoToTheCollectorThatTheEnvironmentNames() throws IOException {
        String endpoint = "http://127.0.0.1:" + receiver.getAddress().getPort();
        var run = shell.with("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint).run("run", write(Specs.TIERS), "--yes");

        assertThat(run.exit()).isZero();
        var names = new ArrayList<String>();
        for (int i = 0; i < messages.size(); i++) {
            message(i)
                    .get("resourceSpans")
                    .get(0)
                    .get("scopeSpans")
                    .get(0)
                    .get("spans")
                    .forEach(span -> names.add(span.get("name").asString()));
        }
        assertThat(names).filteredOn("run"::equals).hasSize(1);
        assertThat(names).filteredOn("chunk"::equals).hasSize(12);
        assertThat(names).filteredOn("batch"::equals).hasSizeGreaterThanOrEqualTo(12);

        var not = shell.with("OTEL_EXPORTER_OTLP_ENDPOINT", "localhost:4317").run("rollback", "--yes", "--plain");
        assertThat(not.exit()).isZero();
        assertThat(not.all()).contains("nobody is told of the run: OTEL_EXPORTER_OTLP_ENDPOINT is not an address");
    }

    @Test
    void aPortThatCannotBeUsedIsRefusedBeforeAnythingRuns() throws IOException {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String spec = write(Specs.TIERS);
            var run = shell.run("run", spec, "--yes", "--json", "--metrics-port", "" + taken.getLocalPort());

            assertThat(run.exit()).isEqualTo(2);
            assertThat(run.errorCode()).isEqualTo("metrics_port_not_usable");
            assertThat(shell.run("run", spec, "--yes", "--metrics-port", "70000")
                            .exit())
                    .isEqualTo(2);
            assertThat(shop.missingTiers()).isEqualTo(11_760);
        }
    }

    private static String read(String url) throws IOException {
        try (var in = URI.create(url).toURL().openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private JsonNode message(int number) {
        return new JsonMapper().readTree(messages.get(number));
    }

    private String write(String text) throws IOException {
        return Specs.write(folder, "spec.yaml", text);
    }

    private String url() {
        return "http://127.0.0.1:" + receiver.getAddress().getPort() + "/hook/s3cret";
    }

    private static HttpServer server() {
        try {
            return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
