package io.backhoe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.backhoe.database.DatabaseException;
import io.backhoe.database.ErrorKind;
import io.backhoe.value.ExitCode;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

class ErrorsTest {
    private static final String ROW_VALUE = "Key (email)=(ann@example.org) already exists.";

    @Test
    void whatIsNotForeseenIsUnexpectedAndHasAHint() {
        Failure failure = Errors.failure(new IllegalStateException("a bug"));

        assertThat(failure.exit()).isEqualTo(ExitCode.UNEXPECTED);
        assertThat(failure.code()).isEqualTo("unexpected");
        assertThat(failure.message()).isEqualTo("IllegalStateException: a bug");
        assertThat(failure.hint()).contains("backhoe status", "--verbose");
    }

    @Test
    void aLostConnectionMayBeTriedAgainAndMissingRightsMayNot() {
        Failure lost = Errors.failure(database(ErrorKind.CONNECTION_LOST));
        Failure denied = Errors.failure(database(ErrorKind.PERMISSION));

        assertThat(lost.exit()).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(lost.retryable()).isTrue();
        assertThat(denied.exit()).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(denied.retryable()).isFalse();
        assertThat(Errors.failure(database(ErrorKind.UNKNOWN)).exit()).isEqualTo(ExitCode.UNEXPECTED);
    }

    @Test
    void valuesOfRowsAreNeitherInMessagesNorInTraces() {
        var thrown = database(ErrorKind.BAD_ROW);
        var trace = new ByteArrayOutputStream();

        Errors.trace(thrown, new PrintStream(trace, true, StandardCharsets.UTF_8));

        assertThat(Errors.failure(thrown).message()).isEqualTo("The database answered: duplicate key");
        assertThat(trace.toString(StandardCharsets.UTF_8))
                .contains(
                        "DatabaseException: duplicate key",
                        "caused by java.sql.SQLException: SQLSTATE 23505",
                        "    at ")
                .doesNotContain("ann@example.org");
    }

    private static DatabaseException database(ErrorKind kind) {
        var driver = new SQLException("ERROR: duplicate key\n  Detail: " + ROW_VALUE, "23505");
        return new DatabaseException(kind, "23505", "duplicate key", ROW_VALUE, driver);
    }
}
