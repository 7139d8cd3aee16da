package io.backhoe.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backhoe.database.DatabaseException;
import io.backhoe.database.ErrorKind;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.util.PSQLException;
import org.postgresql.util.PSQLWarning;
import org.postgresql.util.ServerErrorMessage;

class ErrorClassifierTest {
    private static ErrorKind kind(SQLException error, long elapsedMillis, long timeoutMillis) {
        return ErrorClassifier.classify(error, Duration.ofMillis(elapsedMillis), Duration.ofMillis(timeoutMillis))
                .kind();
    }

    @ParameterizedTest
    @CsvSource({
        "40001, TRANSIENT",
        "40P01, TRANSIENT",
        "25P03, TRANSIENT",
        "25P04, TRANSIENT",
        "53300, TRANSIENT",
        "53200, TRANSIENT",
        "55P03, LOCK_TIMEOUT",
        "57P01, CONNECTION_LOST",
        "57P02, CONNECTION_LOST",
        "57P03, CONNECTION_LOST",
        "57P05, CONNECTION_LOST",
        "08006, CONNECTION_LOST",
        "08003, CONNECTION_LOST",
        "22003, BAD_ROW",
        "23505, BAD_ROW",
        "42501, PERMISSION",
        "28P01, PERMISSION",
        "42P01, STATEMENT",
        "0A000, STATEMENT",
        "2F003, STATEMENT",
        "38000, STATEMENT",
        "39004, STATEMENT",
        "08P01, STATEMENT",
        "54001, STATEMENT",
        "25006, UNKNOWN",
        "53100, UNKNOWN",
        "57014, CANCELLED",
        "XX000, UNKNOWN",
        "P0001, BAD_ROW",
        "21000, BAD_ROW",
        "57P04, UNKNOWN",
    })
    void knowsTheStatesOfTheServer(String state, ErrorKind kind) {
        assertThat(kind(new SQLException("message", state), 0, 0)).isEqualTo(kind);
    }

    @Test
    void takesACancelForATimeoutOnlyWhereTheTimeIsUp() {
        var cancelled = new SQLException("canceling statement", "57014");

        assertThat(kind(cancelled, 1000, 1000)).isEqualTo(ErrorKind.TIMEOUT);
        assertThat(kind(cancelled, 950, 1000)).isEqualTo(ErrorKind.TIMEOUT);
        assertThat(kind(cancelled, 949, 1000)).isEqualTo(ErrorKind.CANCELLED);
        assertThat(kind(cancelled, 999_999, 0)).isEqualTo(ErrorKind.CANCELLED);
    }

    @Test
    void believesTheServersWordsBeforeTheClock() {
        var person = new SQLException("canceling statement due to user request", "57014");
        var timeout = new SQLException("canceling statement due to statement timeout", "57014");

        assertThat(kind(person, 1_000, 1_000)).isEqualTo(ErrorKind.CANCELLED);
        assertThat(kind(person, 5_000, 1_000)).isEqualTo(ErrorKind.CANCELLED);
        assertThat(kind(timeout, 900, 1_000)).isEqualTo(ErrorKind.TIMEOUT);
    }

    @Test
    void takesAProtocolViolationForALostConnectionOnlyWhereItIsFatal() {
        assertThat(kind(server("ERROR", "08P01", "exec_simple_query"), 0, 0)).isEqualTo(ErrorKind.STATEMENT);
        assertThat(kind(server("FATAL", "08P01", "unknown"), 0, 0)).isEqualTo(ErrorKind.CONNECTION_LOST);
    }

    @Test
    void takesASyntaxErrorWithoutAPlaceForThatOfAValue() {
        String error = "SERROR\0C42601\0Msyntax error in tsquery: \"card 4111\"\0";
        var ofValue = ErrorClassifier.classify(
                new PSQLException(new ServerErrorMessage(error)), Duration.ZERO, Duration.ZERO);

        assertThat(ofValue.kind()).isEqualTo(ErrorKind.BAD_ROW);
        assertThat(ofValue.getMessage()).isEqualTo("a value is not written as its type is (SQLSTATE 42601)");
        assertThat(ofValue.detail()).contains("4111");
        assertThat(kind(new PSQLException(new ServerErrorMessage(error + "P7\0")), 0, 0))
                .isEqualTo(ErrorKind.STATEMENT);
        assertThat(kind(new PSQLException(new ServerErrorMessage(error + "p7\0qSELCT\0")), 0, 0))
                .isEqualTo(ErrorKind.STATEMENT);
    }

