package io.backhoe.s3;

import io.backhoe.backup.BackupException;
import io.backhoe.backup.BackupException.Kind;
import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkException;

/** What an answer of S3's means. Of its words only the code is taken: the others may repeat what it was asked with. */
final class S3Errors {
    private S3Errors() {}

    /** @param done such as {@code written} */
    static BackupException of(SdkException error, String done, String what) {
        return new BackupException(kind(error), what + " cannot be " + done + ": " + said(error), error);
    }

    static boolean isMissing(SdkException error) {
        return error instanceof AwsServiceException service && service.statusCode() == 404;
    }

    /** Whether the server does not do such a thing at all. */
    static boolean isUnknown(SdkException error) {
        return error instanceof AwsServiceException service
                && (service.statusCode() == 501 || service.statusCode() == 405 || service.statusCode() == 400);
    }

    static boolean isForbidden(SdkException error) {
        return kind(error) == Kind.FORBIDDEN;
    }

    private static Kind kind(SdkException error) {
        if (error instanceof AwsServiceException service) {
            String code = code(service).toLowerCase(Locale.ROOT);
            if (service.statusCode() == 507 || code.contains("quota") || code.contains("storagefull")) {
                return Kind.FULL;
            }
            if (service.statusCode() == 401 || service.statusCode() == 403) {
                return Kind.FORBIDDEN;
            }
            return code.equals("nosuchkey") ? Kind.MISSING : Kind.DOWN;
        }
        return isAboutCredentials(error) ? Kind.FORBIDDEN : Kind.DOWN;
    }

    private static boolean isAboutCredentials(SdkException error) {
        return String.valueOf(error.getMessage()).contains("Unable to load credentials");
    }

    private static String code(AwsServiceException error) {
        var details = error.awsErrorDetails();
        String code = details == null ? null : details.errorCode();
        return code == null ? "" : code;
    }

    private static String said(SdkException error) {
        if (error instanceof AwsServiceException service) {
            return "the server answers " + service.statusCode()
                    + (code(service).isEmpty() ? "" : " " + code(service).replaceAll("[^A-Za-z0-9.]", ""));
        }
        if (isAboutCredentials(error)) {
            return "no credentials are found where AWS's programs look for them (environment, ~/.aws, the machine's role)";
        }
        if (error instanceof ApiCallTimeoutException || error instanceof ApiCallAttemptTimeoutException) {
            return "the server does not answer in time";
        }
        if (error instanceof AbortedException) {
            return "it was given up";
        }
        IOException network = network(error);
        return network == null ? error.getClass().getSimpleName() : "the server is out of reach: " + network;
    }

    private static @Nullable IOException network(Throwable error) {
        for (@Nullable Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof IOException known) {
                return known;
            }
        }
        return null;
    }
}
