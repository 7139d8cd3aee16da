package io.backhoe.backfill;

import static io.backhoe.backfill.TestDatabase.OPTIONS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.backhoe.Backhoe;
import io.backhoe.postgres.PostgresDatabase;
import io.backhoe.run.RunListener;
import io.backhoe.run.StopSignal;
import io.backhoe.spec.BackfillSpec;
import io.backhoe.spec.Spec;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import io.backhoe.value.RunState;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** On the connections of a program's own pool. */
class DataSourceTest {
    // Those of plpgsql are there as soon as a trigger has loaded it.
    private static final String SETTINGS =
            "SELECT string_agg(name || '=' || coalesce(setting, ''), E'\\n' ORDER BY name)"
                    + " FROM pg_settings WHERE name <> 'lc_messages' AND name NOT LIKE 'plpgsql.%'";

    private TestDatabase db;

    @BeforeEach
    void orders() throws SQLException {
        db = TestDatabase.create();
        db.orders(5_000);
    }

    @AfterEach
    void drop() throws SQLException {
        db.close();
    }

    private HikariDataSource pool(int size, Consumer<HikariConfig> more) {
        var config = new HikariConfig();
        config.setJdbcUrl("jdbc:" + db.url().replaceFirst("//.*@", "//"));
        config.setUsername("postgres");
        config.setMaximumPoolSize(size);
        config.setConnectionTimeout(500);
        more.accept(config);
        return new HikariDataSource(config);
    }

    private static Spec calling(String function) {
        return BackfillSpec.named("add_one")
                .table("orders")
                .dates("order_date", LocalDate.of(2023, 1, 1), LocalDate.of(2024, 1, 1))
                .batchFunction(function, "n")
                .preserveExisting(false)
                .build();
    }

    /** As many connections as are needed and not one more, also to make the ledger. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void connectionsComeBackAsTheyWere(boolean autoCommit) throws Exception {
        String before = db.digest("orders");
        try (var pool = pool(4, config -> {
            config.setAutoCommit(autoCommit);
            config.setConnectionInitSql(
                    "SET search_path = public, pg_catalog; SET statement_timeout = '77s'; SET TimeZone = 'Asia/Tokyo'");
        })) {
            var settings = look(pool, SETTINGS);
            var backhoe = FunctionTest.withAddOne(new Backhoe(PostgresDatabase.of(pool)));

            var report = backhoe.run(backhoe.plan(calling("add_one")), OPTIONS, new StopSignal(), RunListener.NONE);

            assertThat(report.run().state()).isEqualTo(RunState.SUCCEEDED);
            assertThat(report.changed()).isEqualTo(5_000);
            backhoe.rollback(report.run().id(), List.of(), OPTIONS, new StopSignal(), RunListener.NONE);
            assertThat(db.digest("orders")).isEqualTo(before);
            assertThat(look(pool, SETTINGS)).isEqualTo(settings);
            assertThat(look(pool, "SELECT CAST(count(*) AS text) FROM pg_locks WHERE locktype = 'advisory'"))
                    .containsOnly("0");
            assertThat(look(pool, "SELECT CAST(count(*) AS text) FROM pg_class WHERE relname LIKE 'backhoe_was%'"))
                    .containsOnly("0");
        }
    }

    /** On each connection that the pool has. */
    private static List<String> look(HikariDataSource pool, String query) throws SQLException {
        var seen = new ArrayList<String>();
        var held = new ArrayList<Connection>();
        try {
            for (int i = 0; i < pool.getMaximumPoolSize(); i++) {
                var connection = pool.getConnection();
                held.add(connection);
                assertThat(connection.getAutoCommit()).isEqualTo(pool.isAutoCommit());
                assertThat(connection.getNetworkTimeout()).isZero();
                try (var statement = connection.createStatement();
                        var rows = statement.executeQuery(query)) {
                    rows.next();
                    seen.add(rows.getString(1));
                }
                if (!connection.getAutoCommit()) {
                    connection.commit();
                }
            }
        } finally {
            for (var connection : held) {
                connection.close();
            }
        }
        return seen;
    }

    @Test
    void aPoolThatIsTooSmallIsRefusedBeforeAnythingIsWritten() throws Exception {
        try (var pool = pool(2, config -> {})) {
            var backhoe = FunctionTest.withAddOne(new Backhoe(PostgresDatabase.of(pool)));
            var plan = backhoe.plan(calling("add_one"));

            var refusal = catchThrowableOfType(
                    BackhoeException.class, () -> backhoe.run(plan, OPTIONS, new StopSignal(), RunListener.NONE));

            assertThat(refusal.exit()).isEqualTo(ExitCode.REFUSED);
            assertThat(refusal.code()).isEqualTo("pool_too_small");
            assertThat(refusal).hasMessageContaining("gave 2 of 4 connections");
            assertThat(backhoe.hasLedger()).isFalse();
            assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero();
        }
    }

    @Test
    void sessionsThatAreCutAreReplacedAndNotLostToThePool() throws Exception {
        try (var pool = pool(4, config -> {})) {
            var cut = new AtomicInteger();
            var backhoe = new Backhoe(PostgresDatabase.of(pool)).withBatchFunction("f", (range, connection) -> {
                if (cut.getAndIncrement() < 3) {
                    connection.createStatement().execute("SELECT pg_terminate_backend(pg_backend_pid())");
                }
                return range.update(connection, "UPDATE {table} SET n = n + 1 WHERE {rows}");
            });

            var report = backhoe.run(backhoe.plan(calling("f")), OPTIONS, new StopSignal(), RunListener.NONE);

            assertThat(report.run().state()).isEqualTo(RunState.SUCCEEDED);
            assertThat(report.changed()).isEqualTo(5_000);
            assertThat(look(pool, "SELECT 'well'")).containsOnly("well");
        }
    }

    /** The pool's own patience is endless, as that of some pools is. */
    @Test
    void nobodyWaitsForEverForAConnection() throws Exception {
        try (var pool = pool(1, config -> config.setConnectionTimeout(0))) {
            var backhoe = new Backhoe(PostgresDatabase.of(pool));
            var plan = db.backhoe().plan(calling("f"));

            var refusal = catchThrowableOfType(
                    BackhoeException.class,
                    () -> FunctionTest.withAddOne(backhoe)
                            .withBatchFunction("f", (range, connection) -> 0)
                            .run(plan, OPTIONS, new StopSignal(), RunListener.NONE));

            assertThat(refusal.code()).isEqualTo("pool_too_small");
            assertThat(look(pool, "SELECT 'well'")).containsOnly("well");
        }
    }

    @Test
    void sourcesOfAnotherDriverAreRefused() {
        var other = (DataSource) Proxy.newProxyInstance(
                DataSource.class.getClassLoader(),
                new Class<?>[] {DataSource.class},
                (proxy, method, arguments) -> Proxy.newProxyInstance(
                        Connection.class.getClassLoader(),
                        new Class<?>[] {Connection.class},
                        (connection, called, with) -> called.getReturnType() == boolean.class ? false : null));

        var refusal =
                catchThrowableOfType(BackhoeException.class, () -> new Backhoe(PostgresDatabase.of(other)).list(1));

        assertThat(refusal.code()).isEqualTo("not_postgresql");
    }
}
