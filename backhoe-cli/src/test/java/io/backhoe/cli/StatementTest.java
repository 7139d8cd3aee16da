package io.backhoe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Statements of the user's own, from the command line. */
class StatementTest {
    @TempDir
    private Path folder = Path.of("");

    private final Shop shop = new Shop(12_000);

    @AfterEach
    void close() {
        shop.close();
    }

    @Test
    void theExampleFillsTiersAndIsTakenBack() {
        String example = Path.of("..", "examples", "sql", "tiers_by_merge.yaml").toString();
        String plan = folder.resolve("merge.plan.yaml").toString();
        long missing = shop.missingTiers();

        var planned = shop.shell().run("plan", example, "-o", plan, "--sql");
        assertThat(planned.exit()).as(planned.all()).isZero();
        assertThat(planned.all())
                .contains("calls    the statement of transform.sql for each batch, which writes customer_tier")
                .contains("-- SQL: work: what transform.sql does", "is neither kept for undo nor counted");
        var run = shop.shell().run("run", plan, "--yes");

        assertThat(run.exit()).as(run.all()).isZero();
        assertThat(shop.number("SELECT count(*) FROM shop.orders WHERE customer_tier IS NULL"
                        + " AND order_date >= '2023-01-01' AND order_date < '2024-01-01'"))
                .isZero();
        assertThat(shop.shell().run("rollback", "1", "--yes").exit()).isZero();
        assertThat(shop.missingTiers()).isEqualTo(missing);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                UPDATE shop.orders SET customer_tier = 'x'                                       | chunk | lacks the range
                UPDATE shop.orders SET customer_tier = 'x' WHERE order_date >= :chunk_start      | chunk | lacks the range
                UPDATE shop.orders SET customer_tier = ':chunk_start :chunk_end'                 | chunk | lacks the range
                UPDATE shop.orders SET customer_tier = 'x' -- :chunk_start :chunk_end            | chunk | lacks the range
                UPDATE shop.orders SET customer_tier = :chunk_start || :chunk_end                | batch | lacks {{rows}}
                SELECT 1 FROM shop.orders WHERE {{rows}}                                         | batch | begins with 'select'
                WITH a AS (SELECT 1) SELECT 1 FROM shop.orders WHERE {{rows}}                    | batch | only reads
                DELETE FROM shop.orders WHERE {{rows}}; DROP TABLE shop.orders                   | batch | holds several statements
                DELETE FROM shop.orders WHERE {{rows}} RETURNING id                              | batch | leave out RETURNING
                DELETE FROM shop.orders WHERE {{rows}} AND customer_tier = 'x                    | batch | does not end
                """, quoteCharacter = '`')
    void whatIsNoStatementForARangeIsRefusedWhenItIsRead(String sql, String per, String why) throws IOException {
        String spec = Specs.write(folder, "spec.yaml", """
                backfill:
                  name: wrong
                  scope: { table: shop.orders, date_column: order_date, date_range: { start: 2023-01-01, end: 2023-03-01 } }
                  transform:
                    sql: |
                      %s
                    per: %s
                    columns: [customer_tier]
                """.formatted(sql, per));
        var planned = shop.shell().run("plan", spec);

        assertThat(planned.exit()).isEqualTo(2);
        assertThat(planned.all()).contains("transform.sql: ", why);
    }
}