    @Test
    void knowsRowSecurityInAnyLanguage() {
        assertThat(ErrorClassifier.rowSecurity(server("FEHLER", "42501", "check_enable_rls")))
                .isTrue();
        assertThat(ErrorClassifier.rowSecurity(server("FEHLER", "42501", "aclcheck_error")))
                .isFalse();
    }

    private static PSQLException server(String severity, String state, String routine) {
        return new PSQLException(
                new ServerErrorMessage("S" + severity + "\0C" + state + "\0Mmessage\0R" + routine + "\0"));
    }

    @Test
    void takesABrokenStreamForALostConnectionWhateverTheState() {
        assertThat(kind(new SQLException("oops", "22000", new IOException("reset")), 0, 0))
                .isEqualTo(ErrorKind.CONNECTION_LOST);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"he said \"JohnDoe 555-1234\" ok\"",
                "\"JohnDoe\n\" 555-1234 \"\"",
                "»JohnDoe«",
                "„JohnDoe “ 555-1234“"
            })
    void showsNoPartOfAValueThatHoldsQuotes(String quoted) {
        var error = new SQLException("invalid input syntax for type integer: " + quoted, "22P02");

        assertThat(ErrorClassifier.classify(error, Duration.ZERO, Duration.ZERO))
                .hasMessage("invalid input syntax for type integer: \"...\" (SQLSTATE 22P02)");
    }

    @ParameterizedTest
    @CsvSource({
        "22012, pl_exec.c",
        "P0001, pl_exec.c",
        "23505, pl_exec.c",
        "ZX001, pl_exec.c",
        "38000, plpy_elog.c",
        "P0001, unknown",
    })
    void showsNothingOfWhatAFunctionRaises(String state, String file) {
        var error = new PSQLException(new ServerErrorMessage("SERROR\0C" + state + "\0MJohnDoe\0F" + file + "\0"));
        var classified = ErrorClassifier.classify(error, Duration.ZERO, Duration.ZERO);

        assertThat(classified).hasMessage("a trigger or function raised an error of its own (SQLSTATE " + state + ")");
        assertThat(classified.detail()).isEqualTo("MESSAGE: JohnDoe");
    }

    @Test
    void showsWhatThePlannerSays() {
        var error = new PSQLException(new ServerErrorMessage("SERROR\0C0A000\0Mnot supported\0Fplanner.c\0"));

        assertThat(ErrorClassifier.classify(error, Duration.ZERO, Duration.ZERO))
                .hasMessage("not supported (SQLSTATE 0A000)");
    }

    @ParameterizedTest
    @CsvSource({
        "55P03, vacuum_open_relation, LOCK_TIMEOUT",
        "01000, vacuum_is_permitted_for_relation, PERMISSION",
        "01000, vacuum_is_relation_owner, PERMISSION",
        "42501, anything, PERMISSION",
    })
    void aVacuumThatSkippedTheTableWasNotDone(String state, String routine, ErrorKind kind) {
        assertThatThrownBy(() -> ErrorClassifier.refuseSkipped(warning(state, routine)))
                .isInstanceOfSatisfying(
                        DatabaseException.class, e -> assertThat(e.kind()).isEqualTo(kind));
    }

    @Test
    void aVacuumThatWarnsOfSomethingElseWasDone() {
        var first = warning("01000", "vacuum_get_cutoffs");
        assertThatCode(() -> ErrorClassifier.refuseSkipped(first)).doesNotThrowAnyException();

        first.setNextWarning(warning("55P03", "vacuum_open_relation"));
        assertThatThrownBy(() -> ErrorClassifier.refuseSkipped(first)).isInstanceOf(DatabaseException.class);
    }

    private static PSQLWarning warning(String state, String routine) {
        return new PSQLWarning(new ServerErrorMessage("SWARNING\0C" + state + "\0Mmessage\0R" + routine + "\0"));
    }

    @Test
    void doesNotGuessWhereThereIsNoState() {
        var error = ErrorClassifier.classify(new SQLException("odd"), Duration.ZERO, Duration.ZERO);

        assertThat(error.kind()).isEqualTo(ErrorKind.UNKNOWN);
        assertThat(error.sqlState()).isEqualTo("08000");
        assertThat(error).hasMessage("odd (SQLSTATE 08000)");
    }
}
