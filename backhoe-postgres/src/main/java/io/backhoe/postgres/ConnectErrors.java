package io.backhoe.postgres;

import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import java.io.FileNotFoundException;
import java.net.UnknownHostException;
import java.nio.file.NoSuchFileException;
import java.security.GeneralSecurityException;
import java.sql.SQLException;
import java.util.Map;
import java.util.Objects;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Why a connection was not to be had, in words that a person can act on. */
final class ConnectErrors {
    private static final String REJECTED_BY_DRIVER = "08004";

    private record Words(String code, String what, String hint) {}

    private static final Words LOGIN = new Words(
            "login_failed",
            "The server refuses to log in to ",
            "check user and password (PGPASSWORD, or ~/.pgpass with mode 600), and the server's pg_hba.conf");

    private static final Words UNREACHABLE = new Words(
            "server_unreachable",
            "No connection to ",
            "check host and port, and that the server runs and is not behind a firewall");

    private static final Words UNKNOWN =
            new Words("host_unknown", "No address is known for the host of ", "check the host's name");

    private static final Words TLS = new Words(
            "tls_failed",
            "No encrypted connection to ",
            "check sslmode, sslrootcert (the certificate that signed the server's), sslcert and sslkey");

    private static final Words NO_PASSWORD = new Words(
            "login_failed",
            "The server wants a password to log in to ",
            "set PGPASSWORD, or write it into ~/.pgpass with mode 600");

    private static final Map<String, Words> BY_STATE = Map.of(
            "28P01", LOGIN,
            "28000", LOGIN,
            "3D000", new Words("database_not_found", "There is no such database at ", "list them with psql -l"),
            "53300",
                    new Words(
                            "too_many_connections",
                            "The server has no connection left for ",
                            "try again later, or close idle sessions"),
            "57P03", new Words("server_starting", "The server is not ready for ", "try again in a moment"),
            "42501", new Words("connect_denied", "No permission to connect to ", "ask for GRANT CONNECT"),
            "08P01",
                    new Words(
                            "server_unreachable",
                            "The server or a pooler before it rejects the connection to ",
                            "for pgbouncer, see its setting ignore_startup_parameters"));

    private ConnectErrors() {}

    static BackhoeException explain(SQLException error, ConnectionUrl url) {
        Words words = words(error, url);
        return new BackhoeException(
                ExitCode.UNREACHABLE,
                words.code,
                words.what + url + ": " + ErrorClassifier.message(error) + " (" + url.sources() + ")",
                words.hint,
                error);
    }

    private static Words words(SQLException error, ConnectionUrl url) {
        String state = Objects.requireNonNullElse(error.getSQLState(), "");
        if (error.getCause() instanceof UnknownHostException) {
            return UNKNOWN;
        } else if (causedBySsl(error)) {
            return TLS;
        } else if (state.equals(REJECTED_BY_DRIVER)) {
            return rejected(url);
        }
        return BY_STATE.getOrDefault(state, UNREACHABLE);
    }

    /** The driver itself gives up, and says why only in words of its reader's language. */
    private static Words rejected(ConnectionUrl url) {
        String sslmode = url.parameters().get("sslmode");
        boolean mustEncrypt = sslmode != null && (sslmode.equals("require") || sslmode.startsWith("verify"));
        if (url.password().password() == null && !mustEncrypt) {
            return NO_PASSWORD;
        }
        return new Words(
                "login_failed",
                "Given up while logging in to ",
                mustEncrypt
                        ? "see whether the server has encryption on (sslmode is " + sslmode
                                + "), then check the password"
                        : "check the password, and what channel_binding and require_auth demand");
    }

    private static boolean causedBySsl(SQLException error) {
        for (@Nullable Throwable cause = error.getCause(); cause != null; cause = cause.getCause()) {
            // of files the driver reads certificates and keys alone
            if (cause instanceof SSLException
                    || cause instanceof GeneralSecurityException
                    || cause instanceof FileNotFoundException
                    || cause instanceof NoSuchFileException) {
                return true;
            }
        }
        return false;
    }
}
