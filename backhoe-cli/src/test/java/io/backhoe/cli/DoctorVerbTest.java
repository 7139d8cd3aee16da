package io.backhoe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class DoctorVerbTest {
    private static final AtomicInteger COUNT = new AtomicInteger();

    @TempDir
    private Path folder = Path.of("");

    private final Shop shop = new Shop(120);
    private final String role = "filler_" + COUNT.incrementAndGet();

    @BeforeEach
    void makeRole() {
        shop.execute("CREATE ROLE " + role + " LOGIN");
    }

    @AfterEach
    void dropRole() {
        shop.execute("DROP OWNED BY " + role);
        shop.execute("DROP ROLE " + role);
        shop.close();
    }

    private Shell.Result doctor(String... arguments) {
        var all = new ArrayList<>(List.of("doctor", "--json"));
        all.addAll(List.of(arguments));
        return Shell.script().run(all.toArray(String[]::new));
    }

    private static JsonNode line(Shell.Result result, String name) {
        for (JsonNode line : result.data().get("observations")) {
            if (line.get("name").asString().equals(name)) {
                return line;
            }
        }
        throw new AssertionError("no line " + name + " in " + result.out());
    }

    private static List<String> cures(Shell.Result result) {
        var cures = new ArrayList<String>();
        for (JsonNode line : result.data().get("observations")) {
            if (line.get("health").asString().equals("problem")) {
                cures.add(line.get("cure").asString());
            }
        }
        return cures;
    }

    @Test
    void saysThatARunCouldBeDoneAndChangesNothing() {
        var result = doctor("--url", shop.url(), "--table", "shop.orders");

        assertThat(result.exit()).isZero();
        assertThat(result.json().get("schema").asString()).isEqualTo("backhoe.doctor/v1");
        assertThat(result.data().get("can_run").asBoolean()).isTrue();
        assertThat(line(result, "server_version").get("value").asString()).startsWith("PostgreSQL ");
        assertThat(line(result, "user").get("text").asString()).startsWith("as postgres, a superuser");
        assertThat(line(result, "database").get("text").asString()).contains("host, port, database, user from --url");
        assertThat(line(result, "pooler").get("value").asString()).isEqualTo("no");
        assertThat(line(result, "activity").get("value").asString()).isEqualTo("seen");
        assertThat(line(result, "fsync").get("health").asString()).isEqualTo("attention");
        assertThat(line(result, "cpus").get("value").asString()).isEqualTo("not_seen");
        assertThat(Integer.parseInt(line(result, "connections").get("value").asString()))
                .isBetween(50, 100);
        assertThat(result.data().get("ledger").get("state").asString()).isEqualTo("none");
        assertThat(shop.number("SELECT count(*) FROM pg_namespace WHERE nspname = 'backhoe'"))
                .isZero();
    }

    @Test
    void whatIsTypedAsItSaysCuresEveryProblem() {
        String url = shop.urlAs(role);
        var ill = doctor("--url", url, "--table", "shop.orders");
        assertThat(ill.exit()).isEqualTo(4);
        assertThat(ill.errorCode()).isEqualTo("rights_missing");
        assertThat(ill.data().get("can_run").asBoolean()).isFalse();
        assertThat(line(ill, "activity").get("cure").asString()).isEqualTo("GRANT pg_monitor TO " + role + ";");
        assertThat(cures(ill)).hasSize(2);

        cures(ill).forEach(this::type);
        var better = doctor("--url", url, "--table", "shop.orders");
        assertThat(cures(better)).hasSize(2);

        cures(better).forEach(this::type);
        shop.execute("GRANT pg_monitor TO " + role);
        var well = doctor("--url", url, "--table", "shop.orders");

        assertThat(cures(well)).isEmpty();
        assertThat(well.exit()).isZero();
        assertThat(line(well, "activity").get("value").asString()).isEqualTo("seen");
        assertThat(line(well, "wal_archive").get("health").asString()).isEqualTo("ok");
    }

    private void type(String cure) {
        shop.execute(cure.replaceFirst(";  .*$", ";"));
    }

    @Test
    void aSpecSaysWhichColumnsAreMeant() throws IOException {
        shop.execute("GRANT USAGE ON SCHEMA shop TO " + role);
        shop.execute("GRANT SELECT, UPDATE (customer_id) ON shop.orders TO " + role);
        shop.execute("GRANT CREATE ON DATABASE " + shop.name() + " TO " + role);
        String spec = Specs.write(folder, "spec.yaml", Specs.TIERS);

        var other = doctor(spec, "--url", shop.urlAs(role));
        assertThat(cures(other))
                .containsExactly(
                        "GRANT UPDATE (customer_tier) ON shop.orders TO " + role + ";",
                        "GRANT SELECT ON shop.customers TO " + role + ";");
        var any = doctor("--table", "shop.orders", "--url", shop.urlAs(role));
        assertThat(any.exit()).isZero();
        assertThat(line(any, "update").get("health").asString()).isEqualTo("attention");

        cures(other).forEach(shop::execute);
        var well = doctor(spec, "--url", shop.urlAs(role));
        assertThat(well.exit()).isZero();
        assertThat(well.data().get("observations").toString()).contains("has SELECT ON shop.customers");
        assertThat(shell(role).run("run", spec, "--yes").exit()).isZero();
        assertThat(doctor(spec, "--table", "x", "--url", shop.url()).exit()).isEqualTo(2);
    }

    private Shell shell(String user) {
        return Shell.script().with("BACKHOE_URL", shop.urlAs(user));
    }

    @Test
    void whatAQueryReadsIsAskedForWhereverItLies() throws IOException {
        shop.execute("CREATE SCHEMA bank");
        shop.execute("CREATE TABLE bank.secret (reference text, booked_on date, amount numeric, country text)");
        shop.execute("CREATE VIEW bank.seen AS SELECT reference, booked_on, amount FROM bank.secret");
        shop.execute("CREATE TABLE shop.received (reference text PRIMARY KEY, booked_on date, amount numeric)");
        shop.execute("GRANT USAGE ON SCHEMA shop TO " + role);
        shop.execute("GRANT CREATE ON DATABASE " + shop.name() + " TO " + role);
        String spec = Specs.write(folder, "gaps.yaml", """
                backfill:
                  name: gaps
                  scope: { table: shop.received, date_column: booked_on, date_range: { start: 2024-01-01, end: 2024-02-01 } }
                  transform:
                    query: SELECT s.reference, s.booked_on, s.amount FROM bank.seen s JOIN shop.customers c ON true
                  strategy: { type: gap_fill, chunk_by: month }
                """);

        var first = doctor(spec, "--url", shop.urlAs(role));
        assertThat(first.exit()).isEqualTo(4);
        assertThat(cures(first))
                .containsExactly(
                        "GRANT DELETE ON shop.received TO " + role + ";",
                        "GRANT INSERT ON shop.received TO " + role + ";",
                        "GRANT SELECT ON shop.received TO " + role + ";",
                        "GRANT USAGE ON SCHEMA bank TO " + role + ";");
        cures(first).forEach(shop::execute);

        var second = doctor(spec, "--url", shop.urlAs(role));
        assertThat(cures(second))
                .containsExactly(
                        "GRANT SELECT ON bank.seen TO " + role + ";",
                        "GRANT SELECT ON shop.customers TO " + role + ";");
        cures(second).forEach(shop::execute);

        assertThat(cures(doctor(spec, "--url", shop.urlAs(role)))).isEmpty();
        shop.execute("DROP OWNED BY " + role);
        shop.execute("DROP SCHEMA bank CASCADE");
    }

    @Test
    void rightsToTheColumnsThatAreReadWillDo() throws IOException {
        shop.execute("GRANT USAGE ON SCHEMA shop TO " + role);
        shop.execute("GRANT SELECT, UPDATE ON shop.orders TO " + role);
        shop.execute("GRANT SELECT (id, lifetime_value) ON shop.customers TO " + role);
        shop.execute("GRANT CREATE ON DATABASE " + shop.name() + " TO " + role);
        String spec = Specs.write(folder, "spec.yaml", Specs.TIERS);

        assertThat(cures(doctor(spec, "--url", shop.urlAs(role)))).isEmpty();

        String broken = Specs.write(folder, "broken.yaml", Specs.TIERS.replace("c.lifetime_value", "c.nosuch"));
        var result = doctor(broken, "--url", shop.urlAs(role));
        assertThat(line(result, "reads").get("health").asString()).isEqualTo("attention");
    }

    @Test
    void rowLevelSecurityThatHidesRowsIsAProblem() {
        shop.execute("GRANT USAGE ON SCHEMA shop TO " + role);
        shop.execute("GRANT SELECT, UPDATE ON shop.orders TO " + role);
        shop.execute("GRANT CREATE ON DATABASE " + shop.name() + " TO " + role);
        shop.execute("ALTER TABLE shop.orders ENABLE ROW LEVEL SECURITY");

        var hidden = doctor("--url", shop.urlAs(role), "--table", "shop.orders");
        assertThat(hidden.exit()).isEqualTo(4);
        assertThat(line(hidden, "row_security").get("cure").asString())
                .startsWith("ALTER ROLE " + role + " BYPASSRLS;");

        shop.execute("ALTER ROLE " + role + " BYPASSRLS");
        assertThat(line(doctor("--url", shop.urlAs(role), "--table", "shop.orders"), "row_security")
                        .get("value")
                        .asString())
                .isEqualTo("exempt");
    }

    @Test
    void whereNoWriteIsTakenARunIsRefused() {
        shop.execute("GRANT CREATE ON DATABASE " + shop.name() + " TO " + role);
        shop.execute("ALTER ROLE " + role + " SET default_transaction_read_only = on");
        shop.execute("ALTER ROLE " + role + " SET statement_timeout = '7s'");
        shop.execute("ALTER ROLE " + role + " CONNECTION LIMIT 2");

        var result = doctor("--url", shop.urlAs(role));

        assertThat(result.exit()).isEqualTo(3);
        assertThat(result.errorCode()).isEqualTo("run_refused");
        assertThat(line(result, "writes").get("value").asString()).isEqualTo("read_only");
        assertThat(line(result, "statement_timeout").get("text").asString())
                .isEqualTo("statement_timeout is 7000 ms; a run sets its own");
        assertThat(line(result, "connections").get("cure").asString())
                .isEqualTo("ALTER ROLE " + role + " CONNECTION LIMIT 20;");
    }

    @Test
    void aTableThatIsNotThereIsRefusedWithASuggestion() {
        var result = doctor("--url", shop.url(), "--table", "shop.ordres");

        assertThat(result.exit()).isEqualTo(3);
        assertThat(line(result, "table").get("cure").asString()).contains("did you mean shop.orders");
    }

    @Test
    void theStateOfTheLedgerDecidesToo() throws IOException {
        String spec = Specs.write(folder, "spec.yaml", Specs.TIERS);
        shop.shell().run("run", spec, "--yes", "--max-chunks", "1");

        var open = doctor("--url", shop.url());
        assertThat(open.exit()).isZero();
        assertThat(line(open, "open_runs").get("value").asString()).isEqualTo("1");

        shop.execute("GRANT CONNECT ON DATABASE " + shop.name() + " TO " + role);
        var stranger = doctor("--url", shop.urlAs(role));
        assertThat(stranger.exit()).isEqualTo(4);
        assertThat(stranger.data().get("ledger").get("state").asString()).isEqualTo("unreadable");
        assertThat(cures(stranger))
                .contains("GRANT USAGE, CREATE ON SCHEMA backhoe TO " + role + ";")
                .contains("GRANT SELECT ON backhoe.ledger_version TO " + role + ";");

        shop.execute("""
                INSERT INTO backhoe.ledger_version
                SELECT 99, '99', 'later', 'SQL', 'V99__later.sql', 1, 'x', now(), 0, true
                """);
        var newer = doctor("--url", shop.url());
        assertThat(newer.exit()).isEqualTo(3);
        assertThat(newer.data().get("ledger").get("state").asString()).isEqualTo("new");
    }

    @Test
    void thePageGivesEachLineItsCureAndEndsWithTheVerdict() {
        var result = Shell.script().run("doctor", "--url", shop.urlAs(role));

        assertThat(result.exit()).isEqualTo(4);
        assertThat(result.out())
                .contains(
                        "\nWhat it may do\n  problem    lacks CREATE ON DATABASE " + shop.name() + ", for the ledger\n"
                                + "             cure: GRANT CREATE ON DATABASE " + shop.name() + " TO " + role + ";")
                .contains(
                        "\nWhat can be seen from here\n  attention  what other sessions do and wait for cannot be seen\n")
                .containsPattern("\n\nA backfill cannot be run here: 1 problem\\. \\d+ lines want attention\\.\n$");
        assertThat(result.err()).contains("next: GRANT CREATE");
    }

    @Test
    void whereNothingAnswersItSaysWhatItTriedAndWhoSaidSo() {
        var result = Shell.script()
                .with("PGPORT", "1")
                .with("PGUSER", "ada")
                .with("PGPASSWORD", "sekret")
                .run("doctor", "--json", "--url", "postgresql://127.0.0.1/shop");

        assertThat(result.exit()).isEqualTo(4);
        assertThat(result.errorCode()).isEqualTo("server_unreachable");
        assertThat(result.json().get("error").get("message").asString())
                .contains("No connection to 127.0.0.1:1/shop as ada")
                .contains("host, database from --url; port from PGPORT; user from PGUSER; password from PGPASSWORD");
        assertThat(result.all()).doesNotContain("sekret");
    }
}
