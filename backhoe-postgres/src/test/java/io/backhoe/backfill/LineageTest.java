package io.backhoe.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import io.backhoe.Backhoe;
import io.backhoe.database.Reads;
import io.backhoe.embedded.Version;
import io.backhoe.plan.Plan;
import io.backhoe.plan.PlanFile;
import io.backhoe.postgres.PostgresDatabase;
import io.backhoe.run.RunListener;
import io.backhoe.run.StopSignal;
import io.backhoe.spec.SpecFile;
import io.backhoe.spec.SpecOverrides;
import io.backhoe.value.TableName;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A plan says what its columns are made of, and whoever runs it knows that from the ledger. */
class LineageTest {
    private static final TableName ORDERS = new TableName("public", "orders");

    @ParameterizedTest
    @EnumSource(Version.class)
    void standsInThePlanAndInTheLedgerAndNotInTheHash(Version version) throws Exception {
        try (var db = TestDatabase.on(version)) {
            db.orders(1_000);
            Plan plan = db.plan(TestDatabase.fillTier());
            var lineage = Objects.requireNonNull(plan.lineage());

            assertThat(lineage.values()).isEqualTo(Map.of("tier", Reads.of(ORDERS, List.of("n"))));
            assertThat(lineage.filter()).isEqualTo(Reads.of(ORDERS, List.of("tier", "order_date")));
            assertThat(PlanFile.read(PlanFile.write(plan), "p.yaml")).isEqualTo(plan);
            assertThat(plan.with(null, Map.of(), null, List.of()).hashed().hash())
                    .isEqualTo(plan.hash());

            long run = db.backhoe()
                    .run(plan, TestDatabase.OPTIONS, new StopSignal(), RunListener.NONE)
                    .run()
                    .id();
            var known = db.backhoe().known(run);
            assertThat(known.plan().lineage()).isEqualTo(lineage);
            assertThat(known.table()).isEqualTo(ORDERS);
            assertThat(known.ends()).isEqualTo(1);
            assertThat(known.schemas().columns()).containsOnlyKeys(ORDERS);
        }
    }

    @Test
    void isLeftOutWithANoteWhereTheRoleMayMakeNoView() throws Exception {
        try (var db = TestDatabase.create()) {
            db.orders(1_000);
            String name = db.one("SELECT current_database()");
            String role = name + "_viewless";
            db.sql("CREATE ROLE " + role + " LOGIN; GRANT SELECT, UPDATE ON orders TO " + role
                    + "; REVOKE TEMPORARY ON DATABASE " + name + " FROM PUBLIC");
            try {
                var read = SpecFile.read(TestDatabase.fillTier(), "test.yaml", SpecOverrides.NONE);
                Plan plan = new Backhoe(PostgresDatabase.at(db.url(), role, null, Map.of())).plan(read.spec());

                assertThat(plan.lineage()).isNull();
                assertThat(plan.notes())
                        .anyMatch(note -> note.startsWith(
                                "The server could not be asked which columns the expressions read: permission denied"));
            } finally {
                db.sql("DROP OWNED BY " + role + "; DROP ROLE " + role);
            }
        }
    }
}
