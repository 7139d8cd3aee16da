package io.backhoe.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import io.backhoe.Backhoe;
import io.backhoe.embedded.Version;
import io.backhoe.ledger.LedgerSchema;
import io.backhoe.ledger.LedgerScript;
import io.backhoe.ledger.LedgerState;
import io.backhoe.postgres.PostgresDatabase;
import io.backhoe.run.RunListener;
import io.backhoe.run.StopSignal;
import io.backhoe.spec.SpecFile;
import io.backhoe.spec.SpecOverrides;
import io.backhoe.value.RunState;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The ledger as a DBA makes it, from the script. */
class LedgerByHandTest {
    private static final RunListener SILENT = new RunListener() {};

    @ParameterizedTest
    @EnumSource
    void aRoleWithNoMoreThanTheGrantsOfTheScriptRunsAndTakesBack(Version version) throws SQLException {
        try (var db = TestDatabase.on(version)) {
            db.orders(3_000);
            db.sql("CREATE ROLE filler_" + version + " LOGIN");
            try {
                String role = db.one("SELECT rolname FROM pg_roles WHERE rolname LIKE 'filler%'");
                db.sql("GRANT SELECT, UPDATE (tier) ON orders TO " + role);
                String before = db.digest("orders");
                db.sql(LedgerScript.of(0, role));
                assertThat(db.one(
                                "SELECT string_agg(t || ' ' || p, ', ') FROM unnest(ARRAY['event', 'check_result']) t,"
                                        + " unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) p"
                                        + " WHERE has_table_privilege('" + role + "', 'backhoe.' || t, p)"))
                        .isEqualTo("event SELECT, event INSERT, check_result SELECT, check_result INSERT");
                var backhoe = new Backhoe(
                        PostgresDatabase.at(db.url().replace("postgres@", role + "@"), null, null, Map.of()));
                assertThat(backhoe.hasLedger()).isTrue();

                var read = SpecFile.read(TestDatabase.fillTier(), "test.yaml", SpecOverrides.NONE);
                var plan = backhoe.plan(read.spec(), read.warnings());
                var done = backhoe.run(plan, TestDatabase.OPTIONS, new StopSignal(), SILENT);
                assertThat(done.run().state()).isEqualTo(RunState.SUCCEEDED);
                assertThat(db.number("SELECT count(*) FROM orders WHERE tier IS NULL"))
                        .isZero();

                long run = done.run().id();
                var undone = backhoe.rollback(run, List.of(), TestDatabase.OPTIONS, new StopSignal(), SILENT);
                assertThat(undone.run().state()).isEqualTo(RunState.ROLLED_BACK);
                assertThat(db.digest("orders")).isEqualTo(before);
                assertThat(db.number("SELECT count(*) FROM backhoe.ledger_version"))
                        .isEqualTo(LedgerSchema.VERSION);
                LedgerState state = backhoe.ledger();
                assertThat(state.kind()).isEqualTo(LedgerState.Kind.CURRENT);
                assertThat(state.owner()).isEqualTo("postgres");
                assertThat(state.runs()).isEqualTo(Map.of("ROLLED_BACK", 1L));
                assertThat(state.images()).extracting(LedgerState.Images::runId).containsExactly(run);
            } finally {
                db.sql("DROP OWNED BY filler_" + version);
                db.sql("DROP ROLE filler_" + version);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void isTheSameAsTheProgramMakesAndGoesOnFrom(Version version) throws SQLException {
        try (var byHand = TestDatabase.on(version);
                var bySelf = TestDatabase.on(version)) {
            byHand.sql(LedgerScript.of(0, null));
            new LedgerSchema(bySelf.database()).migrate();

            assertThat(shape(byHand)).isEqualTo(shape(bySelf)).contains("ledger_version_s_idx");

            // Flyway itself looks at names and checksums, and would refuse to go on from a history that differs.
            new LedgerSchema(byHand.database()).migrate();
            assertThat(byHand.number("SELECT count(*) FROM backhoe.ledger_version"))
                    .isEqualTo(LedgerSchema.VERSION);
            assertThat(history(byHand)).isEqualTo(history(bySelf));
        }
    }

    @Test
    void isBroughtUpToDateByTheScriptFromEveryVersionThereWas() throws SQLException {
        try (var bySelf = TestDatabase.create()) {
            new LedgerSchema(bySelf.database()).migrate();
            for (int version = 1; version < LedgerSchema.VERSION; version++) {
                try (var older = TestDatabase.create()) {
                    Flyway.configure()
                            .dataSource(older.database().dataSource())
                            .schemas("backhoe")
                            .table("ledger_version")
                            .locations("classpath:io/backhoe/ledger/migration")
                            .target(Integer.toString(version))
                            .load()
                            .migrate();
                    assertThat(older.backhoe().ledger().kind()).isEqualTo(LedgerState.Kind.OLD);

                    older.sql(LedgerScript.of(version, null));

                    assertThat(older.backhoe().ledger().kind()).isEqualTo(LedgerState.Kind.CURRENT);
                    assertThat(shape(older)).isEqualTo(shape(bySelf));
                    assertThat(history(older)).isEqualTo(history(bySelf));
                    new LedgerSchema(older.database()).migrate();
                }
            }
        }
    }

    private static String history(TestDatabase db) throws SQLException {
        return db.one("""
                SELECT string_agg(concat_ws('|', version, description, type, script, checksum, success), E'\\n'
                                  ORDER BY installed_rank)
                FROM backhoe.ledger_version WHERE type = 'SQL'
                """);
    }

    /** Tables, columns, constraints and indexes, as the server writes them. */
    private static String shape(TestDatabase db) throws SQLException {
        return db.one("""
                SELECT string_agg(line, E'\\n' ORDER BY line)
                FROM (
                    SELECT concat_ws(' ', 'column', c.relname, a.attnum, a.attname, format_type(a.atttypid, a.atttypmod),
                                     a.attnotnull, a.attidentity, pg_get_expr(d.adbin, d.adrelid), c.reloptions)
                    FROM pg_attribute a
                    JOIN pg_class c ON c.oid = a.attrelid AND c.relkind = 'r'
                    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
                    WHERE c.relnamespace = CAST('backhoe' AS regnamespace) AND a.attnum > 0
                    UNION ALL
                    SELECT concat_ws(' ', 'constraint', conrelid::regclass, conname, pg_get_constraintdef(oid))
                    FROM pg_constraint WHERE connamespace = CAST('backhoe' AS regnamespace)
                    UNION ALL
                    SELECT indexdef FROM pg_indexes WHERE schemaname = 'backhoe'
                ) AS shape (line)
                """);
    }
}
