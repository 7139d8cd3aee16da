package io.backhoe.backfill;

import static io.backhoe.backfill.TestDatabase.OPTIONS;
import static org.assertj.core.api.Assertions.assertThat;

import io.backhoe.embedded.Version;
import io.backhoe.run.RunListener;
import io.backhoe.run.StopSignal;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a trigger raises may hold values of rows: it is in the ledger, for whoever may read that, and nowhere else. */
class RaisedTest {
    @ParameterizedTest
    @ValueSource(strings = {"P0001", "22012", "23514", "ZX001"})
    void noWordOfATriggerLeavesTheLedger(String state) throws Exception {
        try (var db = TestDatabase.withLedger(Version.CURRENT)) {
            db.orders(120);
            db.sql("""
                    CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
                    BEGIN
                        RAISE EXCEPTION 'JohnDoe has no tier %%', NEW.id USING ERRCODE = '%s', DETAIL = 'JohnDoe';
                    END $$""".formatted(state));
            db.sql(
                    "CREATE TRIGGER refuse BEFORE UPDATE ON orders FOR EACH ROW WHEN (OLD.id = 7) EXECUTE FUNCTION refuse()");
            List<String> told = new CopyOnWriteArrayList<>();

            var report = db.backhoe().run(db.plan(TestDatabase.addOne()), OPTIONS, new StopSignal(), new RunListener() {
                @Override
                public void event(String kind, String chunk, String message) {
                    told.add(message);
                }
            });

            try (var watch = db.backhoe().watch(report.run().id())) {
                watch.log(null, 1000).forEach(line -> told.add(line.toString()));
            }
            told.add(report.toString());
            told.add(db.backhoe().account(report.run().id()).toString());
            assertThat(told)
                    .noneMatch(text -> text.contains("JohnDoe"))
                    .anyMatch(text -> text.contains("SQLSTATE " + state));
            assertThat(db.one("SELECT concat((SELECT max(detail) FROM backhoe.quarantine),"
                            + " (SELECT max(detail) FROM backhoe.attempt))"))
                    .contains("JohnDoe has no tier 7");
        }
    }
}
