package io.backhoe.value;

import java.util.Locale;

/** What a rollback does with rows that somebody has changed or deleted since the run. */
public enum OnConflict {
    /** They are left alone and counted. */
    SKIP,
    /** Where there is one, nothing is taken back. */
    FAIL,
    /** What was before is put over what is there; a deleted row stays deleted. */
    OVERWRITE;

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
