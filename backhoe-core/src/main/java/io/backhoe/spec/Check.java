package io.backhoe.spec;

import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A question about the data, before a run or after it.
 *
 * @param name as results are filed under; that of the kind, with its column, except for {@link CheckKind#SQL}
 * @param column that it speaks of; null when it speaks of none, or when it is not known yet what is set
 * @param with what stands beside the name in the file, in the order of the alphabet
 */
public record Check(String name, CheckKind kind, @Nullable String column, Map<String, String> with) {
    /** Asked before a run whose spec lists nothing: cheap, whatever the size of the table. */
    public static final List<Check> DEFAULT_PRE = List.of(
            of(CheckKind.TARGET_COLUMN_EXISTS), of(CheckKind.PERMISSIONS), of(CheckKind.NO_CONCURRENT_BACKFILLS));

    /** Asked after a run whose spec lists nothing: from the ledger alone. */
    public static final List<Check> DEFAULT_POST =
            List.of(of(CheckKind.ALL_CHUNKS_SUCCEEDED), of(CheckKind.ROW_COUNT_UNCHANGED));

    public Check {
        with = Collections.unmodifiableMap(new TreeMap<>(with));
    }

    /** Of a kind that needs nothing but its name. */
    public static Check of(CheckKind kind) {
        return new Check(kind.word(), kind, null, Map.of());
    }

    /**
     * A check after the run by its name, which stands in no file.
     *
     * @param columns that the backfill sets
     * @throws BackhoeException USAGE {@code check_unknown}, naming those that there are
     */
    public static Check named(String name, Collection<String> columns) {
        CheckName meant;
        try {
            meant = CheckName.resolve(name, columns);
        } catch (IllegalArgumentException e) {
            throw unknown(String.valueOf(e.getMessage()));
        }
        if (meant.column() != null) {
            String canonical = CheckKind.NO_NULLS.word() + meant.column();
            return new Check(canonical, CheckKind.NO_NULLS, meant.column(), Map.of());
        }
        return CheckKind.named(name)
                .filter(k -> k.fits(false))
                .map(Check::of)
                .orElseThrow(() -> unknown("There is no check '" + name + "' that can be asked after a run."));
    }

    private static BackhoeException unknown(String message) {
        return new BackhoeException(
                ExitCode.USAGE,
                "check_unknown",
                message,
                "There are " + String.join(", ", CheckKind.known(false)) + ", and those of the plan.");
    }

    /** The text at a key of the file, or null. */
    public @Nullable String text(String key) {
        return with.get(key);
    }

    /** For people, in a line. */
    @Override
    public String toString() {
        return with.isEmpty() ? name : name + " " + with;
    }
}
