package io.backhoe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Gaps to fill, where there are none. */
class NothingMissingTest {
    @TempDir
    private Path folder = Path.of("");

    @Test
    void whereEveryDayHasRowsThereIsNothingToDoAndThatIsWell() throws Exception {
        try (var shop = new Shop(0)) {
            shop.execute("CREATE TABLE received (id bigint PRIMARY KEY, day date NOT NULL)");
            shop.execute("INSERT INTO received SELECT i, date '2024-01-01' + i FROM generate_series(0, 30) i");
            shop.execute("CREATE INDEX ON received (day, id)");
            String spec = Specs.write(folder, "gaps.yaml", """
                    backfill:
                      name: gaps
                      scope: { table: received, date_column: day, date_range: { start: 2024-01-01, end: 2024-02-01 } }
                      transform: { query: "SELECT i AS id, date '2024-01-01' + i AS day FROM generate_series(0, 30) i" }
                      strategy: { type: gap_fill, expect: every_day }
                    """);
            var plan = folder.resolve("gaps.plan.yaml");

            var planned = shop.shell().run("plan", spec, "-o", plan.toString());
            assertThat(planned.exit()).as(planned.all()).isZero();
            assertThat(planned.all()).contains("Every day of the scope has rows", "Leave out strategy.expect");
            assertThat(Files.exists(plan)).isFalse();

            var run = shop.shell().run("run", spec, "--json");
            assertThat(run.exit()).as(run.all()).isZero();
            assertThat(run.json().get("ok").asBoolean()).isTrue();
            assertThat(run.data().get("total_rows").asLong()).isZero();
            assertThat(run.data().get("nothing_missing").asString()).contains("there is nothing to fill");
            assertThat(shop.number("SELECT count(*) FROM received")).isEqualTo(31);
            assertThat(shop.number("SELECT count(*) FROM pg_namespace WHERE nspname = 'backhoe'"))
                    .isZero();
        }
    }
}
