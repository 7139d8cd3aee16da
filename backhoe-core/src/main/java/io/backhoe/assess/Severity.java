package io.backhoe.assess;

import java.util.Locale;

/** What a finding means for whoever wants to run the backfill. */
public enum Severity {
    /** As things are it must not run. */
    BLOCKER,
    /** It can run, and somebody should know this first. */
    WARNING,
    /** Good to know. */
    INFO;

    /** As it stands in JSON: {@code blocker}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
