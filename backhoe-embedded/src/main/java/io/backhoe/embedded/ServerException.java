package io.backhoe.embedded;

/** The embedded server could not be unpacked, started or stopped. The message says why, and where there is one, a cure. */
public final class ServerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ServerException(String message) {
        super(message);
    }

    ServerException(String message, Throwable cause) {
        super(message, cause);
    }
}
