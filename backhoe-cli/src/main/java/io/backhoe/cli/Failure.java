package io.backhoe.cli;

import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import org.jspecify.annotations.Nullable;

/**
 * Why a command did not do all that was asked; its exit code is the process's.
 *
 * @param code a stable snake_case word for machines
 * @param hint what to do or type next
 * @param retryable whether the same command may work when typed again, with nothing changed
 */
record Failure(
        ExitCode exit,
        String code,
        String message,
        @Nullable String hint,
        boolean retryable) {
    static Failure of(BackhoeException e) {
        return new Failure(
                e.exit(), e.code(), e.getMessage() == null ? e.code() : e.getMessage(), e.hint(), e.retryable());
    }
}
