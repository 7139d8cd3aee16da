import io.backhoe.Backhoe;
import io.backhoe.embedded.*;
import io.backhoe.postgres.PostgresDatabase;
import io.backhoe.run.*;
import io.backhoe.spec.*;
import java.time.LocalDate;
import java.util.List;
import org.postgresql.ds.PGSimpleDataSource;

/** Fills a column by SQL and another by a function, and takes both back. Brings a PostgreSQL of its own along. */
public class FillTiers {
    public static void main(String[] arguments) throws Exception {
        try (var server = PostgresServer.start(Version.CURRENT)) {
            var dataSource = new PGSimpleDataSource(); // yours: a pool with parallelism + 2 connections to spare
            dataSource.setUrl(server.jdbcUrl("postgres"));
            try (var connection = dataSource.getConnection(); var statement = connection.createStatement()) {
                for (String sql : new DemoShop("shop", 20_000).createStatements()) statement.execute(sql);
                statement.execute("ALTER TABLE shop.orders ADD COLUMN score integer");
            }
            var backhoe = new Backhoe(PostgresDatabase.of(dataSource))
                    .withBatchFunction("score", (range, connection) -> // in the batch's transaction: exactly once
                            range.update(connection, "UPDATE {table} SET score = id % 7 WHERE {rows}"));
            var stop = new StopSignal(); // stop.request("why") from any thread; resume(runId, ...) goes on
            var options = new RunOptions(null, null, "the example");
            RunListener listener = new RunListener() { // also: progress, once a second
                @Override public void event(String kind, String chunk, String message) { System.out.println(kind + " " + chunk + " " + message); }
            };
            for (BackfillSpec work : List.of(
                    BackfillSpec.named("tiers").set("customer_tier", "CASE WHEN amount >= 100 THEN 'large' ELSE 'small' END"),
                    BackfillSpec.named("scores").batchFunction("score", "score"))) {
                Spec spec = work.table("shop.orders").chunkBy(ChunkBy.QUARTER)
                        .dates("order_date", LocalDate.of(2023, 1, 1), LocalDate.of(2024, 1, 1)).build();
                var report = backhoe.run(backhoe.plan(spec), options, stop, listener);
                System.out.println(report.run().name() + ": " + report.run().state() + ", " + report.changed() + " rows changed");
                var undone = backhoe.rollback(report.run().id(), List.of(), options, stop, listener);
                System.out.println(undone.run().state() + ", " + undone.restored() + " rows restored");
            }
        }
    }
}
