package io.backhoe.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class BackfillSpecTest {
    @Test
    void isTheSameAsTheFileThatSaysTheSame() {
        Spec built = BackfillSpec.named("orders_tier")
                .description("tiers of 2023")
                .table("shop.orders")
                .dates("order_date", LocalDate.of(2023, 1, 1), LocalDate.of(2024, 1, 1))
                .timezone(ZoneId.of("Europe/Berlin"))
                .where("status <> 'test'")
                .set("customer_tier", "CASE WHEN c.worth > 50 THEN 'gold' ELSE 'bronze' END")
                .set("\"Rank\"", "1")
                .from("customers c", "c.id = orders.customer_id")
                .missingWhen("customer_tier", "customer_tier = ''")
                .chunkBy(ChunkBy.WEEK)
                .chunkRows(500_000)
                .parallelism(4)
                .maxRetries(3)
                .withoutUndo()
                .build();

        assertThat(built).isEqualTo(file("""
                backfill:
                  name: orders_tier
                  description: tiers of 2023
                  scope:
                    table: shop.orders
                    date_column: order_date
                    date_range: { start: 2023-01-01, end: 2024-01-01 }
                    timezone: Europe/Berlin
                    where: "status <> 'test'"
                  transform:
                    set:
                      customer_tier: "CASE WHEN c.worth > 50 THEN 'gold' ELSE 'bronze' END"
                      '"Rank"': 1
                    from: customers c
                    on: c.id = orders.customer_id
                    missing_when: { customer_tier: "customer_tier = ''" }
                  strategy: { chunk_by: week, chunk_size: 500_000, parallelism: 4, max_retries: 3 }
                  rollback: { strategy: none }
                """));
    }

    @Test
    void aProgramAndABackupAreSaidAsInTheFile() {
        Spec built = BackfillSpec.named("totals")
                .table("shop.totals")
                .dates("day", LocalDate.of(2023, 1, 1), LocalDate.of(2024, 1, 1))
                .command(List.of("dbt", "run", "{{chunk_start}}"), "total")
                .backupTo("s3://bucket/prefix/", false)
                .build();

        assertThat(built).isEqualTo(file("""
                backfill:
                  name: totals
                  scope:
                    table: shop.totals
                    date_column: day
                    date_range: { start: 2023-01-01, end: 2024-01-01 }
                  transform: { command: ["dbt", "run", "{{chunk_start}}"], columns: [total] }
                  rollback:
                    strategy: restore_from_backup
                    backup_location: s3://bucket/prefix/
                    keep_in_database: false
                """));
    }

    @Test
    void whatIsNotSaidHasTheDefaultsOfTheFile() {
        assertThat(BackfillSpec.named("x")
                        .table("t")
                        .chunkBy(ChunkBy.KEY)
                        .set("a", "1")
                        .build())
                .isEqualTo(file("""
                        backfill:
                          name: x
                          scope: { table: t }
                          strategy: { chunk_by: key }
                          transform: { set: { a: 1 } }
                        """));
    }

    @Test
    void aFunctionIsNamedWithItsColumns() {
        Spec built = BackfillSpec.named("x")
                .table("t")
                .dates("d", LocalDateTime.of(2023, 1, 1, 6, 0), LocalDateTime.of(2023, 1, 2, 0, 0))
                .batchFunction("tiers", "tier", "\"Rank\"")
                .preserveExisting(false)
                .build();

        assertThat(built).isEqualTo(file("""
                backfill:
                  name: x
                  scope: { table: t, date_column: d, date_range: { start: 2023-01-01T06:00, end: 2023-01-02 } }
                  transform: { function: tiers, columns: [tier, '"Rank"'] }
                  strategy: { preserve_existing: false }
                """));
        assertThat(Objects.requireNonNull(built.transform()).columns()).containsExactly("tier", "Rank");
    }

    @Test
    void everyProblemIsToldAtOnceWithTheKeyThatItIsAt() {
        var wrong = BackfillSpec.named(" ")
                .table("a.b.c.d")
                .dates("order_date", LocalDate.of(2024, 1, 1), LocalDate.of(2023, 1, 1))
                .parallelism(65)
                .from("customers c", "c.id = orders.customer_id");

        var refusal = catchThrowableOfType(InvalidSpec.class, wrong::build);

        assertThat(refusal.problems())
                .extracting(Problem::path)
                .contains("name", "scope.table", "scope.date_range.end", "strategy.parallelism", "transform.set");
        assertThat(refusal.getMessage()).doesNotContain(":0:").contains("strategy.parallelism: '65' is not");
        assertThat(refusal.hint()).contains("builder");
    }

    @Test
    void withoutWorkItIsRefused() {
        var refusal = catchThrowableOfType(
                InvalidSpec.class,
                () -> BackfillSpec.named("x").table("t").chunkBy(ChunkBy.KEY).build());

        assertThat(refusal).hasMessageContaining("transform: is required");
    }

    @Test
    void aFunctionDoesNotGoWithSql() {
        var wrong = BackfillSpec.named("x")
                .table("t")
                .chunkBy(ChunkBy.KEY)
                .set("a", "1")
                .chunkFunction("f");

        var refusal = catchThrowableOfType(InvalidSpec.class, wrong::build);

        assertThat(refusal.problems()).extracting(Problem::path).contains("transform.set", "transform.columns");
    }

    private static Spec file(String text) {
        var read = SpecFile.read(text, "x.yaml", SpecOverrides.NONE);
        assertThat(read.warnings()).isEmpty();
        return read.spec();
    }
}
