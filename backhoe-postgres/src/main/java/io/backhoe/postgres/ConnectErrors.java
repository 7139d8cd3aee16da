package io.backhoe.postgres;

import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import java.io.FileNotFoundException;
import java.net.UnknownHostException;
import java.nio.file.NoSuchFileException;
import java.security.GeneralSecurityException;
import java.sql.SQLException;
import java.util.Objects;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Why a connection was not to be had, in words that a person can act on. */
final class ConnectErrors {
    private static final String REJECTED_BY_DRIVER = "08004";

    private ConnectErrors() {}

    static BackhoeException explain(SQLException error, ConnectionUrl url) {
        String state = Objects.requireNonNullElse(error.getSQLState(), "");
        if (error.getCause() instanceof UnknownHostException) {
            return unreachable(
                    "host_unknown", "No address is known for the host of " + url, "check the host's name", url, error);
        }
        if (causedBySsl(error)) {
            return unreachable(
                    "tls_failed",
                    "No encrypted connection to " + url,
                    "check sslmode, sslrootcert (the certificate that signed the server's), sslcert and sslkey",
                    url,
                    error);
        }
        return switch (state) {
            case "28P01", "28000" ->
                unreachable(
                        "login_failed",
                        "The server refuses to log in to " + url,
                        "check user and password (PGPASSWORD, or ~/.pgpass with mode 600), and the server's pg_hba.conf",
                        url,
                        error);
            case REJECTED_BY_DRIVER -> rejected(url, error);
            case "3D000" ->
                unreachable(
                        "database_not_found",
                        "There is no such database at " + url,
                        "list them with psql -l",
                        url,
                        error);
            case "53300" ->
                unreachable(
                        "too_many_connections",
                        "The server has no connection left for " + url,
                        "try again later, or close idle sessions",
                        url,
                        error);
            case "57P03" ->
                unreachable(
                        "server_starting", "The server is not ready for " + url, "try again in a moment", url, error);
            case "42501" ->
                unreachable(
                        "connect_denied", "No permission to connect to " + url, "ask for GRANT CONNECT", url, error);
            case "08P01" ->
                unreachable(
                        "server_unreachable",
                        "The server or a pooler before it rejects the connection to " + url,
                        "for pgbouncer, see its setting ignore_startup_parameters",
                        url,
                        error);
            default ->
                unreachable(
                        "server_unreachable",
                        "No connection to " + url,
                        "check host and port, and that the server runs and is not behind a firewall",
                        url,
                        error);
        };
    }

    /** The driver itself gives up, and says why only in words of its reader's language. */
    private static BackhoeException rejected(ConnectionUrl url, SQLException error) {
        String sslmode = url.parameters().get("sslmode");
        boolean mustEncrypt = sslmode != null && (sslmode.equals("require") || sslmode.startsWith("verify"));
        if (url.password().password() == null && !mustEncrypt) {
            return unreachable(
                    "login_failed",
                    "The server wants a password to log in to " + url,
                    "set PGPASSWORD, or write it into ~/.pgpass with mode 600",
                    url,
                    error);
        }
        return unreachable(
                "login_failed",
                "The connection to " + url + " was given up while logging in",
                mustEncrypt
                        ? "see whether the server has encryption on (sslmode is " + sslmode
                                + "), then check the password"
                        : "check the password, and what channel_binding and require_auth demand",
                url,
                error);
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

    private static BackhoeException unreachable(
            String code, String what, String hint, ConnectionUrl url, SQLException error) {
        return new BackhoeException(
                ExitCode.UNREACHABLE,
                code,
                what + ": " + ErrorClassifier.message(error) + " (" + url.sources() + ")",
                hint,
                error);
    }
}
