package io.backhoe.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.backhoe.database.DatabaseException;
import io.backhoe.database.ErrorKind;
import io.backhoe.database.Session;
import io.backhoe.database.Session.Isolation;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What went wrong, as a kind. */
public interface ErrorContract extends ContractDatabase {
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "SELECT 1 / 0; BAD_ROW; 22012",
                "SELECT CAST('x' AS integer); BAD_ROW; 22P02",
                "SELECT no_such_column; STATEMENT; 42703",
                "SELECT; OK; -",
                "SELEC 1; STATEMENT; 42601",
                "SELECT * FROM no_such_table; STATEMENT; 42P01",
                "SELECT lower(1, 2); STATEMENT; 42883",
            })
    default void classifiesAStatementThatCannotWork(String sql, String kind, String state) {
        try (var scratch = Scratch.in(database())) {
            if (kind.equals("OK")) {
                assertThat(scratch.session().query(sql, Map.of())).hasSize(1);
            } else {
                var error = error(() -> scratch.session().query(sql, Map.of()));
                assertThat(error.kind()).hasToString(kind);
                assertThat(error.sqlState()).isEqualTo(state);
                assertThat(error).hasMessageContaining("SQLSTATE " + state);
            }
        }
    }

    @Test
    default void keepsRowValuesOutOfTheMessageOfAViolatedConstraint() {
        try (var scratch = Scratch.in(database())
                .execute("CREATE TABLE t (email text PRIMARY KEY)", "INSERT INTO t VALUES ('ada@example.org')")) {
            var error = error(() -> scratch.session().update("INSERT INTO t VALUES ('ada@example.org')", Map.of()));

            assertThat(error.kind()).isEqualTo(ErrorKind.BAD_ROW);
            assertThat(error.getMessage()).contains("t_pkey").doesNotContain("ada");
            assertThat(error.detail()).contains("ada@example.org");
            assertThat(String.valueOf(error.getCause())).doesNotContain("ada");
        }
    }

    @Test
    default void keepsRowValuesOutOfTheMessageOfAValueThatDoesNotFit() {
        try (var scratch = Scratch.in(database())
                .execute("CREATE TABLE t (email text)", "INSERT INTO t VALUES ('ada@example.org')")) {
            var error = error(() -> scratch.one("SELECT CAST(email AS integer) FROM t"));

            assertThat(error.kind()).isEqualTo(ErrorKind.BAD_ROW);
            assertThat(error.getMessage())
                    .contains("invalid input syntax", "22P02")
                    .doesNotContain("ada");
            assertThat(error.detail()).contains("ada@example.org");
        }
    }

    @Test
    default void keepsToItselfWhatAFunctionRaises() {
        try (var scratch = Scratch.in(database())) {
            var error = error(() -> scratch.session().execute("DO $$ BEGIN RAISE EXCEPTION 'ada is locked'; END $$"));

            assertThat(error.getMessage()).contains("raised an error", "P0001").doesNotContain("ada");
            assertThat(error.detail()).contains("ada is locked");
        }
    }

    @Test
    default void callsAWriteThatOthersOvertookTransient() {
        try (var scratch = Scratch.in(database()).execute("CREATE TABLE t (v integer)", "INSERT INTO t VALUES (1)")) {
            scratch.session().begin(Isolation.REPEATABLE_READ);
            scratch.one("SELECT v FROM t");
            scratch.another(Map.of()).update("UPDATE t SET v = 2", Map.of());

            var error = error(() -> scratch.session().update("UPDATE t SET v = 3", Map.of()));
            assertThat(error.kind()).isEqualTo(ErrorKind.TRANSIENT);
            assertThat(error.sqlState()).isEqualTo("40001");
        }
    }

    @Test
    default void tellsALockThatWasNotToBeHad() {
        try (var scratch = Scratch.in(database()).execute("CREATE TABLE t (v integer)")) {
            scratch.session().begin(Isolation.READ_COMMITTED);
            scratch.session().execute("LOCK TABLE t");
            Session impatient = scratch.another(Map.of("lock_timeout", "50ms"));

            assertThat(error(() -> impatient.query("SELECT * FROM t", Map.of())).kind())
                    .isEqualTo(ErrorKind.LOCK_TIMEOUT);
        }
    }

    @Test
    default void tellsOurOwnTimeoutFromSomebodysCancel() {
        try (var scratch = Scratch.in(database())) {
            Session hasty = scratch.another(Map.of("statement_timeout", "100ms"));
            assertThat(error(() -> hasty.query("SELECT pg_sleep(60)", Map.of())).kind())
                    .isEqualTo(ErrorKind.TIMEOUT);

            hasty.begin(Isolation.READ_COMMITTED);
            hasty.execute("SET LOCAL statement_timeout = '30s'");
            assertThat(cancelled(scratch, hasty).kind()).isEqualTo(ErrorKind.CANCELLED);
            hasty.rollback();

            assertThat(error(() -> hasty.query("SELECT pg_sleep(60)", Map.of())).kind())
                    .isEqualTo(ErrorKind.TIMEOUT);
        }
    }

    @Test
    default void endsAStatementFromAnotherThreadAndGoesOn() {
        try (var scratch = Scratch.in(database())) {
            Session sleeper = scratch.another(Map.of());

            assertThat(cancelled(scratch, sleeper).kind()).isEqualTo(ErrorKind.CANCELLED);
            assertThat(sleeper.query("SELECT 1", Map.of())).hasSize(1);
        }
    }

    @Test
    default void losesASessionThatIsAbandonedOrEndedByTheServer() {
        try (var scratch = Scratch.in(database())) {
            Session abandoned = scratch.another(Map.of());
            var sleep =
                    CompletableFuture.supplyAsync(() -> error(() -> abandoned.query("SELECT pg_sleep(60)", Map.of())));
            awaitSleep(scratch, abandoned);
            abandoned.abandon();
            assertThat(sleep.join().kind()).isEqualTo(ErrorKind.CONNECTION_LOST);
            end(scratch, abandoned);

            Session ended = scratch.another(Map.of());
            ended.begin(Isolation.READ_COMMITTED);
            ended.query("SELECT 1", Map.of());
            end(scratch, ended);
            assertThat(error(() -> ended.query("SELECT 1", Map.of())).kind()).isEqualTo(ErrorKind.CONNECTION_LOST);
            ended.rollback();
            assertThat(error(ended::commit).kind()).isEqualTo(ErrorKind.CONNECTION_LOST);
            ended.close();
        }
    }

    @Test
    default void tellsAMissingPermission() {
        try (var scratch = Scratch.in(database()).execute("CREATE TABLE t (v integer)")) {
            String role = scratch.schema() + "_role";
            scratch.execute("CREATE ROLE " + role, "GRANT USAGE ON SCHEMA " + scratch.schema() + " TO " + role);
            try (Session stranger = scratch.another(Map.of("role", role))) {
                assertThat(error(() -> stranger.query("SELECT * FROM t", Map.of()))
                                .kind())
                        .isEqualTo(ErrorKind.PERMISSION);
            } finally {
                scratch.execute("DROP OWNED BY " + role, "DROP ROLE " + role);
            }
        }
    }

    private static DatabaseException error(ThrowingCallable work) {
        return catchThrowableOfType(DatabaseException.class, work);
    }

    private static DatabaseException cancelled(Scratch scratch, Session sleeper) {
        var sleep = CompletableFuture.supplyAsync(() -> error(() -> sleeper.query("SELECT pg_sleep(60)", Map.of())));
        awaitSleep(scratch, sleeper);
        sleeper.cancel();
        return sleep.join();
    }

    private static void awaitSleep(Scratch scratch, Session sleeper) {
        String sleeping =
                "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND pid = " + sleeper.processId();
        while (scratch.one(sleeping).equals("0")) {
            Thread.onSpinWait();
        }
    }

    private static void end(Scratch scratch, Session session) {
        String there = "SELECT count(*) FROM pg_stat_activity WHERE pid = " + session.processId();
        scratch.one("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE pid = " + session.processId());
        while (!scratch.one(there).equals("0")) {
            Thread.onSpinWait();
        }
    }
}
