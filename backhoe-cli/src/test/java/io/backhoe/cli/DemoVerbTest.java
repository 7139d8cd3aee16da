package io.backhoe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DemoVerbTest {
    @Test
    void provesWhatItDidAndThatItCanBeUndone() {
        var result = Shell.script().run("demo", "--rows", "12000", "--undo");

        assertThat(result.exit()).isZero();
        assertThat(result.out())
                .contains("12,000 orders of 2023", "  name: orders_tier_backfill", "Planned: 12 chunks")
                .contains("proved: 240 of 240 tiers", "proved: 0 of 12,000 orders lack a tier")
                .contains("proved: 11,760 of 11,760 filled tiers", "proved: digest of the whole table")
                .contains("12 of 12 chunks, 11,760 rows restored, 240 left as they were, in ");
    }

    @Test
    void onAServerThatIsNamedItLeavesNothingButTheLedger() {
        try (var shop = new Shop(0)) {
            var result = Shell.script().run("demo", "--rows", "12000", "--json", "--url", shop.url());

            assertThat(result.exit()).isZero();
            var data = result.data();
            assertThat(data.get("total_chunks").asInt()).isEqualTo(12);
            assertThat(data.get("total_rows").asInt()).isEqualTo(11_760);
            assertThat(data.get("proofs")).hasSize(5);
            data.get("proofs").forEach(proof -> {
                assertThat(proof.get("holds").asBoolean()).isTrue();
                assertThat(proof.get("name").isString()).isTrue();
                assertThat(proof.get("evidence").isString()).isTrue();
            });
            assertThat(shop.number("SELECT count(*) FROM pg_namespace WHERE nspname = 'backhoe_demo'"))
                    .isZero();
            assertThat(result.err()).contains("the ledger (schema backhoe) stays");
        }
    }

    @Test
    void aSchemaThatIsThereIsNotTouched() {
        try (var shop = new Shop(0)) {
            shop.execute("CREATE SCHEMA backhoe_demo CREATE TABLE precious (id bigint)");

            var result = Shell.script().run("demo", "--json", "--url", shop.url());

            assertThat(result.exit()).isEqualTo(3);
            assertThat(result.errorCode()).isEqualTo("schema_exists");
            assertThat(shop.number("SELECT count(*) FROM backhoe_demo.precious"))
                    .isZero();
        }
    }

    @Test
    void theDemoIgnoresTheDatabaseOfTheEnvironment() {
        var shell = Shell.script().with("BACKHOE_URL", "postgresql://127.0.0.1:1/production");

        assertThat(shell.run("demo", "--rows", "1200").exit()).isZero();
    }
}
