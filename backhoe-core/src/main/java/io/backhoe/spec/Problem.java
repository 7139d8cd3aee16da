package io.backhoe.spec;

import org.jspecify.annotations.Nullable;

/**
 * One thing that is wrong in a file.
 *
 * @param line counted from 1; 0 when it stands on the command line, and so does the column
 * @param path of the key, below {@code backfill}: {@code scope.date_range.start}
 * @param suggestion what was probably meant, or null
 */
public record Problem(
        int line,
        int column,
        String path,
        String message,
        @Nullable String suggestion) {

    /** As compilers print it, so that editors and terminals can jump there. */
    String in(String fileName) {
        String place = line == 0 ? "" : fileName + ":" + line + ":" + column + ": ";
        String what = path.isEmpty() ? message : path + ": " + message;
        return place + what + (suggestion == null ? "" : " (did you mean '" + suggestion + "'?)");
    }
}
