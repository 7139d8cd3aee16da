package io.backhoe.postgres;

import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.util.Objects;

/** Why a connection was not to be had, in words that a person can act on. */
final class ConnectErrors {
    private ConnectErrors() {}

    static BackhoeException explain(SQLException error, ConnectionUrl url) {
        String state = Objects.requireNonNullElse(error.getSQLState(), "");
        if (error.getCause() instanceof UnknownHostException) {
            return unreachable(
                    "host_unknown", "No address is known for the host of " + url, "check the host's name", error);
        }
        return switch (state) {
            case "28P01", "28000", "08004" ->
                unreachable(
                        "login_failed",
                        "The server refuses to log in to " + url,
                        "check user and password (PGPASSWORD, or ~/.pgpass with mode 600), and the server's pg_hba.conf",
                        error);
            case "3D000" ->
                unreachable(
                        "database_not_found", "There is no such database at " + url, "list them with psql -l", error);
            case "53300" ->
                unreachable(
                        "too_many_connections",
                        "The server has no connection left for " + url,
                        "try again later, or close idle sessions",
                        error);
            case "57P03" ->
                unreachable("server_starting", "The server is not ready for " + url, "try again in a moment", error);
            case "42501" ->
                unreachable("connect_denied", "No permission to connect to " + url, "ask for GRANT CONNECT", error);
            case "08P01" ->
                unreachable(
                        "server_unreachable",
                        "The server or a pooler before it rejects the connection to " + url,
                        "for pgbouncer, see its setting ignore_startup_parameters",
                        error);
            default ->
                unreachable(
                        "server_unreachable",
                        "No connection to " + url,
                        "check host and port, and that the server runs and is not behind a firewall",
                        error);
        };
    }

    private static BackhoeException unreachable(String code, String what, String hint, SQLException error) {
        return new BackhoeException(
                ExitCode.UNREACHABLE, code, what + ": " + ErrorClassifier.message(error), hint, error);
    }
}
