package io.backhoe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class LineageTest {
    private static final String KEY = "s3cret-key";

    @TempDir
    private Path folder = Path.of("");

    private final Shop shop = new Shop(12_000);
    private final List<String> bodies = new CopyOnWriteArrayList<>();
    private final List<String> keys = new CopyOnWriteArrayList<>();
    private final HttpServer backend = server();
    private Shell shell = shop.shell();
    private volatile int status = 201;

    @BeforeEach
    void listen() {
        backend.createContext("/api/v1/lineage", exchange -> {
            bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            keys.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        backend.start();
        shell = shell.with("OPENLINEAGE_URL", url()).with("OPENLINEAGE_API_KEY", KEY);
    }

    @AfterEach
    void close() {
        backend.stop(0);
        shop.close();
    }

    @Test
    void aRunOfAReviewedPlanTellsWhatItsColumnIsMadeOf() throws IOException {
        String plan = folder.resolve("orders_tier_backfill.plan.yaml").toString();
        assertThat(shell.run("plan", Specs.write(folder, "spec.yaml", Specs.TIERS), "--output", plan)
                        .exit())
                .isZero();
        assertThat(Files.readString(Path.of(plan))).contains("""
                  lineage:
                    values:
                      customer_tier: { shop.customers: [lifetime_value] }
                    join: { shop.customers: [id], shop.orders: [customer_id] }
                    filter: { shop.orders: [customer_tier, order_date] }
                """);
        assertThat(bodies).isEmpty();

        assertThat(shell.run("run", plan).exit()).isZero();

        assertThat(types()).startsWith("START").endsWith("COMPLETE");
        assertThat(keys).containsOnly("Bearer " + KEY);
        JsonNode end = event(bodies.size() - 1);
        assertThat(end.at("/job/name").asString()).isEqualTo("orders_tier_backfill");
        assertThat(end.at("/outputs/0/name").asString()).endsWith(".shop.orders");
        assertThat(end.at("/outputs/0/namespace").asString()).matches("postgres://[a-z0-9.]+:[0-9]+");
        assertThat(end.at("/outputs/0/outputFacets/outputStatistics/rowCount").asLong())
                .isEqualTo(11_760);
        var made = end.at("/outputs/0/facets/columnLineage/fields/customer_tier/inputFields");
        assertThat(made.size()).isEqualTo(1);
        assertThat(made.at("/0/name").asString()).endsWith(".shop.customers");
        assertThat(made.at("/0/field").asString()).isEqualTo("lifetime_value");
        assertThat(end.at("/inputs/1/facets/schema/fields").toString()).contains("lifetime_value");
        assertThat(end.at("/run/facets/backhoe_plan/planHash").asString()).startsWith("sha256:");
        assertThat(shell.run("status", "--json").data().get("not_heard").isNull())
                .isTrue();
    }

    @Test
    void aRunIsOneUntilItEndsAndItsRollbackIsAnother() throws IOException {
        String spec = Specs.write(folder, "spec.yaml", Specs.TIERS);
        assertThat(shell.run("run", spec, "--yes", "--max-chunks", "5").exit()).isEqualTo(9);
        assertThat(types()).containsOnlyOnce("START").doesNotContain("COMPLETE", "FAIL", "ABORT");
        String id = id(0);

        assertThat(shell.run("resume").exit()).isZero();
        assertThat(types()).containsOnlyOnce("START").endsWith("COMPLETE");
        assertThat(bodies).allMatch(body -> body.contains(id));

        int before = bodies.size();
        assertThat(shell.run("rollback", "--yes").exit()).isZero();
        assertThat(types().subList(before, bodies.size())).startsWith("START").endsWith("COMPLETE");
        assertThat(id(before)).isNotEqualTo(id).isEqualTo(id(bodies.size() - 1));
        assertThat(event(before).at("/job/name").asString()).isEqualTo("orders_tier_backfill.rollback");
    }

    @Test
    void aRunThatIsCancelledWhileNobodyWorksOnItIsAborted() throws IOException {
        String spec = Specs.write(folder, "spec.yaml", Specs.TIERS);
        assertThat(shell.run("run", spec, "--yes", "--max-chunks", "5").exit()).isEqualTo(9);
        assertThat(shell.run("cancel").exit()).isZero();

        assertThat(types()).startsWith("START").endsWith("ABORT");
        assertThat(id(bodies.size() - 1)).isEqualTo(id(0));
        int told = bodies.size();
        assertThat(shell.run("cancel", "1").exit()).isZero();
        assertThat(bodies).hasSize(told);
    }

    @Test
    void aRunThatFailsSaysWhyWithoutAValue() throws IOException {
        shop.execute("ALTER TABLE shop.orders ADD COLUMN remark text NOT NULL DEFAULT 'row-value'");
        String poison = "CASE WHEN orders.id % 99 = 0 THEN CAST(CAST(remark AS integer) AS text) ELSE 'x' END";
        String spec =
                Specs.write(folder, "poison.yaml", Specs.POISON.replace("CAST(1 / (orders.id % 99) AS text)", poison));

        assertThat(shell.run("run", spec, "--yes", "--no-rehearsal").exit()).isEqualTo(5);

        assertThat(types()).startsWith("START").endsWith("FAIL");
        assertThat(event(bodies.size() - 1)
                        .at("/run/facets/errorMessage/message")
                        .asString())
                .startsWith("PARTIAL: ")
                .contains("could not be changed and were set aside");
        assertThat(String.join("\n", bodies)).doesNotContain("row-value");
    }

    @Test
    void aDeadBackendStopsNothingAndStatusSaysSoWithoutTheKey() throws IOException {
        status = 403;
        String spec = Specs.write(folder, "spec.yaml", Specs.TIERS);
        var run = shell.run("run", spec, "--yes", "--plain");

        String where = "OpenLineage at " + url() + " answers HTTP 403";
        assertThat(run.exit()).isZero();
        assertThat(run.all()).contains(where).doesNotContain(KEY);
        assertThat(shop.missingTiers()).isZero();
        assertThat(shell.run("status").out()).contains("not heard    since ", where);
        assertThat(shell.run("logs").out()).contains("webhook_lost", where).doesNotContain(KEY);
        assertThat(shop.number("SELECT count(*) FROM backhoe.event e WHERE CAST(e AS text) LIKE '%" + KEY + "%'"))
                .isZero();
    }

    @Test
    void anAddressThatIsNoneStopsNothing() throws IOException {
        String spec = Specs.write(folder, "spec.yaml", Specs.TIERS);
        var run = shop.shell().with("OPENLINEAGE_URL", "localhost:5000").run("run", spec, "--yes", "--plain");

        assertThat(run.exit()).isZero();
        assertThat(run.all()).contains("nobody is told of the run: OPENLINEAGE_URL");
    }

    private List<String> types() {
        return bodies.stream()
                .map(body -> new JsonMapper().readTree(body).get("eventType").asString())
                .toList();
    }

    private JsonNode event(int number) {
        return new JsonMapper().readTree(bodies.get(number));
    }

    private String id(int number) {
        return event(number).at("/run/runId").asString();
    }

    private String url() {
        return "http://127.0.0.1:" + backend.getAddress().getPort();
    }

    private static HttpServer server() {
        try {
            return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
