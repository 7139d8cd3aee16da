package io.backhoe.database;

import java.util.List;
import java.util.Set;

/** What goes on at the server beside us. See {@link Survey}. */
public interface ServerSurvey {
    /** The newest major version that was tested. */
    int newestTested();

    /** Whether this is a standby, which replays what its primary writes. */
    Shown<Boolean> standby();

    /** Transactions that others have open, the oldest first. */
    Shown<OpenTransactions> transactions();

    Shown<ReplicaFacts> replicas();

    Shown<SlotFacts> slots();

    /** What others are at right now, in one query that is cheap enough for each second. Sessions of ours do not count. */
    Shown<LoadFacts> load();

    Shown<ArchiveFacts> archive();

    /**
     * What is known of functions by their names alone.
     *
     * @param names as written, lower case where they are not quoted
     */
    Shown<List<FunctionFacts>> functions(Set<String> names);
}
