package io.backhoe.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backhoe.value.TableName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class SpecFileTest {
    private static final Path EXAMPLES = Path.of("..", "examples");

    @Test
    void readsTheExampleWithoutAWarning() throws IOException {
        ReadSpec read = read("orders_tier.yaml", SpecOverrides.NONE);

        assertThat(read.warnings()).isEmpty();
        Spec spec = read.spec();
        assertThat(spec.about().name()).isEqualTo("orders_tier_backfill");
        assertThat(spec.target())
                .isEqualTo(new Spec.Target("postgresql://app@localhost/shop", null, "${env:PGPASSWORD}"));
        assertThat(spec.scope())
                .isEqualTo(new Spec.Scope(
                        new TableName(null, "orders"),
                        "order_date",
                        LocalDateTime.of(2023, 1, 1, 0, 0),
                        LocalDateTime.of(2024, 1, 1, 0, 0),
                        ZoneId.of("UTC"),
                        null,
                        null,
                        null));
        Spec.Transform transform = Objects.requireNonNull(spec.transform());
        assertThat(transform.set()).containsOnlyKeys("customer_tier");
        assertThat(transform.set().get("customer_tier")).startsWith("CASE WHEN").endsWith("'bronze' END");
        assertThat(transform.missingWhen()).isEqualTo(Map.of("customer_tier", "customer_tier IS NULL"));
        assertThat(spec.strategy()).isEqualTo(Spec.Strategy.DEFAULT);
        assertThat(spec.rollback().keepImages()).isTrue();
    }

    @Test
    void readsWhatIsSaidOfTheServer() {
        String spec = """
                backfill:
                  name: x
                  scope: { table: t, date_range: { start: 2023-01-01, end: 2024-01-01 } }
                  transform: { set: { a: "1" } }
                  server: %s
                """;
        for (var each : Map.of(
                        "{ cpus: 8, disk_free: 200GB }",
                        new Spec.Server(8, 200L << 30),
                        "{ disk_free: 1.5 TB }",
                        new Spec.Server(null, 1536L << 30),
                        "{ disk_free: 4_096 }",
                        new Spec.Server(null, 4096L),
                        "{}",
                        Spec.Server.UNKNOWN)
                .entrySet()) {
            assertThat(SpecFile.read(spec.formatted(each.getKey()), "s.yaml", SpecOverrides.NONE)
                            .spec()
                            .server())
                    .isEqualTo(each.getValue());
        }
        assertThatThrownBy(() ->
                        SpecFile.read(spec.formatted("{ cpus: 0, disk_free: lots }"), "s.yaml", SpecOverrides.NONE))
                .hasMessageContaining("server.cpus: '0' is not a whole number from 1 to 1024")
                .hasMessageContaining("server.disk_free: 'lots' is not an amount of storage; write 200GB, or bytes");
    }

    @Test
    void readsAnOlderFileAsItStandsAndNamesAllThatIsNotDone() throws IOException {
        ReadSpec read = read("older_keys.yaml", SpecOverrides.NONE);

        Spec spec = read.spec();
        assertThat(spec.about().created()).isEqualTo("2024-01-15");
        assertThat(spec.about().requestedBy()).isEqualTo("data-team");
        assertThat(spec.scope().estimatedRows()).isEqualTo(5_200_000L);
        assertThat(spec.scope().estimatedDuration()).isEqualTo("4h");
        assertThat(spec.transform()).isNull();
        assertThat(spec.strategy()).isEqualTo(new Spec.Strategy("incremental", ChunkBy.MONTH, 500_000L, 4, true, 10));
        assertThat(spec.execution().preChecks())
                .containsExactly(Check.of(CheckKind.SOURCE_DATA_EXISTS), Check.of(CheckKind.DISK_SPACE));
        assertThat(spec.execution().postChecks())
                .extracting(Check::name)
                .containsExactly("verify_row_count_unchanged", "verify_no_nulls_in_tier");
        assertThat(spec.execution().chunks())
                .containsExactly(
                        new Spec.ListedChunk(
                                "2023-01",
                                LocalDateTime.of(2023, 1, 1, 0, 0),
                                LocalDateTime.of(2023, 2, 1, 0, 0),
                                420_000L),
                        new Spec.ListedChunk(
                                "2023-02",
                                LocalDateTime.of(2023, 2, 1, 0, 0),
                                LocalDateTime.of(2023, 3, 1, 0, 0),
                                390_000L));
        assertThat(spec.rollback().keepImages()).isTrue();
        assertThat(read.warnings())
                .containsExactlyInAnyOrder(
                        "execution.chunks: the status 'pending' of chunk '2023-01' is ignored; what has run stands in"
                                + " the ledger",
                        "execution.chunks: the status 'pending' of chunk '2023-02' is ignored; what has run stands in"
                                + " the ledger");
        assertThat(spec.rollback().backup())
                .isEqualTo(new Spec.Backup("s3://backups/orders/2024-01-15/", false, Spec.Export.DEFAULT));
        assertThat(spec.monitoring())
                .isEqualTo(new Monitoring("${env:SLACK_WEBHOOK}", UpdateFrequency.PER_CHUNK, null, null));
    }

    @Test
    void resolvesACheckNameOnceItIsKnownWhatIsSet() throws IOException {
        var overrides = new SpecOverrides(null, Map.of("customer_tier", "'bronze'"), null, null, null);

        ReadSpec read = read("older_keys.yaml", overrides);

        assertThat(read.warnings()).contains("'verify_no_nulls_in_tier' is taken to mean column customer_tier");
        assertThat(read.spec().execution().postChecks())
                .contains(new Check("verify_no_nulls_in_customer_tier", CheckKind.NO_NULLS, "customer_tier", Map.of()));
    }

    @Test
    void fillsInTheDefaults() {
        Spec spec = SpecFile.read("""
                        backfill:
                          name: x
                          scope:
                            table: t
                            date_range: {start: 2023-01-01, end: 2024-01-01}
                        """, "x.yaml", SpecOverrides.NONE).spec();

        assertThat(spec.target()).isNull();
        assertThat(spec.transform()).isNull();
        assertThat(spec.scope().timezone()).isEqualTo(ZoneId.of("UTC"));
        assertThat(spec.strategy()).isEqualTo(new Spec.Strategy("incremental", ChunkBy.MONTH, null, 2, true, 10));
        assertThat(spec.execution().chunks()).isEmpty();
        assertThat(spec.rollback().keepImages()).isTrue();
    }

    @Test
    void readsEveryFormOfDateNumberAndName() {
        Spec spec = SpecFile.read("""
                        backfill:
                          name: 2023
                          description:
                          target: {url: "jdbc:postgresql://db/shop", user: app}
                          scope:
                            table: '"My Shop".Orders'
                            date_column: '"At"'
                            date_range: {start: 2023-01-01 06:00, end: "2023-01-01T06:00:00.000001"}
                            timezone: America/Sao_Paulo
                            where: status <> 'test'
                            estimated_rows: ~1,000 rows
                          transform:
                            set: {'"Tier"': 0, Other: "b + 1"}
                            missing_when: {'"Tier"': "\\"Tier\\" = ''", OTHER: "other < 0"}
                          strategy: {chunk_by: week, chunk_size: 1 row, preserve_existing: True, max_retries: 0}
                          execution: {pre_checks:, post_checks: [], chunks:}
                          rollback: {strategy: none}
                          monitoring:
                        """, "x.yaml", SpecOverrides.NONE).spec();

        assertThat(spec.about().name()).isEqualTo("2023");
        assertThat(spec.about().description()).isNull();
        assertThat(spec.target()).isEqualTo(new Spec.Target("jdbc:postgresql://db/shop", "app", null));
        assertThat(spec.scope().table()).isEqualTo(new TableName("My Shop", "orders"));
        assertThat(spec.scope().dateColumn()).isEqualTo("At");
        assertThat(spec.scope().start()).isEqualTo(LocalDateTime.of(2023, 1, 1, 6, 0));
        assertThat(spec.scope().end()).isEqualTo(LocalDateTime.of(2023, 1, 1, 6, 0, 0, 1000));
        assertThat(spec.scope().timezone()).isEqualTo(ZoneId.of("America/Sao_Paulo"));
        assertThat(spec.scope().where()).isEqualTo("status <> 'test'");
        assertThat(spec.scope().estimatedRows()).isEqualTo(1000);
        Spec.Transform transform = Objects.requireNonNull(spec.transform());
        assertThat(transform.set()).containsExactly(Map.entry("Tier", "0"), Map.entry("other", "b + 1"));
        assertThat(transform.missingWhen())
                .containsExactly(Map.entry("Tier", "\"Tier\" = ''"), Map.entry("other", "other < 0"));
        assertThat(spec.strategy()).isEqualTo(new Spec.Strategy("incremental", ChunkBy.WEEK, 1L, 2, true, 0));
        assertThat(spec.rollback().keepImages()).isFalse();
    }

    @Test
    void readsACheckOfOnesOwn() {
        ReadSpec read = SpecFile.read("""
                backfill:
                  name: x
                  scope: {table: t, date_range: {start: 2023-01-01, end: 2024-01-01}}
                  execution:
                    pre_checks: [{name: no test rows, query: SELECT count(*) FROM t WHERE test, expect: 0, timeout: 5s}]
                    post_checks:
                      - {name: untouched_columns_unchanged, full: true, except: [updated_at, version]}
                """, "x.yaml", SpecOverrides.NONE);

        assertThat(read.warnings()).isEmpty();
        assertThat(read.spec().execution().preChecks())
                .containsExactly(new Check(
                        "no test rows",
                        CheckKind.SQL,
                        null,
                        Map.of("query", "SELECT count(*) FROM t WHERE test", "expect", "0", "timeout", "5s")));
        assertThat(read.spec().execution().postChecks())
                .containsExactly(new Check(
                        "verify_untouched_columns_unchanged",
                        CheckKind.UNTOUCHED_COLUMNS,
                        null,
                        Map.of("full", "true", "except", "updated_at, version")));
    }

    @Test
    void saysWhenAPredicateForMissingValuesHasNoEffect() {
        ReadSpec read = SpecFile.read("""
                backfill:
                  name: x
                  scope: {table: t, date_range: {start: 2023-01-01, end: 2024-01-01}}
                  transform: {set: {a: "1"}, missing_when: "a = 0"}
                  strategy: {preserve_existing: false}
                """, "x.yaml", SpecOverrides.NONE);

        assertThat(read.warnings()).singleElement().asString().startsWith("transform.missing_when has no effect");
    }

    @Test
    void tellsAPlanFromASpec() throws IOException {
        assertThat(SpecFile.isPlan(Files.readString(EXAMPLES.resolve("orders_tier.yaml"))))
                .isFalse();
        assertThat(SpecFile.isPlan("backfill: {name: x, hash: 'sha256:0'}")).isTrue();
        assertThat(SpecFile.isPlan("backfill: {name: x, transform: {set: {hash: md5(a)}}}"))
                .isFalse();
        assertThat(SpecFile.isPlan("")).isFalse();
        assertThat(SpecFile.isPlan("backfill: [")).isFalse();
        assertThat(SpecFile.isPlan("hash: x")).isFalse();
    }

    private static ReadSpec read(String name, SpecOverrides overrides) throws IOException {
        return SpecFile.read(Files.readString(EXAMPLES.resolve(name)), name, overrides);
    }
}
